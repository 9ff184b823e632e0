/** One sound payload of each kind that a name is in. */
import { type Answer, encode, streamEncode } from 'dns-packet'
import { concat } from '../support/build-frame.ts'
import { dhcpMessage, option, option6, text, wireName } from './dhcp-messages.ts'
import { clientHello, cryptoFrame, sealInitial, tlsRecords } from './payloads.ts'

export interface PayloadSeed {
  readonly kind: string
  readonly bytes: Uint8Array
  readonly sourcePort: number
  readonly destinationPort: number
  readonly isTcp: boolean
}

const CLIENT_PORT = 50_000

export function payloadSeeds(): PayloadSeed[] {
  const udp = (kind: string, bytes: Uint8Array, sourcePort: number, destinationPort = CLIENT_PORT): PayloadSeed => ({
    kind,
    bytes,
    sourcePort,
    destinationPort,
    isTcp: false,
  })
  const tcp = (kind: string, bytes: Uint8Array, destinationPort: number): PayloadSeed => ({
    kind,
    bytes,
    sourcePort: CLIENT_PORT,
    destinationPort,
    isTcp: true,
  })
  const answers: Answer[] = [
    { type: 'CNAME', name: 'www.example.com', ttl: 60, data: 'edge.example' },
    { type: 'A', name: 'edge.example', ttl: 60, data: '192.0.2.7' },
    { type: 'AAAA', name: 'edge.example', ttl: 60, data: '2001:db8::7' },
    { type: 'PTR', name: '8.2.0.192.in-addr.arpa', ttl: 60, data: 'host.example' },
  ]
  const response = { type: 'response' as const, questions: [{ type: 'A' as const, name: 'www.example.com' }], answers }
  const dns = new Uint8Array(encode(response))
  const small = clientHello({ name: 'www.example.com' })
  const large = clientHello({ name: 'www.example.com', keyShareLength: 1216, isNameLast: true })
  const lease = option(12, text('desk'))
  const granted = option6(3, concat(new Uint8Array(12), option6(5, new Uint8Array(24).fill(7))))
  const initial = sealInitial(concat(cryptoFrame(small, 60, small.length), cryptoFrame(small, 0, 60)))
  return [
    udp('dns', dns, 53),
    udp('mdns', dns, 5353, 5353),
    udp('llmnr', dns, 5355),
    { ...tcp('dns over tcp', new Uint8Array(streamEncode(response)), CLIENT_PORT), sourcePort: 53 },
    tcp('hello', tlsRecords(small), 443),
    tcp('large hello', tlsRecords(large), 443),
    tcp('hello over records', tlsRecords(small, 60), 443),
    tcp('request', text('GET /a HTTP/1.1\r\nAccept: */*\r\nHost: www.example.com:8080\r\n\r\n'), 80),
    udp('dhcp request', dhcpMessage({ op: 1, type: 3, ciaddr: '192.0.2.9', options: lease }), 68, 67),
    udp('dhcp ack', dhcpMessage({ op: 2, type: 5, yiaddr: '192.0.2.9', options: lease }), 67, 68),
    udp(
      'dhcpv6 reply',
      concat(Uint8Array.of(7, 0, 0, 7), granted, option6(39, concat(Uint8Array.of(1), wireName('desk')))),
      547,
      546,
    ),
    udp('quic', initial, CLIENT_PORT, 443),
    udp('quic v2', sealInitial(cryptoFrame(small, 0, small.length), { version: 'v2' }), CLIENT_PORT, 443),
    udp('first of two initials', sealInitial(cryptoFrame(large, 0, 1000)), CLIENT_PORT, 443),
  ]
}
