// The generated captures of test/pcaps by file name: each exists for one reason, told in test/pcaps/README.md.
import { Buffer } from 'node:buffer'
import * as file from './containers.js'
import * as f from './frames.js'

/** 2024-01-01T00:00:00Z. */
const START = 1_704_067_200_000_000_000n
const SECOND = 1_000_000_000n
const MILLISECOND = 1_000_000n

/** Frames 100 ms apart from START. */
const timed = (frames) => frames.map((data, i) => ({ data, ns: START + BigInt(i) * 100n * MILLISECOND }))
const onLink = (linktype, wrap, frames = f.talk) => file.pcap(timed(frames.map(wrap)), { linktype })
const onEthernet = (frames) => onLink(1, (frame) => frame, frames)
const talk = f.talk.map(f.inEthernet)

// ---- containers --------------------------------------------------------------------------------------------------------------

function twoSections() {
  const parts = []
  for (const [big, seconds] of [
    [file.LITTLE, 0n],
    [file.BIG, 10n],
  ]) {
    const ng = file.pcapng(big)
    const ticks = (i) => (START + seconds * SECOND) / 1000n + BigInt(i) * 100_000n
    // interface 0 is Ethernet in one section and RAW in the other: numbers start again
    parts.push(ng.section(), ng.interface(big ? 101 : 1, 65535))
    parts.push(...f.talk.map((packet, i) => ng.packet(0, ticks(i), big ? packet : f.inEthernet(packet))))
  }
  return Buffer.concat(parts)
}

function interfaces() {
  const ng = file.pcapng()
  const resolution = (value) => [file.IF_TSRESOL, f.u8(value)]
  const family = (packet) => file.word32(packet[0] >> 4 === 6 ? 30 : 2)
  const kinds = [
    { linktype: 1, name: 'eth', options: [], perSecond: 1_000_000n, wrap: f.inEthernet },
    { linktype: 101, name: 'tun', options: [resolution(9)], perSecond: SECOND, wrap: (packet) => packet },
    {
      linktype: 0,
      name: 'lo0',
      options: [resolution(0x80 | 20)],
      perSecond: 1n << 20n,
      wrap: (packet) => f.bytes(family(packet), packet),
    },
    {
      linktype: 9,
      name: 'ppp',
      options: [resolution(0)],
      perSecond: 1n,
      wrap: (packet) => f.bytes(f.u16(f.pppProtocolOf(packet)), packet),
    },
  ]
  // half-second steps: whole ticks of every clock but the last, which floors
  const packets = f.talk.flatMap((packet, i) =>
    kinds.map(({ perSecond, wrap }, id) =>
      ng.packet(id, ((START + (BigInt(i) * SECOND) / 2n) * perSecond) / SECOND, wrap(packet)),
    ),
  )
  return Buffer.concat([
    ng.section(),
    ...kinds.map(({ linktype, name, options }) =>
      ng.interface(linktype, 0, [file.IF_NAME, Buffer.from(name)], ...options),
    ),
    ...packets,
  ])
}

function simplePackets() {
  const ng = file.pcapng()
  const snaplen = 60
  // a Simple Packet Block states no captured length: it is the smaller of the original length and the interface's snaplen
  const blocks = talk.map((frame) => ng.simple(frame.subarray(0, snaplen), frame.length))
  return Buffer.concat([ng.section(), ng.interface(1, snaplen), ...blocks])
}

function drops() {
  const ng = file.pcapng()
  const ticks = START / 1000n
  const counts = (received, dropped, osDropped) => [
    [file.ISB_IFRECV, ng.w64(received)],
    [file.ISB_IFDROP, ng.w64(dropped)],
    [file.ISB_OSDROP, ng.w64(osDropped)],
  ]
  return Buffer.concat([
    ng.section(),
    ng.interface(1, 0, [file.IF_NAME, Buffer.from('busy')]),
    ng.interface(1, 0, [file.IF_NAME, Buffer.from('calm')]),
    ...talk.map((frame, i) => ng.packet(i & 1, ticks + BigInt(i), frame)),
    // counts are running totals: the second block of an interface replaces the first
    ng.statistics(0, ticks + 3n, ...counts(2n, 1n, 0n)),
    ng.statistics(0, ticks + 9n, ...counts(3n, 1_000_000_007n, 5n)),
    ng.statistics(1, ticks + 9n, ...counts(3n, 0n, 0n)),
  ])
}

