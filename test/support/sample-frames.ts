/** One sound frame for each way through the decoders: what properties spoil and tests cut at every byte. */
import * as linktype from '../../src/decoders/linktype.ts'
import {
  concat,
  DESTINATION_MAC,
  ethernet,
  extension,
  fragment,
  hex,
  ipv4,
  ipv6,
  SOURCE_MAC,
  tcp,
  u16,
  udp,
  udpInIpv4,
  udpInIpv6,
  vlan,
} from './build-frame.ts'
import { addressBytes } from './frames.ts'

export interface SampleFrame {
  readonly name: string
  readonly linktype: number
  readonly bytes: Uint8Array
}

const { LINKTYPE_ETHERNET, LINKTYPE_RAW } = linktype
const overIpv4 = (protocol: number, payload: Uint8Array) => ethernet(0x0800, ipv4({ protocol }, payload))
const overIpv6 = (nextHeader: number, payload: Uint8Array) => ethernet(0x86dd, ipv6({ nextHeader }, payload))
const inner = ethernet(0x0800, udpInIpv4())

const TCP_OPTIONS = hex('020405b4 0402 080a 00000001 00000002 01 030307')
const dot11 = (control: string, body: Uint8Array) =>
  concat(
    hex(control),
    hex('0000'),
    addressBytes(DESTINATION_MAC),
    addressBytes(SOURCE_MAC),
    addressBytes('02:00:00:00:00:03'),
    hex('1000'),
    body,
  )
const SNAP_IPV4 = hex('aaaa03 000000 0800')

