import { describe, expect, test } from 'vitest'
import { makeDownload } from '../../../src/node/traffic/download.ts'
import { beginSpan } from '../../../src/node/traffic/span.ts'
import { families } from './families.ts'

describe.each(families)('%s', (family) => {
  test('the rate, for as long as the span', async () => {
    const report = await makeDownload(family, 8e6, beginSpan(400))
    expect(report).toMatchObject({ kind: 'download', requests: 1, statuses: { 200: 1 }, fault: null })
    expect(report.bodyBytes).toBeLessThanOrEqual(400_000)
    expect(report.bodyBytes).toBeGreaterThan(200_000)
    expect(report.tcpPayload!.toClient).toBeGreaterThan(report.bodyBytes)
  })

  test('an interrupt ends it whole: what the server sent, the client got', async () => {
    const interrupt = new AbortController()
    setTimeout(() => interrupt.abort(), 150)
    // More than one write at a time, with the client slower than the server at moments.
    const report = await makeDownload(family, 400e6, beginSpan(60_000, interrupt.signal))
    expect(report.fault).toBeNull()
    expect(report.bodyBytes).toBeGreaterThan(0)
    // Chunked coding (RFC 9112 §7.1) adds a length and two line ends to each write.
    const overhead = report.tcpPayload!.toClient - report.bodyBytes
    expect(overhead).toBeGreaterThan(100)
    expect(overhead).toBeLessThan(200 + report.bodyBytes / 1000)
  })
})
