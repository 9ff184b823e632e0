/** What `netkit traffic` sent → text for people, or JSON. */
import { jsonNs, SCHEMA_VERSION } from '../loggers/json-fields.ts'
import { jsonText } from '../loggers/json-text.ts'
import { printable } from '../loggers/printable.ts'
import { formatCount, formatRate } from '../loggers/units.ts'
import type { TrafficReport } from '../node/traffic/make-traffic.ts'
import type { HttpReport, PingReport, StreamReport, UdpReport, WireCounts } from '../node/traffic/stream-report.ts'

export function trafficText(report: TrafficReport): string {
  const { streams, skipped, seconds, interrupted, bitsPerSecond, linkHeaderBytes } = report
  const lines = [
    `Traffic made in ${seconds} s${interrupted ? ' (interrupted)' : ''}, ${formatRate(bitsPerSecond, 'auto')} a stream:`,
    ...streams.map((stream) => `  ${streamText(stream)}`),
    ...skipped.map(({ what, reason }) => `  ${printable(what)}: skipped, ${printable(reason)}`),
  ]
  if (streams.some((stream) => 'wire' in stream && stream.wire !== null)) {
    lines.push(
      `Frames and their bytes are those of a capture on loopback, with ${linkHeaderBytes} bytes in front of IP.`,
    )
  }
  return `${lines.join('\n')}\n`
}

function streamText(stream: StreamReport): string {
  const text = stream.kind === 'udp' ? udpText(stream) : stream.kind === 'ping' ? pingText(stream) : httpText(stream)
  return printable(stream.fault === null ? text : `${text}; ${stream.fault}`)
}

function udpText({ src, srcPort, dst, dstPort, datagrams, payloadBytes, received, wire }: UdpReport): string {
  const arrived = received === datagrams ? 'all received' : `${received} received`
  const sent = `${formatCount(datagrams, 'datagram')}, ${formatCount(payloadBytes, 'byte')} of payload, ${arrived}`
  return `UDP ${endpoint(src, srcPort)} → ${endpoint(dst, dstPort)}: ${sent}; ${wireText(wire)}`
}

function pingText({ dst, requests, replies, wire }: PingReport): string {
  const counts = `${formatCount(requests, 'request')}, ${replies} ${replies === 1 ? 'reply' : 'replies'}`
  return `Ping ${dst}: ${counts}${wire === null ? '' : `; ${wireText(wire)}`}`
}

function httpText({ kind, url, requests, statuses, bodyBytes, tcpPayload }: HttpReport): string {
  const answers = Object.entries(statuses).map(([status, count]) => `${count} × ${status}`)
  const parts = [formatCount(requests, 'request'), answers.join(', ') || 'no answer', `${bodyBytes} bytes of body`]
  const tcp =
    tcpPayload === null ? '' : `; TCP payload ${tcpPayload.toServer} bytes there, ${tcpPayload.toClient} bytes back`
  return `${kind === 'http' ? 'HTTP' : 'Download'} ${url}: ${parts.join(', ')}${tcp}`
}

function wireText({ frames, bytes }: WireCounts): string {
  return `${formatCount(frames, 'frame')}, ${formatCount(bytes, 'byte')}`
}

function endpoint(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}

/** One stream a line. Names are a public interface. */
export function trafficJson(report: TrafficReport): string {
  const list = (items: readonly unknown[]) =>
    items.length === 0 ? '[]' : `[\n${items.map((item) => `    ${jsonText(item)}`).join(',\n')}\n  ]`
  return [
    '{',
    `  "schema_version": ${SCHEMA_VERSION},`,
    `  "start_ns": ${jsonNs(report.startNs)},`,
    `  "seconds": ${report.seconds},`,
    `  "interrupted": ${report.interrupted},`,
    `  "bits_per_second": ${report.bitsPerSecond},`,
    `  "link_header_bytes": ${report.linkHeaderBytes},`,
    `  "streams": ${list(report.streams.map(streamObject))},`,
    `  "skipped": ${list(report.skipped)}`,
    '}\n',
  ].join('\n')
}

function streamObject(stream: StreamReport): Readonly<Record<string, unknown>> {
  const { kind, fault } = stream
  if (kind === 'udp') {
    const { src, srcPort, dst, dstPort, datagrams, payloadBytes, received, wire } = stream
    const ends = { src, src_port: srcPort, dst, dst_port: dstPort }
    return { kind, ...ends, datagrams, payload_bytes: payloadBytes, received, ...wireObject(wire), fault }
  }
  if (kind === 'ping') {
    const { dst, requests, replies, wire } = stream
    return { kind, dst, requests, replies, ...wireObject(wire), fault }
  }
  const { url, requests, statuses, bodyBytes, tcpPayload } = stream
  return {
    kind,
    url,
    requests,
    statuses,
    body_bytes: bodyBytes,
    tcp_payload_to_server: tcpPayload?.toServer ?? null,
    tcp_payload_to_client: tcpPayload?.toClient ?? null,
    fault,
  }
}

function wireObject(wire: WireCounts | null): Readonly<Record<string, unknown>> {
  return { frames: wire?.frames ?? null, frame_bytes: wire?.bytes ?? null }
}
