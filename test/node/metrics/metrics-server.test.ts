import { get } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, expect, test } from 'vitest'
import { type MetricsServer, startMetricsServer } from '../../../src/node/metrics/metrics-server.ts'

const SOURCE = { contentType: 'text/plain; version=0.0.4; charset=utf-8', text: async () => 'up 1\n' }
const started: MetricsServer[] = []

async function start(source = SOURCE, host = '127.0.0.1', port = 0): Promise<MetricsServer> {
  const server = await startMetricsServer(source, host, port)
  started.push(server)
  return server
}

afterEach(async () => {
  for (const server of started.splice(0)) await server.close()
})

test('metrics, and nothing else', async () => {
  const { url } = await start()
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/)
  const answer = await fetch(url)
  expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
    ...[200, SOURCE.contentType, 'up 1\n'],
  ])
  expect((await fetch(`${url}?x=1`)).status).toBe(200)
  expect((await fetch(url, { method: 'HEAD' })).status).toBe(200)
  const refused = await fetch(url, { method: 'POST', body: 'x' })
  expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
  expect((await fetch(url.replace('/metrics', '/'))).status).toBe(404)
  expect((await fetch(url.replace('/metrics', '//'))).status).toBe(404)
})

test('on loopback, names of elsewhere are refused', async () => {
  const { url } = await start()
  const statusFor = (host: string, to = url) =>
    new Promise<number>((resolve, reject) => {
      get(to, { headers: { Host: host } }, (response) => resolve(response.resume().statusCode!)).on('error', reject)
    })
  expect(await statusFor('evil.example')).toBe(421)
  expect(await statusFor('evil.example:9464')).toBe(421)
  expect(await statusFor('192.0.2.1')).toBe(421)
  expect(await statusFor('Localhost:9464')).toBe(200)
  expect(await statusFor('127.0.0.1')).toBe(200)
  const { port } = new URL((await start(SOURCE, '0.0.0.0')).url)
  expect(await statusFor('sensor.example', `http://127.0.0.1:${port}/metrics`)).toBe(200)
})

test('a request that is none is answered, and the server stays', async () => {
  const { url } = await start()
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.end('GET http://[ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 4\d\d /)
  expect((await fetch(url)).status).toBe(200)
})

test('what cannot be made is an error of the server', async () => {
  const { url } = await start({ ...SOURCE, text: () => Promise.reject(new Error('no')) })
  const answer = await fetch(url)
  expect([answer.status, await answer.text()]).toEqual([500, 'This cannot be answered.\n'])
})

test('why it cannot listen, in one sentence', async () => {
  const { port } = new URL((await start()).url)
  await expect(start(SOURCE, '127.0.0.1', Number(port))).rejects.toThrow(
    `cannot listen on 127.0.0.1:${port}: the port is in use`,
  )
  await expect(start(SOURCE, '192.0.2.1', 0)).rejects.toThrow('no interface of this machine has that address')
  await expect(start(SOURCE, 'nowhere.invalid', 0)).rejects.toThrow('there is no such address')
})
