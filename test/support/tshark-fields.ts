/** The fields that tshark and decodeFrame both read, and how tshark prints them for a capture. */
import { spawnSync } from 'node:child_process'
import type { LinuxSllHeader } from '../../src/decoders/headers/linux-sll.ts'
import type { LinuxSll2Header } from '../../src/decoders/headers/linux-sll2.ts'
import type { Layer } from '../../src/decoders/headers/read-header.ts'
import type { TcpOption } from '../../src/decoders/headers/tcp-options.ts'

type Value = string | number | boolean | null

/** Of one header, the value that it has for a field of tshark, or the values in order. */
type Read<Header> = (header: Header) => Value | readonly Value[]

type LayerFields = readonly [Layer['layer'], Record<string, Read<Layer>>]

function of<Name extends Layer['layer']>(
  layer: Name,
  fields: Record<string, Read<Extract<Layer, { layer: Name }>>>,
): LayerFields {
  return [layer, fields as unknown as Record<string, Read<Layer>>]
}

function options<Name extends TcpOption['name']>(
  header: Extract<Layer, { layer: 'tcp' }>,
  name: Name,
): Extract<TcpOption, { name: Name }>[] {
  return header.options.filter((option): option is Extract<TcpOption, { name: Name }> => option.name === name)
}

const COOKED_FIELDS: Record<string, Read<LinuxSllHeader | LinuxSll2Header>> = {
  'sll.pkttype': (sll) => sll.packetType,
  'sll.hatype': (sll) => sll.arphrd,
  'sll.halen': (sll) => sll.addressLength,
}

