/** A web server that gives ranges of files, with a stamp, as RFC 9110 §14 has it; and that can be told to fail. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface RangeServer {
  /** Ends with a slash. */
  readonly url: string
  readonly files: Map<string, { bytes: Buffer; etag: string }>
  /** So many of the next requests are answered with 503. */
  failures: number
  /** Of each body so many bytes, and then nothing. */
  stallAt: number | null
  readonly requests: {
    readonly path: string
    readonly range: string | undefined
    readonly authorization: string | undefined
  }[]
  close(): void
}

export async function startRangeServer(): Promise<RangeServer> {
  const files: RangeServer['files'] = new Map()
  const server = createServer((request, response) => {
    const { range, authorization, 'if-match': wanted } = request.headers
    const path = request.url!.slice(1)
    started.requests.push({ path, range, authorization })
    const file = files.get(path)
    if (started.failures > 0) {
      started.failures--
      response.writeHead(503).end()
    } else if (file === undefined) response.writeHead(404).end()
    else if (wanted !== undefined && wanted !== file.etag) response.writeHead(412).end()
    else {
      const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(range ?? '') ?? []
      const part = file.bytes.subarray(Number(from), Number(to) + 1)
      const headers = {
        etag: file.etag,
        'content-range': `bytes ${from}-${Number(from) + part.length - 1}/${file.bytes.length}`,
      }
      response.writeHead(206, headers)
      if (started.stallAt === null) response.end(part)
      else {
        response.flushHeaders()
        response.write(part.subarray(0, started.stallAt))
      }
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const started: RangeServer = {
    url: `http://127.0.0.1:${port}/`,
    files,
    failures: 0,
    stallAt: null,
    requests: [],
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
  return started
}