function timeOffset() {
  const ng = file.pcapng()
  const offset = START / SECOND
  return Buffer.concat([
    ng.section(),
    ng.interface(1, 0, [file.IF_TSOFFSET, ng.w64(offset)]),
    ng.interface(1, 0, [file.IF_TSOFFSET, ng.w64(BigInt.asUintN(64, -3600n))]),
    ...talk.map((frame, i) => {
      const micros = BigInt(i) * 250_000n
      return ng.packet(i & 1, i & 1 ? (offset + 3600n) * 1_000_000n + micros : micros, frame)
    }),
  ])
}

function otherBlocks() {
  const ng = file.pcapng()
  const ticks = START / 1000n
  const record = (address, name) => Buffer.concat([address, Buffer.from(`${name}\0`)])
  const secrets = Buffer.from('CLIENT_RANDOM 00 00\n')
  return Buffer.concat([
    ng.section([1, Buffer.from('written by generate-pcaps')]),
    ng.interface(1, 0),
    ng.names(
      [1, record(f.u8(192, 0, 2, 1), 'desk.example')],
      [1, record(f.u8(198, 51, 100, 2), 'dns.example')],
      [2, record(f.hex('20010db8 00020000 00000000 00000002'), 'cdn.example')],
    ),
    ng.packet(0, ticks, talk[0], talk[0].length, [1, Buffer.from('a packet comment')]),
    ng.block(0x00000bad, ng.w32(32473), f.filler(8)), // custom block; 32473 is the enterprise number for examples, RFC 5612
    ng.obsolete(0, ticks + 1n, talk[1], 3),
    ng.block(0x0000000a, ng.w32(0x544c534b), ng.w32(secrets.length), secrets), // decryption secrets, 20 bytes
    ng.block(0x0badcafe, f.filler(16)), // a type that nobody registered
    ng.packet(0, ticks + 2n, talk[2]),
  ])
}

const backwards = [0n, 3n, 1n, 12n, 11n, -2n, 12n].map((second, i) => ({
  data: talk[i % talk.length],
  ns: START + second * SECOND,
}))
/** 1980 and 2080: the second is beyond 2^31 seconds. */
const century = [315_532_800n, 315_532_801n, 3_471_292_800n, 3_471_292_801n].map((second, i) => ({
  data: talk[i],
  ns: second * SECOND,
}))

export const containers = {
  'pcap-ns-big-endian.pcap': file.pcap(
    talk.map((data, i) => ({ data, ns: START + BigInt(i) * 123_456_789n })),
    { big: file.BIG, magic: file.NANOSECONDS },
  ),
  'pcap-modified.pcap': file.pcap(timed(talk), { magic: file.MODIFIED }),
  'pcapng-two-sections.pcapng': twoSections(),
  'pcapng-interfaces.pcapng': interfaces(),
  'pcapng-simple-packets.pcapng': simplePackets(),
  'pcapng-drops.pcapng': drops(),
  'pcapng-tsoffset.pcapng': timeOffset(),
  'pcapng-other-blocks.pcapng': otherBlocks(),
  'no-frames.pcap': file.pcap([]),
  'no-frames.pcapng': Buffer.concat([file.pcapng().section(), file.pcapng().interface(1, 0)]),
  'one-frame.pcap': file.pcap(timed(talk.slice(0, 1))),
  'time-backwards.pcap': file.pcap(backwards),
  'time-gap-of-a-century.pcap': file.pcap(century),
}

// ---- links -------------------------------------------------------------------------------------------------------------------

const mplsLabel = (label, bottom) => f.u32(((label << 12) | (bottom << 8) | 64) >>> 0)
const mpls = (labels, packet) =>
  f.bytes(...labels.map((label, i) => mplsLabel(label, i === labels.length - 1 ? 1 : 0)), packet)
const pppoe = (packet) =>
  f.ethernet(0x8864, f.bytes(f.hex('11 00 12 34'), f.u16(packet.length + 2, f.pppProtocolOf(packet)), packet))