const LAYER_FIELDS: readonly LayerFields[] = [
  of('ethernet', {
    'eth.dst': (eth) => eth.destination,
    'eth.src': (eth) => eth.source,
    'eth.type': (eth) => eth.etherType,
    'eth.len': (eth) => eth.length,
  }),
  of('vlan', {
    'vlan.priority': (tag) => tag.pcp,
    'vlan.dei': (tag) => tag.dei,
    'vlan.id': (tag) => tag.vid,
    'vlan.etype': (tag) => tag.etherType,
    'vlan.len': (tag) => tag.length,
  }),
  of('arp', {
    'arp.hw.type': (arp) => arp.hardwareType,
    'arp.proto.type': (arp) => arp.protocolType,
    'arp.opcode': (arp) => arp.operation,
    'arp.src.hw_mac': (arp) => arp.senderHardwareAddress,
    'arp.src.proto_ipv4': (arp) => arp.senderProtocolAddress,
    'arp.dst.hw_mac': (arp) => arp.targetHardwareAddress,
    'arp.dst.proto_ipv4': (arp) => arp.targetProtocolAddress,
  }),
  of('ipv4', {
    'ip.hdr_len': (ip) => ip.headerLength,
    'ip.dsfield': (ip) => ip.tos,
    'ip.len': (ip) => ip.totalLength,
    'ip.id': (ip) => ip.identification,
    'ip.flags.df': (ip) => ip.dontFragment,
    'ip.flags.mf': (ip) => ip.moreFragments,
    // tshark 4.0 gives the header's units of 8 bytes.
    'ip.frag_offset': (ip) => ip.fragmentOffset / 8,
    'ip.ttl': (ip) => ip.ttl,
    'ip.proto': (ip) => ip.protocol,
    'ip.checksum': (ip) => ip.checksum,
    'ip.src': (ip) => ip.source,
    'ip.dst': (ip) => ip.destination,
    'ip.opt.type': (ip) => ip.options.map((option) => option.type),
  }),
  of('ipv6', {
    'ipv6.tclass': (ip) => ip.trafficClass,
    'ipv6.flow': (ip) => ip.flowLabel,
    'ipv6.plen': (ip) => ip.payloadLength,
    'ipv6.nxt': (ip) => ip.nextHeader,
    'ipv6.hlim': (ip) => ip.hopLimit,
    'ipv6.src': (ip) => ip.source,
    'ipv6.dst': (ip) => ip.destination,
  }),
  of('ipv6-extension', {
    'ipv6.fraghdr.offset': (header) => (header.fragment === null ? null : header.fragment.fragmentOffset / 8),
    'ipv6.fraghdr.more': (header) => header.fragment?.moreFragments ?? null,
    'ipv6.fraghdr.ident': (header) => header.fragment?.identification ?? null,
    'ipv6.hopopts.nxt': (header) => (header.kind === 'hop-by-hop' ? header.nextHeader : null),
    'ipv6.routing.type': (header) => header.routing?.routingType ?? null,
    'ipv6.routing.segleft': (header) => header.routing?.segmentsLeft ?? null,
  }),
  of('tcp', {
    'tcp.srcport': (tcp) => tcp.sourcePort,
    'tcp.dstport': (tcp) => tcp.destinationPort,
    'tcp.seq_raw': (tcp) => tcp.sequenceNumber,
    'tcp.ack_raw': (tcp) => tcp.acknowledgmentNumber,
    'tcp.hdr_len': (tcp) => tcp.headerLength,
    'tcp.flags': (tcp) => tcp.flags.raw,
    'tcp.flags.cwr': (tcp) => tcp.flags.cwr,
    'tcp.flags.urg': (tcp) => tcp.flags.urg,
    'tcp.flags.ack': (tcp) => tcp.flags.ack,
    'tcp.flags.push': (tcp) => tcp.flags.psh,
    'tcp.flags.reset': (tcp) => tcp.flags.rst,
    'tcp.flags.syn': (tcp) => tcp.flags.syn,
    'tcp.flags.fin': (tcp) => tcp.flags.fin,
    'tcp.window_size_value': (tcp) => tcp.window,
    'tcp.checksum': (tcp) => tcp.checksum,
    'tcp.urgent_pointer': (tcp) => tcp.urgentPointer,
    // Behind the end of the list tshark reads on, through the padding.
    'tcp.option_kind': (tcp) => tcp.options.filter((option) => option.kind !== 0).map((option) => option.kind),
    'tcp.options.mss_val': (tcp) => options(tcp, 'maximum-segment-size').map((option) => option.value),
    'tcp.options.wscale.shift': (tcp) => options(tcp, 'window-scale').map((option) => option.shift),
    'tcp.options.timestamp.tsval': (tcp) => options(tcp, 'timestamps').map((option) => option.value),
    'tcp.options.timestamp.tsecr': (tcp) => options(tcp, 'timestamps').map((option) => option.echoReply),
    'tcp.options.sack_le': (tcp) => options(tcp, 'sack').flatMap((option) => option.blocks.map(({ left }) => left)),
    'tcp.options.sack_re': (tcp) => options(tcp, 'sack').flatMap((option) => option.blocks.map(({ right }) => right)),
  }),
  of('udp', {
    'udp.srcport': (udp) => udp.sourcePort,
    'udp.dstport': (udp) => udp.destinationPort,
    'udp.length': (udp) => udp.length,
    'udp.checksum': (udp) => udp.checksum,
  }),
  of('icmp', {
    'icmp.type': (icmp) => icmp.type,
    'icmp.code': (icmp) => icmp.code,
    'icmp.checksum': (icmp) => icmp.checksum,
    'icmp.ident': (icmp) => icmp.identifier,
    'icmp.seq': (icmp) => icmp.sequenceNumber,
    'icmp.redir_gw': (icmp) => icmp.gateway,
  }),
  of('icmpv6', {
    'icmpv6.type': (icmp) => icmp.type,
    'icmpv6.code': (icmp) => icmp.code,
    'icmpv6.checksum': (icmp) => icmp.checksum,
    'icmpv6.echo.identifier': (icmp) => icmp.identifier,
    'icmpv6.echo.sequence_number': (icmp) => icmp.sequenceNumber,
    'icmpv6.mtu': (icmp) => icmp.mtu,
    'icmpv6.nd.ns.target_address': (icmp) => (icmp.type === 135 ? icmp.targetAddress : null),
    'icmpv6.nd.na.target_address': (icmp) => (icmp.type === 136 ? icmp.targetAddress : null),
  }),
  of('gre', {
    'gre.flags_and_version': (gre) => gre.flags,
    'gre.proto': (gre) => gre.protocolType,
    'gre.key': (gre) => (gre.version === 0 ? gre.key : null),
    'gre.sequence_number': (gre) => gre.sequenceNumber,
    'gre.ack_number': (gre) => gre.acknowledgmentNumber,
    'gre.checksum': (gre) => gre.checksum,
  }),
  of('vxlan', { 'vxlan.vni': (vxlan) => vxlan.vni }),
  of('geneve', {
    'geneve.vni': (geneve) => geneve.vni,
    'geneve.proto_type': (geneve) => geneve.protocolType,
    'geneve.flags.critical': (geneve) => geneve.critical,
  }),
  of('gtp-u', {
    'gtp.message': (gtp) => gtp.messageType,
    'gtp.length': (gtp) => gtp.length,
    'gtp.teid': (gtp) => gtp.teid,
  }),
  of('sctp', {
    'sctp.srcport': (sctp) => sctp.sourcePort,
    'sctp.dstport': (sctp) => sctp.destinationPort,
    'sctp.verification_tag': (sctp) => sctp.verificationTag,
    'sctp.checksum': (sctp) => sctp.checksum,
  }),
  of('dccp', {
    'dccp.srcport': (dccp) => dccp.sourcePort,
    'dccp.dstport': (dccp) => dccp.destinationPort,
    'dccp.data_offset': (dccp) => dccp.dataOffset,
  }),
  of('llc', {
    'llc.dsap': (llc) => llc.dsap,
    'llc.ssap': (llc) => llc.ssap,
    'llc.oui': (llc) => llc.snap?.oui ?? null,
  }),
  of('linux-sll', COOKED_FIELDS),
  of('linux-sll2', COOKED_FIELDS),
  of('ppp', { 'ppp.protocol': (ppp) => ppp.protocol }),
  of('pppoe', {
    'pppoe.code': (pppoe) => pppoe.code,
    'pppoe.session_id': (pppoe) => pppoe.sessionId,
    'pppoe.payload_length': (pppoe) => pppoe.length,
  }),
  of('radiotap', {
    'radiotap.version': (radiotap) => radiotap.version,
    'radiotap.length': (radiotap) => radiotap.headerLength,
  }),
  of('ieee80211', {
    'wlan.fc.type': (wlan) => wlan.type,
    'wlan.fc.subtype': (wlan) => wlan.subtype,
    'wlan.fc.protected': (wlan) => wlan.protected,
    'wlan.ra': (wlan) => wlan.address1,
    'wlan.ta': (wlan) => wlan.address2,
    'wlan.seq': (wlan) => wlan.sequenceNumber,
    'wlan.frag': (wlan) => wlan.fragmentNumber,
  }),
  of('mpls', {
    'mpls.label': (entry) => entry.label,
    'mpls.exp': (entry) => entry.tc,
    'mpls.bottom': (entry) => entry.bottomOfStack,
    'mpls.ttl': (entry) => entry.ttl,
  }),
]

