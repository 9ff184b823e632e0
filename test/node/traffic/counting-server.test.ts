import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { startCountingServer, urlOf } from '../../../src/node/traffic/counting-server.ts'

test('counts what a client writes and reads, to the byte', async () => {
  const server = await startCountingServer('127.0.0.1', (_request, response) => response.end('hello'))
  const request = 'GET /page HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'
  const answers = await Promise.all(
    [1, 2, 3].map(() => {
      const socket = connect(server.port, '127.0.0.1')
      socket.write(request)
      return text(socket)
    }),
  )
  expect(answers[0]).toMatch(/^HTTP\/1\.1 200 OK\r\n.*\r\n\r\nhello$/s)
  expect(await server.close()).toEqual({ toServer: 3 * request.length, toClient: answers.join('').length })
})

test('a client that stays is left, and counted', async () => {
  const server = await startCountingServer('127.0.0.1', (_request, response) => response.end())
  const socket = connect(server.port, '127.0.0.1')
  // Not the end of a request.
  socket.write('GET')
  await once(socket, 'connect')
  const gone = once(socket, 'close')
  expect(await server.close()).toEqual({ toServer: 3, toClient: 0 })
  await gone
})

test('an IPv6 address has brackets in a URL', () => {
  expect(urlOf('127.0.0.1', 80, '/a')).toBe('http://127.0.0.1:80/a')
  expect(urlOf('::1', 8080, '/')).toBe('http://[::1]:8080/')
})
