/** The text of the metrics → an HTTP server that has it under /metrics, and nothing else. */
import { createServer } from 'node:http'
import { isAllowedHost, isLoopback } from '../web/host-header.ts'
import { listen } from '../web/listen.ts'
import { authorityOf } from '../web/listen-errors.ts'

export interface MetricsSource {
  readonly contentType: string
  text(): Promise<string>
}

export interface MetricsServer {
  /** `http://127.0.0.1:9464/metrics` */
  readonly url: string
  close(): Promise<void>
}

/** A scraper has one. */
const MOST_CONNECTIONS = 50
const LONGEST_REQUEST_MS = 10_000

/** Throws a WebServerError when it cannot listen. */
export async function startMetricsServer(source: MetricsSource, host: string, port: number): Promise<MetricsServer> {
  const local = isLoopback(host)
  const server = createServer({ requestTimeout: LONGEST_REQUEST_MS }, (request, response) => {
    request.resume()
    const say = (status: number, text: string, headers: Record<string, string> = {}) =>
      response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', ...headers }).end(text)
    // A page from elsewhere whose name was made to lead here (DNS rebinding) comes with that name. Scrapers of other machines use names, too.
    if (local && !isAllowedHost(request.headers.host, local)) say(421, 'This is not the server of that name.\n')
    else if (request.url?.split('?')[0] !== '/metrics') say(404, 'Not found. Metrics are at /metrics.\n')
    else if (request.method !== 'GET' && request.method !== 'HEAD') {
      say(405, 'Only GET and HEAD are answered.\n', { Allow: 'GET, HEAD' })
    } else {
      source.text().then(
        (text) => say(200, text, { 'Content-Type': source.contentType }),
        () => say(500, 'This cannot be answered.\n'),
      )
    }
  })
  server.maxConnections = MOST_CONNECTIONS
  // Metrics of a capture that is over keep nobody running.
  server.on('connection', (socket) => socket.unref())
  const taken = await listen(server, host, port)
  server.unref()
  return {
    url: `http://${authorityOf(host, taken)}/metrics`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