const padi = f.ethernet(0x8863, f.hex('11 09 0000 0004 0101 0000'), f.BROADCAST)
/** A data frame from a station to its access point: frame control 0x0801, addresses BSSID, station, destination. */
const wlan = (packet) =>
  f.bytes(f.hex('0801 2c00'), f.MAC_B, f.MAC_A, f.MAC_B, f.hex('1000'), f.snap(f.etherTypeOf(packet), packet))
/** The same from the access point, with QoS control (subtype 8): two more bytes. */
const wlanQos = (packet) =>
  f.bytes(f.hex('8802 2c00'), f.MAC_A, f.MAC_B, f.MAC_B, f.hex('2000 0000'), f.snap(f.etherTypeOf(packet), packet))
const beacon = f.bytes(
  f.hex('8000 0000'),
  f.BROADCAST,
  f.MAC_B,
  f.MAC_B,
  f.hex('3000'),
  f.hex('0000000000000000 6400 0100 0004 61626364'),
)
const wlanFrames = [beacon, ...f.talk.map((packet, i) => (i & 1 ? wlanQos(packet) : wlan(packet)))]
const llc = (content) =>
  f.bytes(
    f.hex('0180c2000000'),
    f.MAC_A,
    f.u16(content.length),
    content,
    Buffer.alloc(Math.max(0, 46 - content.length)),
  )
const arp = (operation, [senderMac, ...sender], [targetMac, ...target], to = targetMac) =>
  f.bytes(
    to,
    senderMac,
    f.u16(0x0806),
    f.hex('0001 0800 06 04'),
    f.u16(operation),
    senderMac,
    f.u8(...sender),
    targetMac,
    f.u8(...target),
    Buffer.alloc(18),
  )
const desk = [f.MAC_A, 192, 0, 2, 1]
const router = [f.MAC_B, 192, 0, 2, 9]
const unknownMac = Buffer.alloc(6)

export const links = {
  'mpls.pcap': onEthernet(
    f.talk.map((packet, i) => f.ethernet(i & 1 ? 0x8848 : 0x8847, mpls(i & 2 ? [16, 17, 18] : [100], packet))),
  ),
  'pppoe.pcap': onEthernet([padi, ...f.talk.map(pppoe)]),
  'ppp.pcap': onLink(9, (packet, i) =>
    // RFC 1661: address and control may be there or not, and the protocol field of an IP packet may be one byte
    i % 3 === 0
      ? f.bytes(f.hex('ff03'), f.u16(f.pppProtocolOf(packet)), packet)
      : i % 3 === 1
        ? f.bytes(f.u16(f.pppProtocolOf(packet)), packet)
        : f.bytes(f.u8(f.pppProtocolOf(packet)), packet),
  ),
  'cisco-hdlc.pcap': onLink(104, (packet) => f.bytes(f.hex('0f00'), f.u16(f.etherTypeOf(packet)), packet)),
  'null-little-endian.pcap': onLink(0, (packet, i) =>
    f.bytes(file.word32(packet[0] >> 4 === 6 ? [24, 30][i & 1] : 2), packet),
  ),
  'null-big-endian.pcap': onLink(0, (packet) => f.bytes(f.u32(packet[0] >> 4 === 6 ? 28 : 2), packet)),
  'loop.pcap': onLink(108, (packet) => f.bytes(f.u32(packet[0] >> 4 === 6 ? 24 : 2), packet)),
  'raw.pcap': onLink(101, (packet) => packet),
  'ieee80211.pcap': onLink(105, (frame) => frame, wlanFrames),
  'radiotap.pcap': onLink(127, (frame) => f.bytes(f.hex('00 00 0a00 04000000 02 00'), frame), wlanFrames),
  'llc-snap.pcap': onEthernet([
    llc(f.hex('42 42 03 0000 00 00 00 8000020000000001 00000000 8000020000000001 8001 0000 1400 0200 0f00')),
    llc(f.snap(0x0800, f.talk[0])),
    llc(f.snap(0x86dd, f.talk[4])),
    llc(f.bytes(f.hex('aa aa 03 00000c 2000'), f.filler(20))),
    llc(f.bytes(f.hex('e0 e0 03'), f.filler(40))),
  ]),
  'arp.pcap': onEthernet([
    arp(1, desk, [unknownMac, ...router.slice(1)], f.BROADCAST),
    arp(2, router, desk),
    arp(1, desk, [unknownMac, ...desk.slice(1)], f.BROADCAST),
  ]),
  'link-type-unknown.pcap': onLink(147, (packet) => packet),
}

