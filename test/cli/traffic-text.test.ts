import { expect, test } from 'vitest'
import { trafficJson, trafficText } from '../../src/cli/traffic-text.ts'
import type { TrafficReport } from '../../src/node/traffic/make-traffic.ts'

const report: TrafficReport = {
  startNs: 1_795_354_102_000_000_000n,
  seconds: 1.5,
  interrupted: true,
  bitsPerSecond: 20e6,
  linkHeaderBytes: 14,
  streams: [
    {
      kind: 'udp',
      src: '::1',
      srcPort: 4000,
      dst: '::1',
      dstPort: 4001,
      datagrams: 1,
      payloadBytes: 1200,
      received: 0,
      wire: { frames: 1, bytes: 1262 },
      fault: null,
    },
    { kind: 'ping', dst: '192.0.2.1', requests: 2, replies: 1, wire: null, fault: null },
    {
      kind: 'http',
      url: 'http://192.0.2.1/',
      requests: 3,
      statuses: { 200: 2, 404: 1 },
      bodyBytes: 4096,
      tcpPayload: null,
      fault: null,
    },
    {
      kind: 'download',
      url: 'http://127.0.0.1:4002/download',
      requests: 1,
      statuses: {},
      bodyBytes: 0,
      tcpPayload: { toServer: 68, toClient: 0 },
      fault: 'connection \x1b[2Jreset',
    },
  ],
  skipped: [{ what: 'ping ::1', reason: 'there is no ping command here' }],
}

test('text, with nothing in it that a terminal obeys', () => {
  expect(trafficText(report)).toBe(`Traffic made in 1.5 s (interrupted), 20.00 Mbit/s a stream:
  UDP [::1]:4000 → [::1]:4001: 1 datagram, 1200 bytes of payload, 0 received; 1 frame, 1262 bytes
  Ping 192.0.2.1: 2 requests, 1 reply
  HTTP http://192.0.2.1/: 3 requests, 2 × 200, 1 × 404, 4096 bytes of body
  Download http://127.0.0.1:4002/download: 1 request, no answer, 0 bytes of body; TCP payload 68 bytes there, 0 bytes back; connection \\x1b[2Jreset
  ping ::1: skipped, there is no ping command here
Frames and their bytes are those of a capture on loopback, with 14 bytes in front of IP.
`)
})

test('JSON, one stream a line, integers exact, unknown is null', () => {
  const json = trafficJson(report)
  expect(JSON.parse(json)).toMatchObject({
    schema_version: 1,
    start_ns: '1795354102000000000',
    seconds: 1.5,
    interrupted: true,
    bits_per_second: 20e6,
    link_header_bytes: 14,
    streams: [
      { kind: 'udp', src_port: 4000, dst_port: 4001, datagrams: 1, payload_bytes: 1200, frames: 1, frame_bytes: 1262 },
      { kind: 'ping', dst: '192.0.2.1', frames: null, frame_bytes: null },
      { kind: 'http', statuses: { 200: 2, 404: 1 }, tcp_payload_to_server: null, tcp_payload_to_client: null },
      { kind: 'download', tcp_payload_to_server: 68, tcp_payload_to_client: 0, fault: 'connection \x1b[2Jreset' },
    ],
    skipped: [{ what: 'ping ::1', reason: 'there is no ping command here' }],
  })
  expect(json.match(/^ {4}\{"kind":/gm)).toHaveLength(4)
  expect(JSON.parse(trafficJson({ ...report, streams: [], skipped: [] }))).toMatchObject({ streams: [], skipped: [] })
})
