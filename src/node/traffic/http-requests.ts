/** Small HTTP requests to a server of our own on loopback, twice a second, each over a new connection. */
import { reasonOf } from '../system-error.ts'
import { startCountingServer, urlOf } from './counting-server.ts'
import { getOnce } from './http-client.ts'
import { type Family, LOOPBACK_ADDRESSES } from './loopback.ts'
import type { Span } from './span.ts'
import type { HttpReport } from './stream-report.ts'

const INTERVAL_MS = 500
const PAGE = Buffer.alloc(4096, 'netkit traffic\n')
/** This machine answers at once, or something is in the way. */
const PATIENCE_MS = 2000

export async function makeHttpRequests(family: Family, span: Span): Promise<HttpReport> {
  const address = LOOPBACK_ADDRESSES[family]
  const server = await startCountingServer(address, (_request, response) => {
    response.setHeader('Content-Type', 'text/plain')
    response.end(PAGE)
  })
  const url = urlOf(address, server.port, '/page')
  const statuses: Record<string, number> = {}
  let requests = 0
  let bodyBytes = 0
  let fault: string | null = null
  while (!span.stop.aborted && requests * INTERVAL_MS < span.durationMs) {
    const wait = requests * INTERVAL_MS - span.elapsedMs()
    if (wait > 0) {
      await span.sleep(wait)
      continue
    }
    requests++
    try {
      const answer = await getOnce(url, AbortSignal.timeout(PATIENCE_MS))
      statuses[answer.status] = (statuses[answer.status] ?? 0) + 1
      bodyBytes += answer.bodyBytes
    } catch (error) {
      fault ??= reasonOf(error)
    }
  }
  return { kind: 'http', url, requests, statuses, bodyBytes, tcpPayload: await server.close(), fault }
}
