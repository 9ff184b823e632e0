/** Targets, a rate and a span of time → streams of traffic that run at once, and what each of them sent. */
import { makeDownload } from './download.ts'
import { fetchUrl } from './fetch-url.ts'
import { makeHttpRequests } from './http-requests.ts'
import { type Family, hasLoopback, LINK_HEADER_BYTES, LOOPBACK_ADDRESSES } from './loopback.ts'
import { pingHost, pingLoopback } from './ping.ts'
import { beginSpan, type Span } from './span.ts'
import type { StreamReport } from './stream-report.ts'
import { sendUdpStream } from './udp-stream.ts'

export interface TrafficOptions {
  /** Hosts and URLs of others. Without any, the traffic stays on the loopback interface. */
  readonly pings: readonly string[]
  readonly urls: readonly string[]
  /** Of each UDP stream (whole frames) and of each download (the body). */
  readonly bitsPerSecond: number
  readonly durationMs: number
  /** Ends it early. */
  readonly interrupt?: AbortSignal
}

export interface TrafficReport {
  readonly startNs: bigint
  readonly seconds: number
  readonly interrupted: boolean
  readonly bitsPerSecond: number
  /** What loopback frames have in front of IP. */
  readonly linkHeaderBytes: number
  readonly streams: readonly StreamReport[]
  /** What could not be done here, and why. */
  readonly skipped: readonly { readonly what: string; readonly reason: string }[]
}

export async function makeTraffic(options: TrafficOptions): Promise<TrafficReport> {
  const { pings, urls, bitsPerSecond, durationMs, interrupt } = options
  const startNs = BigInt(Date.now()) * 1_000_000n
  const span = beginSpan(durationMs, interrupt)
  const skipped: { what: string; reason: string }[] = []
  try {
    const streams: StreamReport[] =
      pings.length + urls.length === 0
        ? await overLoopback(bitsPerSecond, span, skipped)
        : await Promise.all([
            ...pings.map((host) => pingHost(host, span)),
            ...urls.map((url) => fetchUrl(url, bitsPerSecond, span)),
          ])
    return {
      startNs,
      seconds: Math.round(span.elapsedMs()) / 1000,
      interrupted: interrupt?.aborted === true,
      bitsPerSecond,
      linkHeaderBytes: LINK_HEADER_BYTES,
      streams,
      skipped,
    }
  } finally {
    span.end()
  }
}

async function overLoopback(
  bitsPerSecond: number,
  span: Span,
  skipped: { what: string; reason: string }[],
): Promise<StreamReport[]> {
  const families = (['IPv4', 'IPv6'] as const).filter((family) => {
    const there = hasLoopback(family)
    if (!there) skipped.push({ what: family, reason: `no interface has the address ${LOOPBACK_ADDRESSES[family]}` })
    return there
  })
  if (families.length === 0) throw new Error('the loopback interface has no address; is it up?')
  const all = await Promise.all(families.map((family) => oneFamily(family, bitsPerSecond, span)))
  return all.flat().filter((stream) => {
    // The rest is ours to do anywhere; ping is a program that may be missing or forbidden.
    if (stream.kind !== 'ping' || stream.fault === null) return true
    skipped.push({ what: `ping ${stream.dst}`, reason: stream.fault })
    return false
  })
}

function oneFamily(family: Family, bitsPerSecond: number, span: Span): Promise<StreamReport[]> {
  return Promise.all([
    sendUdpStream(family, bitsPerSecond, span),
    pingLoopback(family, span),
    makeHttpRequests(family, span),
    makeDownload(family, bitsPerSecond, span),
  ])
}
