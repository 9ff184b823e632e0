/** decodeFrame against tshark, field by field, on real captures. */
import { describe, expect, test } from 'vitest'
import { decodeFrame } from '../../src/decoders/decode-frame.ts'
import { corpusFile, corpusMissing, readFrames } from '../support/corpus.ts'
import { readOurFields, readTsharkFields, type TsharkFrame, tsharkMissing } from '../support/tshark-fields.ts'

const CAPTURES = [
  'PcapPlusPlus/GrePackets.cap',
  'PcapPlusPlus/ICMPv6_echos.cap',
  'PcapPlusPlus/IgmpPackets.pcap',
  'PcapPlusPlus/VlanPackets.pcap',
  'PcapPlusPlus/examples/many-protocols.pcap',
  'PcapPlusPlus/examples/ip-frag.pcap',
  'PcapPlusPlus/examples/ipv6-frag.pcap',
  'PcapPlusPlus/packet/ipv4-options.pcap',
  'PcapPlusPlus/packet/ipv6_options.pcap',
  'PcapPlusPlus/sll.pcap',
  'generated/link/chdlc-104.pcap',
  'generated/link/ppp-9.pcap',
  'generated/link/radiotap-127.pcap',
  'generated/link/sll-113.pcap',
  'generated/link/sll2-276.pcap',
  'generated/link/wlan-105.pcap',
  'generated/link/wlan-qos-htc-amsdu.pcap',
  'generated/net/gre.pcap',
  'generated/net/icmp-error-quotes.pcap',
  'generated/net/ipv4-fragments.pcap',
  'generated/net/ipv6-exthdr.pcap',
  'generated/net/ipv6-fragments.pcap',
  'generated/net/llc-snap-8023.pcap',
  'generated/net/mpls.pcap',
  'generated/net/pppoe.pcap',
  'generated/net/qinq.pcap',
  'generated/net/tcp-udp-odd.pcap',
  'generated/net/vlan.pcap',
  'generated/net/udp-tunnels.pcap',
  'generated/trunc/every-length-mpls-gre.pcap',
  'generated/trunc/every-length-v6-ext.pcap',
  'generated/trunc/every-length-vlan-v4.pcap',
  'pcap-parser/wireshark_samples-test.pcapng',
  'tcpdump/isup.pcap',
  'tcpdump/lspping-fec-ldp.pcap',
  'tcpdump/mpls-traceroute.pcap',
  'tcpdump/various_gre.pcap',
  'tcpdump/vxlan.pcap',
  'wireshark/dns+icmp.pcapng.gz',
  'wireshark/test.cap',
  'wireshark/wpa-Induction.pcap.gz',
]

const missing = corpusMissing ?? tsharkMissing
if (missing !== null) process.stdout.write(`skipped: decodeFrame against tshark: ${missing}\n`)

/**
 * tshark goes further: into the header that an ICMP error quotes, which was not sent by those it names, behind the first
 * frame of an A-MSDU, behind AH in IPv4, and into protocols that netkit does not decode (UDP-Lite under UDP's name, too).
 * Then our values are the first of its values.
 */
const GOES_FURTHER = /icmp(v6)?:ip|data:llc|ip:ah|erspan|:cmd|l2tp|udp:mpls|udplite|pppoed/

/** Fields in which tshark 4.0 means something else, by what it found in the frame. */
function isIncomparable(field: string, { protocols, fields }: TsharkFrame): boolean {
  // Its 802.1ad dissector takes tags for itself, and with a source route it gives the last hop as destination.
  if (field.startsWith('vlan.')) return protocols.includes('ieee8021ad')
  // Length 0 is a type to it in Ethernet and an error in UDP; in raw IPX it sees no LLC; VXLAN-GPE has VXLAN's VNI.
  if (field === 'eth.len') return fields.get('eth.type')!.includes(0)
  if (field === 'udp.checksum') return fields.get('udp.length')!.includes(0)
  if (field.startsWith('llc.')) return protocols.includes('ipx')
  if (field === 'vxlan.vni') return !protocols.includes('vxlan')
  return field === 'ip.dst' && fields.get('ip.opt.type')!.some((type) => type === 0x83 || type === 0x89)
}

describe.skipIf(missing !== null)('decodeFrame and tshark', () => {
  const seen = new Set<string>()

  test.each(CAPTURES)('%s', async (name) => {
    const file = corpusFile(name)
    const expected = readTsharkFields(file)
    let number = 0
    for await (const { bytes, linktype, origlen } of readFrames([file])) {
      const reading = expected[number]!
      number++
      // A guess about what a label carries, and for the frame that has one the wrong one: its control word is real.
      if (reading.protocols.includes('pwethheuristic')) continue
      const { layers, fault } = decodeFrame(bytes, linktype, { origlen })
      const ourFields = readOurFields(layers)
      for (const { layer } of layers) seen.add(layer)
      const isPart = fault !== null || GOES_FURTHER.test(reading.protocols)
      for (const [field, theirs] of reading.fields) {
        if (isIncomparable(field, reading)) continue
        const ours = ourFields.get(field) ?? []
        const comparable = isPart ? theirs.slice(0, ours.length) : theirs
        // expect() takes its time, and there are half a million of them.
        if (ours.join() !== comparable.join()) expect(ours, `frame ${number}, ${field}`).toEqual(comparable)
      }
    }
    expect(number).toBe(expected.length)
  })

  test('the captures have all that is compared', () => {
    expect([...seen]).toEqual(
      expect.arrayContaining(['ethernet', 'vlan', 'mpls', 'arp', 'ipv4', 'ipv6', 'ipv6-extension', 'tcp', 'udp']),
    )
    expect([...seen]).toEqual(expect.arrayContaining(['icmp', 'icmpv6', 'gre', 'vxlan']))
  })
})
