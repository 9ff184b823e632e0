/** The text of the metrics → an HTTP server that has it under /metrics, and nothing else. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { reasonOf } from '../system-error.ts'

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

/** In the user's terms: why it cannot listen. */
export class MetricsServerError extends Error {
  override readonly name = 'MetricsServerError'
}

export async function startMetricsServer(source: MetricsSource, host: string, port: number): Promise<MetricsServer> {
  const server = createServer({ requestTimeout: LONGEST_REQUEST_MS }, (request, response) => {
    request.resume()
    const say = (status: number, text: string, headers: Record<string, string> = {}) =>
      response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', ...headers }).end(text)
    if (request.url?.split('?')[0] !== '/metrics') say(404, 'Not found. Metrics are at /metrics.\n')
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
  await listen(server, host, port)
  const { port: taken } = server.address() as AddressInfo
  return {
    url: `http://${joined(host, taken)}/metrics`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(new MetricsServerError(sentenceOf(error, host, port), { cause: error })))
    server.listen({ host, port, exclusive: true }, () => {
      server.unref()
      server.removeAllListeners('error')
      // A connection that fails is the scraper's loss.
      server.on('error', () => {})
      resolve()
    })
  })
}

function sentenceOf(error: NodeJS.ErrnoException, host: string, port: number): string {
  const cannot = `--metrics: cannot listen on ${joined(host, port)}`
  switch (error.code) {
    case 'EADDRINUSE':
      return `${cannot}: the port is in use`
    case 'EACCES':
      return `${cannot}: ports below 1024 are not for everybody`
    case 'EADDRNOTAVAIL':
      return `${cannot}: no interface of this machine has that address`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${cannot}: there is no such address`
    default:
      return `${cannot}: ${reasonOf(error)}`
  }
}

function joined(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