export const sampleFrames: readonly SampleFrame[] = [
  ['udp', LINKTYPE_ETHERNET, ethernet(0x0800, udpInIpv4())],
  ['tcp with options', LINKTYPE_ETHERNET, overIpv4(6, tcp({ flags: 2, options: TCP_OPTIONS }))],
  [
    'ipv4 options',
    LINKTYPE_ETHERNET,
    ethernet(0x0800, ipv4({ protocol: 17, options: hex('94040000 0101 0000') }, udp())),
  ],
  ['icmp echo', LINKTYPE_ETHERNET, overIpv4(1, hex('0800 0000 1234 0001 abcd'))],
  ['icmpv6 echo', LINKTYPE_ETHERNET, overIpv6(58, hex('8000 0000 1234 0001 abcd'))],
  ['sctp', LINKTYPE_ETHERNET, overIpv4(132, hex('0b59 0b5a 01020304 05060708 00030010'))],
  ['dccp', LINKTYPE_ETHERNET, overIpv4(33, hex('1389 138a 04 00 0000 0100 0000 00000001 00'))],
  ['udp-lite', LINKTYPE_ETHERNET, overIpv4(136, hex('1389 138a 0008 0000 01'))],
  ['arp', LINKTYPE_ETHERNET, ethernet(0x0806, hex('0001 0800 06 04 0001 020000000001 c0000201 000000000000 c0000202'))],
  [
    'qinq',
    LINKTYPE_ETHERNET,
    ethernet(0x88a8, vlan({ vid: 100, type: 0x8100 }, vlan({ vid: 200, pcp: 5, type: 0x0800 }, udpInIpv4()))),
  ],
  ['snap', LINKTYPE_ETHERNET, ethernet(40, concat(SNAP_IPV4, udpInIpv4()))],
  ['pppoe', LINKTYPE_ETHERNET, ethernet(0x8864, concat(hex('1100 0007 0022 0021'), udpInIpv4()))],
  ['mpls', LINKTYPE_ETHERNET, ethernet(0x8847, concat(hex('00010040 000201ff'), udpInIpv4()))],
  ['mpls pseudowire', LINKTYPE_ETHERNET, ethernet(0x8847, concat(hex('00010140 00000000'), inner))],
  [
    'ipv6 extensions',
    LINKTYPE_ETHERNET,
    overIpv6(
      0,
      extension(
        43,
        hex('010400000000'),
        extension(
          60,
          hex('0000 00000000'),
          extension(44, hex('010400000000'), fragment({ nextHeader: 51, offset: 0, more: true }, ah(udp()))),
        ),
      ),
    ),
  ],
  [
    'later fragment',
    LINKTYPE_ETHERNET,
    overIpv6(44, fragment({ nextHeader: 17, offset: 1480, more: false }, hex('0102'))),
  ],
  ['gre', LINKTYPE_ETHERNET, overIpv4(47, concat(hex('b000 0800 00000000 0000002a 00000001'), udpInIpv4()))],
  ['gre bridging', LINKTYPE_ETHERNET, overIpv4(47, concat(hex('0000 6558'), inner))],
  [
    'pptp',
    LINKTYPE_ETHERNET,
    overIpv4(47, concat(hex('3081 880b 0026 0001 00000001 00000002 ff03 0021'), udpInIpv4())),
  ],
  ['ipip', LINKTYPE_ETHERNET, overIpv4(4, udpInIpv4())],
  ['6in4', LINKTYPE_ETHERNET, overIpv4(41, udpInIpv6())],
  ['vxlan', LINKTYPE_ETHERNET, overIpv4(17, udp({ destinationPort: 4789 }, concat(hex('08000000 00002a00'), inner)))],
  [
    'geneve',
    LINKTYPE_ETHERNET,
    overIpv4(17, udp({ destinationPort: 6081 }, concat(hex('0140 6558 00002a00 01020304'), inner))),
  ],
  ['gtp-u', LINKTYPE_ETHERNET, overIpv4(17, udp({ destinationPort: 2152 }, gtpU(udpInIpv4())))],
  ['teredo', LINKTYPE_ETHERNET, overIpv4(17, udp({ destinationPort: 3544 }, concat(teredo(), udpInIpv6())))],
  ['raw ipv4', LINKTYPE_RAW, udpInIpv4()],
  ['raw ipv6', LINKTYPE_RAW, udpInIpv6()],
  ['null', linktype.LINKTYPE_NULL, concat(hex('02000000'), udpInIpv4())],
  ['loop', linktype.LINKTYPE_LOOP, concat(hex('00000018'), udpInIpv6())],
  ['sll', linktype.LINKTYPE_LINUX_SLL, concat(hex('0004 0001 0006 0200000000010000 0800'), udpInIpv4())],
  ['sll2', linktype.LINKTYPE_LINUX_SLL2, concat(hex('86dd 0000 00000003 0001 04 06 0200000000010000'), udpInIpv6())],
  ['ppp', linktype.LINKTYPE_PPP, concat(hex('ff03 0021'), udpInIpv4())],
  ['ppp compressed', linktype.LINKTYPE_PPP_HDLC, concat(hex('57'), udpInIpv6())],
  ['ppp with direction', linktype.LINKTYPE_PPP_WITH_DIR, concat(hex('01 ff03 0021'), udpInIpv4())],
  ['cisco hdlc', linktype.LINKTYPE_C_HDLC, concat(hex('0f00 0800'), udpInIpv4())],
  ['802.11', linktype.LINKTYPE_IEEE802_11, dot11('0801', concat(SNAP_IPV4, udpInIpv4()))],
  [
    '802.11 qos aggregate',
    linktype.LINKTYPE_IEEE802_11_RADIOTAP,
    concat(
      hex('0000 0c00 00000000 01020304'),
      dot11(
        '8803',
        concat(addressBytes(SOURCE_MAC), hex('8000'), hex('020000000004 020000000005 0028'), SNAP_IPV4, udpInIpv4()),
      ),
    ),
  ],
].map(([name, type, bytes]) => ({ name, linktype: type, bytes }) as SampleFrame)

/** An authentication header with 12 bytes of check value in front of UDP. */
function ah(payload: Uint8Array): Uint8Array {
  return concat(hex('11 04 0000 00000001 00000001 000102030405060708090a0b'), payload)
}

/** With sequence number and one extension header (PDU session container, type 0x85). */
function gtpU(payload: Uint8Array): Uint8Array {
  return concat(hex('36 ff'), u16(8 + payload.length), hex('0000002a 0001 00 85 01 0009 00'), payload)
}

/** Authentication with a client id of two bytes and an origin. */
function teredo(): Uint8Array {
  return concat(hex('0001 02 00 aabb 0102030405060708 00'), hex('0000 e1fe 3ffffdfe'))
}