const FIELDS_BY_LAYER = new Map(LAYER_FIELDS.map(([layer, fields]) => [layer, Object.entries(fields)]))

const FIELD_NAMES = [...new Set(LAYER_FIELDS.flatMap(([, fields]) => Object.keys(fields)))]

/** What tshark says of one frame: `frame.protocols`, and the values of each field, numbers read. */
export interface TsharkFrame {
  readonly protocols: string
  readonly fields: ReadonlyMap<string, readonly (string | number)[]>
}

/** Each packet by its own header: nothing put together, nothing relative. */
const PREFERENCES = [
  'ip.defragment:FALSE',
  'ipv6.defragment:FALSE',
  'tcp.desegment_tcp_streams:FALSE',
  'tcp.relative_sequence_numbers:FALSE',
  'ip.tso_support:FALSE',
]

/** null where tshark is not installed. */
export const tsharkMissing: string | null =
  spawnSync('tshark', ['--version']).status === 0 ? null : 'tshark is not installed'

export function readTsharkFields(file: string): TsharkFrame[] {
  const separators = ['-E', 'occurrence=a', '-E', 'separator=/t', '-E', 'aggregator=;']
  const { stdout } = spawnSync(
    'tshark',
    [
      ...['-n', '-r', file, '-T', 'fields', ...separators, '-e', 'frame.protocols'],
      ...FIELD_NAMES.flatMap((name) => ['-e', name]),
      ...PREFERENCES.flatMap((preference) => ['-o', preference]),
    ],
    { encoding: 'utf8', maxBuffer: 1 << 28 },
  )
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const [protocols = '', ...columns] = line.split('\t')
      const fields = new Map(FIELD_NAMES.map((name, i) => [name, columns[i]!.split(';').filter(Boolean).map(toValue)]))
      fields.set(
        'tcp.option_kind',
        fields.get('tcp.option_kind')!.filter((kind) => kind !== 0),
      )
      return { protocols, fields }
    })
}

/** `0x0800`, `17` and `True` are numbers; addresses stay text. */
function toValue(text: string): string | number {
  if (text === 'True') return 1
  if (text === 'False') return 0
  return /^(0x[0-9a-f]+|\d+)$/.test(text) ? Number(text) : text
}

/** The values that the headers of a frame have for each field, as tshark would list them. */
export function readOurFields(layers: readonly Layer[]): Map<string, (string | number)[]> {
  const fields = new Map<string, (string | number)[]>()
  for (const header of layers) {
    for (const [field, read] of FIELDS_BY_LAYER.get(header.layer) ?? []) {
      const values = fields.get(field) ?? []
      for (const value of [read(header)].flat()) {
        if (value !== null) values.push(typeof value === 'boolean' ? Number(value) : value)
      }
      fields.set(field, values)
    }
  }
  return fields
}
