/** A rate → one download from a server of our own on loopback, which lasts as long as the span. */
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { reasonOf } from '../system-error.ts'
import { startCountingServer, urlOf } from './counting-server.ts'
import { getOnce } from './http-client.ts'
import { type Family, LOOPBACK_ADDRESSES } from './loopback.ts'
import { createPacer } from './pacer.ts'
import type { Span } from './span.ts'
import type { HttpReport } from './stream-report.ts'

const TICK_MS = 20
const PIECE = Buffer.alloc(65536)

/** `bitsPerSecond` counts the body; the headers of TCP and IP come on top, as many as the system makes segments. */
export async function makeDownload(family: Family, bitsPerSecond: number, span: Span): Promise<HttpReport> {
  const address = LOOPBACK_ADDRESSES[family]
  const server = await startCountingServer(address, (_request, response) => {
    // Each answer is paced by itself, whoever asks.
    sendPaced(response, bitsPerSecond, span).catch(() => response.destroy())
  })
  const url = urlOf(address, server.port, '/download')
  const statuses: Record<string, number> = {}
  let bodyBytes = 0
  let fault: string | null = null
  try {
    // No signal: the server ends the body when the span ends, and what is under way arrives and is counted.
    const answer = await getOnce(url)
    statuses[answer.status] = 1
    bodyBytes = answer.bodyBytes
  } catch (error) {
    fault = reasonOf(error)
  }
  return { kind: 'download', url, requests: 1, statuses, bodyBytes, tcpPayload: await server.close(), fault }
}

async function sendPaced(response: ServerResponse, bitsPerSecond: number, span: Span): Promise<void> {
  const pacer = createPacer(bitsPerSecond / 8)
  const gone = once(response, 'close')
  response.setHeader('Content-Type', 'application/octet-stream')
  for (let last = false; !last && !response.destroyed; ) {
    last = span.stop.aborted
    for (let left = pacer.due(span.elapsedMs()); left > 0 && !response.destroyed; left -= PIECE.length) {
      const flows = response.write(PIECE.subarray(0, Math.min(left, PIECE.length)))
      if (!flows) await Promise.race([once(response, 'drain'), gone])
    }
    if (!last) await span.sleep(TICK_MS)
  }
  response.end()
}
