import { describe, expect, test } from 'vitest'
import { makeHttpRequests } from '../../../src/node/traffic/http-requests.ts'
import { beginSpan } from '../../../src/node/traffic/span.ts'
import { families } from './families.ts'

describe.each(families)('%s', (family) => {
  test('two requests a second, each answered', async () => {
    const report = await makeHttpRequests(family, beginSpan(700))
    expect(report).toMatchObject({ kind: 'http', requests: 2, statuses: { 200: 2 }, bodyBytes: 2 * 4096, fault: null })
    // Headers come on top.
    expect(report.tcpPayload!.toClient).toBeGreaterThan(report.bodyBytes)
    expect(report.tcpPayload!.toServer).toBeGreaterThan(2 * 'GET /page HTTP/1.1\r\n\r\n'.length)
  })
})
