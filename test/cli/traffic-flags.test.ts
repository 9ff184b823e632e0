import { expect, test } from 'vitest'
import { type TrafficFlags, trafficOptionsOf } from '../../src/cli/traffic-flags.ts'

const flags = (some: Partial<TrafficFlags>): TrafficFlags =>
  ({
    ping: undefined,
    url: undefined,
    duration: '10s',
    rate: '1M',
    format: 'text',
    quiet: false,
    json: undefined,
    ...some,
  }) as TrafficFlags

test('what the flags mean', () => {
  expect(trafficOptionsOf(flags({}))).toEqual({ pings: [], urls: [], bitsPerSecond: 1e6, durationMs: 10_000 })
  const some = flags({ ping: ['::1', 'example.com'], url: ['HTTP://Example.com'], duration: '0.5', rate: '20M' })
  expect(trafficOptionsOf(some)).toEqual({
    pings: ['::1', 'example.com'],
    urls: ['http://example.com/'],
    bitsPerSecond: 20e6,
    durationMs: 500,
  })
})

test.each<[Partial<TrafficFlags>, string]>([
  [{ duration: '61m' }, "--duration: '61m' is more than an hour"],
  [{ duration: '0' }, '--duration: "0" is zero'],
  [{ rate: '20MB/s' }, "--rate: '20MB/s' is not a rate"],
  [{ rate: '999' }, "--rate: '999' is not between 1.00 kbit/s and 1.00 Gbit/s"],
  [{ rate: '2G' }, "--rate: '2G' is not between 1.00 kbit/s and 1.00 Gbit/s"],
  [{ url: ['ftp://127.0.0.1/'] }, "--url: 'ftp://127.0.0.1/' is not a URL"],
  [{ url: ['example.com'] }, "--url: 'example.com' is not a URL"],
  [{ ping: ['-f'] }, "--ping: '-f' is not a host name"],
  [{ ping: [''] }, "--ping: '' is not a host name"],
  [{ ping: ['a b'] }, "--ping: 'a b' is not a host name"],
  [{ ping: Array(6).fill('::1') }, '--ping: at most 5 hosts'],
  [{ url: Array(6).fill('http://[::1]/') }, '--url: at most 5 URLs'],
])('%j is a usage error', (some, words) => {
  expect(() => trafficOptionsOf(flags(some))).toThrow(
    expect.objectContaining({ message: expect.stringContaining(words), exitCode: 2 }),
  )
})

test('a password is not repeated', () => {
  const message = '--url: a user name or password in it is not supported'
  expect(() => trafficOptionsOf(flags({ url: ['http://me:secret@127.0.0.1/'] }))).toThrow(message)
})
