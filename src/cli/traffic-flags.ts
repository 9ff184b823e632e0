/** The flags of `netkit traffic` and what they mean. Bounds are part of it: a typo must not become a flood. */
import { Flags, type Interfaces } from '@oclif/core'
import { formatRate } from '../loggers/units.ts'
import type { TrafficOptions } from '../node/traffic/make-traffic.ts'
import { usageError } from './exit-codes.ts'
import { parseBitRate } from './parse-bit-rate.ts'
import { parseDuration } from './parse-duration.ts'
import { parseFlag } from './parse-flag.ts'

const LONGEST_NS = 3_600_000_000_000n
const LOWEST_RATE = 1e3
const HIGHEST_RATE = 1e9
/** Targets of each kind: it is a small known load, not a load generator. */
const MOST_TARGETS = 5

export const trafficFlags = {
  ping: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    helpValue: 'HOST',
    summary: 'Ping HOST once a second in place of loopback traffic. May be given several times.',
  }),
  url: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    helpValue: 'URL',
    summary:
      'GET URL again and again, at most once a second, in place of loopback traffic. May be given several times.',
  }),
  duration: Flags.string({
    default: '10s',
    helpValue: '10s|500ms|1m',
    summary: 'How long, at most 1h.',
  }),
  rate: Flags.string({
    default: '1M',
    helpValue: '20M',
    summary:
      'Bits per second of each UDP stream (whole frames) and of each download (its body): at least 1k, at most 1G, 1k is 1000.',
  }),
  format: Flags.option({ char: 'T', options: ['text', 'json'] as const })({
    default: 'text',
    summary: 'Format of the report.',
  }),
  quiet: Flags.boolean({ char: 'q', summary: 'The report only: nothing on stderr while it runs.' }),
}

export type TrafficFlags = Interfaces.InferredFlags<typeof trafficFlags>

export function trafficOptionsOf(flags: TrafficFlags): TrafficOptions {
  const { ping: pings = [], url: urls = [] } = flags
  if (pings.length > MOST_TARGETS) throw usageError(`--ping: at most ${MOST_TARGETS} hosts`)
  if (urls.length > MOST_TARGETS) throw usageError(`--url: at most ${MOST_TARGETS} URLs`)
  return {
    pings: pings.map((host) => parseFlag('ping', host, parseHost)),
    urls: urls.map((url) => parseFlag('url', url, parseUrl)),
    bitsPerSecond: parseFlag('rate', flags.rate, parseRate),
    durationMs: parseFlag('duration', flags.duration, parseLength),
  }
}

/** Milliseconds. */
function parseLength(text: string): number {
  const ns = parseDuration(text)
  if (ns > LONGEST_NS) throw new Error(`'${text}' is more than an hour, which is the most`)
  return Number(ns) / 1e6
}

function parseRate(text: string): number {
  const rate = parseBitRate(text)
  if (rate < LOWEST_RATE || rate > HIGHEST_RATE) {
    const [lowest, highest] = [LOWEST_RATE, HIGHEST_RATE].map((bound) => formatRate(bound, 'auto'))
    throw new Error(`'${text}' is not between ${lowest} and ${highest}`)
  }
  return rate
}

/** It becomes an argument of `ping`, which would take a leading hyphen for an option. */
function parseHost(text: string): string {
  if (text === '' || text.startsWith('-') || /[\s\p{Cc}/]/u.test(text)) {
    throw new Error(`'${text}' is not a host name or an address`)
  }
  return text
}

function parseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new Error(`'${text}' is not a URL that begins with http:// or https://`)
  }
  if (url.username !== '' || url.password !== '') throw new Error('a user name or password in it is not supported')
  return url.href
}
