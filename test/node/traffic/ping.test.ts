import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { pingCommand, pingHost, pingLoopback, readPingSummary } from '../../../src/node/traffic/ping.ts'
import { beginSpan } from '../../../src/node/traffic/span.ts'
import { families } from './families.ts'

test.each([
  // iputils 20221126
  ['3 packets transmitted, 2 received, +1 errors, 33.3333% packet loss, time 2003ms', 3, 2],
  // busybox, macOS, FreeBSD
  ['3 packets transmitted, 3 packets received, 0.0% packet loss', 3, 3],
  // Windows
  ['    Packets: Sent = 4, Received = 3, Lost = 1 (25% loss),', 4, 3],
])('summary: %s', (line, requests, replies) => {
  expect(readPingSummary(`64 bytes from ::1\n\n--- statistics ---\n${line}\n`)).toEqual({ requests, replies })
})

test('no summary', () => {
  expect(readPingSummary('ping: unknown host')).toBeNull()
})

test('the command of each system', () => {
  expect(pingCommand('linux', '::1', 3)).toEqual(['ping', ['-n', '-c', '3', '-s', '56', '::1']])
  expect(pingCommand('darwin', '::1', 3)[0]).toBe('ping6')
  expect(pingCommand('darwin', 'example.com', 3)[0]).toBe('ping')
  expect(pingCommand('win32', '::1', 3)[1].slice(0, 2)).toEqual(['-n', '3'])
})

const works = spawnSync('ping', ['-c', '1', '127.0.0.1']).status === 0
if (!works) process.stdout.write('skipped: there is no ping command, or it may not be used\n')

describe.skipIf(!works)('the real one', () => {
  test.each(families)('loopback %s', async (family) => {
    const report = await pingLoopback(family, beginSpan(900))
    const length = (family === 'IPv4' ? 98 : 118) - (process.platform === 'linux' ? 0 : 10)
    expect(report).toMatchObject({ requests: 1, replies: 1, wire: { frames: 2, bytes: 2 * length }, fault: null })
  })

  test('an interrupt ends it with its summary', async () => {
    const interrupt = new AbortController()
    const startedAt = performance.now()
    setTimeout(() => interrupt.abort(), 300)
    const report = await pingHost('127.0.0.1', beginSpan(60_000, interrupt.signal))
    expect(report).toEqual({ kind: 'ping', dst: '127.0.0.1', requests: 1, replies: 1, wire: null, fault: null })
    expect(performance.now() - startedAt).toBeLessThan(5000)
  })

  test('a host that cannot be asked is a fault, in the words of ping', async () => {
    // A label has at most 63 characters (RFC 1035 §2.3.4): no resolver can ask for this one.
    const name = 'x'.repeat(64)
    const report = await pingHost(name, beginSpan(500))
    expect(report).toMatchObject({ requests: 0, replies: 0, wire: null })
    expect(report.fault).toContain(name)
  })
})
