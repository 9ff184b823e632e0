import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { getOnce } from '../../../src/node/traffic/http-client.ts'

async function serve(answer: Parameters<typeof createServer>[1]): Promise<string> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

test('status and length of the body', async () => {
  const url = await serve((_request, response) => {
    response.statusCode = 404
    response.end('nothing here')
  })
  expect(await getOnce(url)).toEqual({ status: 404, bodyBytes: 12 })
})

test('a body that breaks off is a failure', async () => {
  const url = await serve((_request, response) => {
    response.writeHead(200, { 'Content-Length': 1000 })
    response.write('some', () => response.destroy())
  })
  await expect(getOnce(url)).rejects.toThrow()
})

test('a server that says nothing is left when the signal says so', async () => {
  const url = await serve(() => {})
  await expect(getOnce(url, AbortSignal.timeout(100))).rejects.toThrow()
})