// ---- network -----------------------------------------------------------------------------------------------------------------

const [A6, B6] = ['2001:db8::1', '2001:db8:2::2']
const options = (...bytes) => f.u8(0, ...bytes) // length 0: eight bytes in all
const padN = options(1, 4, 0, 0, 0, 0)
const hopByHop = [0, padN]
const destination = [60, padN]
const routing = [43, f.bytes(f.u8(2, 4, 1), f.u32(0), f.hex('20010db8 00020000 00000000 00000099'))]
const fragment = (offset, more) => [44, f.bytes(f.u8(0), f.u16((offset << 3) | more), f.u32(0x6e6b))]
const authentication = [51, f.bytes(f.u8(4, 0, 0), f.u32(1, 1), Buffer.alloc(12))]
const question = f.udp(40000, 9, f.filler(32, 5))
const chain = (extensions, upper = question) => f.inEthernet(f.ip(A6, B6, upper, { extensions }))

export const networks = {
  'ipv6-extensions.pcap': onEthernet([
    chain([]),
    chain([hopByHop]),
    chain([routing]),
    chain([destination, routing, destination]),
    chain([authentication]),
    chain([hopByHop, destination, routing, fragment(0, 1), authentication, destination]),
    chain([fragment(0, 1)]),
    chain([fragment(5, 0)], f.raw(17, f.filler(24))), // what follows is the middle of a datagram, not a UDP header
    chain([[135, f.u8(0, 5, 0, 0, 0, 0, 0)]], f.raw(59, f.u8())),
    chain([hopByHop], f.raw(59, f.u8())),
    chain([destination], f.raw(50, f.filler(40))),
    chain([hopByHop], f.tcp(40001, 443, f.TCP_SYN)),
  ]),
  'icmp-errors.pcap': onEthernet([
    f.inEthernet(f.talk[0]),
    f.inEthernet(f.ip('198.51.100.9', '192.0.2.1', f.icmp(11, 0, f.u32(0), f.talk[0].subarray(0, 28)))),
    f.inEthernet(f.ip('198.51.100.2', '192.0.2.1', f.icmp(3, 3, f.u32(0), f.talk[0]))),
    f.inEthernet(f.talk[4]),
    f.inEthernet(f.ip('2001:db8:9::9', A6, f.icmpv6(2, 0, f.u32(1280), f.talk[4]))),
  ]),
  'ip-malformed.pcap': onEthernet([
    talk[0],
    f.ethernet(0x0800, f.bytes(f.u8(0x44), f.talk[0].subarray(1))), // IHL 4: shorter than the header can be
    f.ethernet(0x0800, f.bytes(f.u8(0x75), f.talk[0].subarray(1))), // version 7
    f.ethernet(0x0800, f.talk[0].subarray(0, 12)), // ends inside the header
    f.ethernet(0x86dd, f.talk[4].subarray(0, 39)),
    f.ethernet(0x86dd, f.talk[0]), // the EtherType says IPv6, the packet is IPv4
    talk[4],
  ]),
  'ethernet-padding.pcap': onEthernet(
    [1, 6, 18].map((size) => {
      const frame = f.inEthernet(f.ip('192.0.2.1', '198.51.100.2', f.udp(40000, 7, f.filler(size))))
      return f.bytes(frame, Buffer.alloc(60 - frame.length, 0xee))
    }),
  ),
}

// ---- tunnels -----------------------------------------------------------------------------------------------------------------

const gtp = (header, packet) =>
  f.inEthernet(f.ip('10.0.1.1', '10.0.1.2', f.udp(2152, 2152, f.bytes(header(packet.length), packet))))
const plainGtp = (length) => f.bytes(f.hex('30 ff'), f.u16(length), f.u32(0xcafe))
const numberedGtp = (length) => f.bytes(f.hex('32 ff'), f.u16(length + 4), f.u32(0xcafe), f.hex('0001 00 00'))
/** PDU session container (type 0x85) of 5G: one unit of 4 bytes. */
const extendedGtp = (length) =>
  f.bytes(f.hex('34 ff'), f.u16(length + 8), f.u32(0xcafe), f.hex('0000 00 85 01 00 09 00'))
