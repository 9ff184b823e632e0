import { describe, expect, test } from 'vitest'
import { mayBeRequest, readRequestHost } from '../../src/sightings/http-request.ts'
import { NO_NAME, NOT_YET } from '../../src/sightings/name-text.ts'

function read(text: string): string | null {
  const bytes = Buffer.from(text, 'latin1')
  return mayBeRequest(bytes) ? readRequestHost(bytes) : NO_NAME
}

describe('readRequestHost', () => {
  test.each([
    ['GET / HTTP/1.1\r\nHost: www.Example.com\r\n\r\n', 'www.example.com'],
    ['POST /a HTTP/1.0\r\nAccept: */*\r\nhOsT:www.example.com:8080 \r\n', 'www.example.com'],
    ['OPTIONS * HTTP/1.1\r\nHost:\twww.example.com.\t\r\n', 'www.example.com'],
    ['VERSION-CONTROL / HTTP/1.1\nHost: lf.example\n\n', 'lf.example'],
    ['GET / HTTP/1.1\r\nHost: \x1b[2J\r\n', '\\027[2j'],
    // IPv6 address, IPv4 address, nothing.
    ['GET / HTTP/1.1\r\nHost: [2001:db8::1]:80\r\n\r\n', NO_NAME],
    ['GET / HTTP/1.1\r\nHost: 192.0.2.1:80\r\n\r\n', NO_NAME],
    ['GET / HTTP/1.1\r\nHost: \r\n\r\n', NO_NAME],
    ['GET / HTTP/1.1\r\nHost: user@www.example.com\r\n\r\n', NO_NAME],
    ['GET / HTTP/1.1\r\nAccept: */*\r\n\r\nHost: body.example\r\n', NO_NAME],
    ['GET / HTTP/1.1\r\nX-Host: x.example\r\nHostile: y.example\r\n\r\n', NO_NAME],
    // To a proxy: RFC 9112 §3.2.2, §3.2.3.
    ['GET http://www.example.com/ HTTP/1.1\r\nHost: www.example.com\r\n\r\n', NO_NAME],
    ['CONNECT www.example.com:443 HTTP/1.1\r\nHost: www.example.com\r\n\r\n', NO_NAME],
    // Others that look like it.
    ['OPTIONS * RTSP/1.0\r\nHost: www.example.com\r\n\r\n', NO_NAME],
    ['GET /\r\nHost: www.example.com\r\n\r\n', NO_NAME],
    ['PRI * HTTP/2.0\r\nHost: www.example.com\r\n\r\n', NO_NAME],
    ['MAIL FROM:<a@example.com>\r\nHost: www.example.com\r\n', NO_NAME],
    ['HTTP/1.1 200 OK\r\nHost: www.example.com\r\n\r\n', NO_NAME],
  ])('%j: %j', (text, host) => expect(read(text)).toBe(host))

  test('waits for the end of the line with the name', () => {
    const head = 'GET /index.html HTTP/1.1\r\nUser-Agent: x\r\nHost: www.example.com\r\n'
    for (let length = 1; length < head.length; length++) expect(read(head.slice(0, length))).toBe(NOT_YET)
    expect(read(head)).toBe('www.example.com')
  })
})

describe('mayBeRequest', () => {
  test.each(['', 'get / HTTP/1.1', ' GET /', 'GET', 'A-METHOD-OF-NO-REGISTRY /', 'EHLO example.com', 'GET \x01'])(
    '%j',
    (text) => {
      expect(mayBeRequest(Buffer.from(text, 'latin1'))).toBe(text === 'GET')
    },
  )
})
