/** A URL and a rate → GET requests to it, one after the other, whose bodies are read no faster than the rate. */
import { reasonOf } from '../system-error.ts'
import { createPacer } from './pacer.ts'
import type { Span } from './span.ts'
import type { HttpReport } from './stream-report.ts'

/** From one request to the next at least: the server is somebody else's. */
const INTERVAL_MS = 1000

/** Follows redirects. What is under way when the span ends is broken off. */
export async function fetchUrl(url: string, bitsPerSecond: number, span: Span): Promise<HttpReport> {
  const statuses: Record<string, number> = {}
  let requests = 0
  let bodyBytes = 0
  let fault: string | null = null

  async function fetchOnce(): Promise<void> {
    // Identity: the bytes that are counted are those that were sent.
    const response = await fetch(url, { signal: span.stop, headers: { 'Accept-Encoding': 'identity' } })
    statuses[response.status] = (statuses[response.status] ?? 0) + 1
    const startedAt = span.elapsedMs()
    const pacer = createPacer(bitsPerSecond / 8)
    let allowed = 0
    let read = 0
    for await (const chunk of response.body ?? []) {
      bodyBytes += chunk.length
      read += chunk.length
      // Unread, the body waits in the buffers of both ends, and TCP slows the sender down.
      while (read > allowed && !span.stop.aborted) {
        allowed += pacer.due(span.elapsedMs() - startedAt)
        if (read > allowed) await span.sleep(Math.min(INTERVAL_MS / 10, ((read - allowed) * 8000) / bitsPerSecond + 1))
      }
      // What has arrived meanwhile is nobody's; leaving ends the transfer.
      if (span.stop.aborted) break
    }
  }

  for (let next = 0; next < span.durationMs; ) {
    await span.sleep(next - span.elapsedMs())
    if (span.stop.aborted) break
    next = span.elapsedMs() + INTERVAL_MS
    requests++
    try {
      await fetchOnce()
    } catch (error) {
      // fetch says "fetch failed" and keeps the reason in the cause.
      if (!span.stop.aborted) fault ??= reasonOf((error as Error).cause ?? error)
    }
  }
  const answered = Object.keys(statuses).length > 0
  // One answer is enough to call it traffic; that others failed shows in the counts.
  return { kind: 'http', url, requests, statuses, bodyBytes, tcpPayload: null, fault: answered ? null : fault }
}
