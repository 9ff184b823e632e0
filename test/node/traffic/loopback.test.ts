import { expect, test } from 'vitest'
import { frameBytes, hasLoopback } from '../../../src/node/traffic/loopback.ts'

test('a frame has a link header, an IP header, and what IP carries', () => {
  // tcpdump -e on Linux: `ping` of 56 bytes is "length 98" over IPv4 and "length 118" over IPv6; BSD loopback headers have 4 for 14.
  const shorter = process.platform === 'linux' ? 0 : 10
  expect(frameBytes('IPv4', 64)).toBe(98 - shorter)
  expect(frameBytes('IPv6', 64)).toBe(118 - shorter)
})

test('127.0.0.1 is there', () => {
  expect(hasLoopback('IPv4')).toBe(true)
})
