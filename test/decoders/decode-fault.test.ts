import { expect, test } from 'vitest'
import { type DecodeFault, formatDecodeFault } from '../../src/decoders/decode-fault.ts'
import { decodeFrame } from '../../src/decoders/decode-frame.ts'
import { ethernet, hex, ipv4, tcp, udp } from '../support/build-frame.ts'

const short: DecodeFault = {
  reason: 'malformed',
  layer: 'udp',
  offset: 34,
  needed: 8,
  available: 3,
  limit: 'IPv4 total length',
}

test('says what is missing, and what ended the bytes', () => {
  expect(formatDecodeFault(short)).toBe('udp at 34: needed 8 bytes, 3 available (limit: IPv4 total length)')
  expect(formatDecodeFault({ ...short, needed: 1, available: 0 })).toContain('needed 1 byte, 0 available')
})

test('says only what is wrong where it is not the length', () => {
  expect(formatDecodeFault({ ...short, available: 8 })).toBe('udp at 34: malformed')
  expect(formatDecodeFault({ ...short, reason: 'unsupported', layer: 'link type 147', offset: 0 })).toBe(
    'link type 147 at 0: unsupported',
  )
})

test('is read from the walk: each reason', () => {
  const fault = (bytes: Uint8Array, origlen = bytes.length) => decodeFrame(bytes, 1, { origlen }).fault
  expect(fault(ethernet(0x0800, ipv4({ protocol: 17, totalLength: 23 }, udp())))).toEqual(short)
  expect(fault(ethernet(0x0800, ipv4({ protocol: 6 }, tcp())).subarray(0, 40), 54)).toEqual({
    reason: 'truncated',
    layer: 'tcp',
    offset: 34,
    needed: 20,
    available: 6,
    limit: 'captured length',
  })
  expect(fault(ethernet(0x8847, hex('00010140 ff')))).toEqual({
    reason: 'unsupported',
    layer: 'mpls',
    offset: 18,
    needed: 0,
    available: 1,
    limit: 'frame length',
  })
  expect(fault(ethernet(0x88cc, hex('00')))).toBeNull()
})
