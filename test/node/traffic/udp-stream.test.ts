import { describe, expect, test } from 'vitest'
import { beginSpan } from '../../../src/node/traffic/span.ts'
import { sendUdpStream, UDP_PAYLOAD_BYTES } from '../../../src/node/traffic/udp-stream.ts'
import { families } from './families.ts'

/** In front of the payload, as Linux shows it: Ethernet, IP, UDP. */
const HEADERS = { IPv4: 14 + 20 + 8, IPv6: 14 + 40 + 8 }

describe.each(families)('%s', (family) => {
  const length = HEADERS[family] + UDP_PAYLOAD_BYTES - (process.platform === 'linux' ? 0 : 10)

  test('the rate of whole frames, all received', async () => {
    const report = await sendUdpStream(family, 4e6, beginSpan(400))
    const most = Math.floor((4e6 * 0.4) / (length * 8))
    expect(report).toMatchObject({ kind: 'udp', src: report.dst, fault: null })
    // Less only when the machine stalls for longer than is made up for.
    expect(report.datagrams).toBeLessThanOrEqual(most)
    expect(report.datagrams).toBeGreaterThan(most / 2)
    expect(report.received).toBe(report.datagrams)
    expect(report.payloadBytes).toBe(report.datagrams * UDP_PAYLOAD_BYTES)
    expect(report.wire).toEqual({ frames: report.datagrams, bytes: report.datagrams * length })
    expect(report.srcPort).not.toBe(report.dstPort)
  })

  test('an interrupt ends it', async () => {
    const interrupt = new AbortController()
    setTimeout(() => interrupt.abort(), 100)
    const report = await sendUdpStream(family, 4e6, beginSpan(60_000, interrupt.signal))
    expect(report.fault).toBeNull()
    expect(report.datagrams).toBeGreaterThan(0)
    expect(report.received).toBe(report.datagrams)
  })
})

test('a rate too low for the time sends nothing', async () => {
  const report = await sendUdpStream('IPv4', 1000, beginSpan(50))
  expect(report).toMatchObject({ datagrams: 0, payloadBytes: 0, received: 0, fault: null })
})
