import { describe, expect, test } from 'vitest'
import { isAllowedHost, isLoopback } from '../../../src/node/web/host-header.ts'

test.each([
  ['127.0.0.1', true],
  ['127.255.255.254', true],
  ['::1', true],
  ['0:0:0:0:0:0:0:1', true],
  ['localhost', true],
  ['0.0.0.0', false],
  ['::', false],
  ['192.0.2.1', false],
  ['128.0.0.1', false],
  ['localhost.example', false],
  ['', false],
])('isLoopback(%s)', (host, expected) => {
  expect(isLoopback(host)).toBe(expected)
})

describe('isAllowedHost', () => {
  test.each(['127.0.0.1', '127.0.0.1:8080', '[::1]', '[::1]:8080', 'localhost', 'LocalHost:1'])(
    '%s means this machine',
    (header) => {
      expect([isAllowedHost(header, true), isAllowedHost(header, false)]).toEqual([true, true])
    },
  )

  test.each(['192.0.2.1', '192.0.2.1:80', '[2001:db8::1]:80'])('%s only does when we listen for others', (header) => {
    expect([isAllowedHost(header, true), isAllowedHost(header, false)]).toEqual([false, true])
  })

  test.each([
    undefined,
    '',
    'example.com',
    'localhost.example.com',
    '127.0.0.1.example.com',
    '127.0.0.1:80:80',
    '127.0.0.1:x',
    '127.1',
    '0x7f.1',
    '[::1',
    '::1',
    'a@127.0.0.1',
    '127.0.0.1/',
    ' 127.0.0.1',
  ])('%s is nobody', (header) => {
    expect([isAllowedHost(header, true), isAllowedHost(header, false)]).toEqual([false, false])
  })
})