const gtpEcho = (length) => f.bytes(f.hex('32 01'), f.u16(length + 4), f.u32(0), f.hex('0002 00 00'))
const teredoAddress = '2001:0:c000:221:0:63bf:3fff:fdd2'
const teredo = (...parts) => f.inEthernet(f.ip('192.0.2.45', '192.0.2.33', f.udp(40000, 3544, f.bytes(...parts))))
const bubble = f.ip(teredoAddress, B6, f.raw(59, f.u8()))
const throughTeredo = f.ip(teredoAddress, B6, f.icmpv6(128, 0, f.u16(1, 1), f.filler(24)))

export const tunnels = {
  'gtp-u.pcap': onEthernet([
    gtp(plainGtp, f.talk[0]),
    gtp(numberedGtp, f.talk[2]),
    gtp(extendedGtp, f.talk[4]),
    gtp(gtpEcho, f.u8()),
  ]),
  // RFC 4380 §5.1.1: bare, behind an origin indication, behind an authentication header, behind both
  'teredo.pcap': onEthernet([
    teredo(bubble),
    teredo(f.hex('0000 63bf 3ffffdd2'), throughTeredo),
    teredo(f.hex('0001 00 00 0000000000000000 00'), throughTeredo),
    teredo(f.hex('0001 00 00 0000000000000000 00 0000 63bf 3ffffdd2'), throughTeredo),
  ]),
}

// ---- damage ------------------------------------------------------------------------------------------------------------------

const goodPcap = file.pcap(timed(talk))
const ng = file.pcapng()
const goodPcapng = Buffer.concat([
  ng.section(),
  ng.interface(1, 262144),
  ...talk.map((data, i) => ng.packet(0, START / 1000n + BigInt(i), data)),
])
/** Offset of record `n` (from 0) in goodPcap. */
const record = (n) => 24 + talk.slice(0, n).reduce((sum, frame) => sum + 16 + frame.length, 0)
const garbage = Buffer.from(Array.from({ length: 100 }, (_, i) => (i * 167 + 91) & 255))
const patched = (data, at, value) => {
  const out = Buffer.from(data)
  out.writeUInt32LE(value, at)
  return out
}

export const broken = {
  'empty.pcap': Buffer.alloc(0),
  'text.pcap': Buffer.from('This is not a capture. It is a sentence in a file with the wrong name.\n'),
  'pcap-cut-file-header.pcap': goodPcap.subarray(0, 20),
  'pcap-cut-record-header.pcap': goodPcap.subarray(0, record(3) + 7),
  'pcap-cut-packet.pcap': goodPcap.subarray(0, record(3) + 16 + 20),
  'pcap-huge-caplen.pcap': patched(goodPcap, record(3) + 8, 0x7fffffff),
  'pcap-garbage-tail.pcap': f.bytes(goodPcap, garbage),
  'pcapng-cut-block.pcapng': goodPcapng.subarray(0, goodPcapng.length - 30),
  'pcapng-zero-length-block.pcapng': f.bytes(goodPcapng, ng.w32(6), ng.w32(0), Buffer.alloc(24)),
  'pcapng-huge-block.pcapng': f.bytes(goodPcapng, ng.w32(6), ng.w32(0x7ffffff0), Buffer.alloc(24)),
  'pcapng-garbage-tail.pcapng': f.bytes(goodPcapng, garbage),
  'pcapng-trailer-differs.pcapng': f.bytes(patched(goodPcapng, goodPcapng.length - 4, 8), ng.packet(0, 0n, talk[0])),
  'pcapng-unknown-interface.pcapng': f.bytes(goodPcapng, ng.packet(7, START / 1000n, talk[0])),
}

/** What the compressed twins hold: 300 frames, long enough for several blocks of any compressor's window to matter. */
export const plain = file.pcap(
  timed(
    Array.from({ length: 300 }, (_, i) =>
      f.inEthernet(
        f.ip(`192.0.2.${1 + (i % 5)}`, '198.51.100.2', f.udp(40000 + (i % 5), 443, f.filler(20 + ((i * 37) % 180), i))),
      ),
    ),
  ),
)
