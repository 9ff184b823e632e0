import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { fetchUrl } from '../../../src/node/traffic/fetch-url.ts'
import { beginSpan } from '../../../src/node/traffic/span.ts'

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

test('once a second at most, redirects followed, no compression asked for', async () => {
  const asked: string[] = []
  const url = await serve((request, response) => {
    asked.push(`${request.url} ${request.headers['accept-encoding']}`)
    if (request.url === '/') response.writeHead(302, { Location: '/there' }).end()
    else response.end('x'.repeat(1000))
  })
  const report = await fetchUrl(url, 1e6, beginSpan(1500))
  expect(report).toEqual({
    kind: 'http',
    url,
    requests: 2,
    statuses: { 200: 2 },
    bodyBytes: 2000,
    tcpPayload: null,
    fault: null,
  })
  expect(asked).toEqual(['/ identity', '/there identity', '/ identity', '/there identity'])
})

test('a large body is read no faster than the rate', async () => {
  const url = await serve((_request, response) => response.end(Buffer.alloc(20_000_000)))
  const report = await fetchUrl(url, 8e6, beginSpan(500))
  expect(report).toMatchObject({ requests: 1, statuses: { 200: 1 }, fault: null })
  expect(report.bodyBytes).toBeGreaterThan(100_000)
  // And the piece that was read last: as large as Node makes it when it comes late to its socket, not the 20 MB of the body.
  expect(report.bodyBytes).toBeLessThanOrEqual(500_000 + 262_144)
})

test('a server that never answers does not keep it', async () => {
  const url = await serve(() => {})
  const report = await fetchUrl(url, 1e6, beginSpan(200))
  expect(report).toMatchObject({ requests: 1, statuses: {}, bodyBytes: 0, fault: null })
})

test('a server that is not there is a fault, in words', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  const report = await fetchUrl(`http://127.0.0.1:${port}/`, 1e6, beginSpan(100))
  expect(report).toMatchObject({ requests: 1, statuses: {}, fault: 'connection refused' })
})
