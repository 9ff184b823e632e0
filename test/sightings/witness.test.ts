/**
 * What tshark finds in the same captures. Two rules differ on purpose and are in readTsharkNames: tshark lists addresses as Host
 * too, and the owner of an address record where we give the question. All other differences are listed here, with their reason.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Answer, encode, streamEncode } from 'dns-packet'
import { describe, expect, test } from 'vitest'
import { pcap } from '../support/build-capture.ts'
import { concat, ethernet, ipv4, tcp, udp } from '../support/build-frame.ts'
import { capturesFolder } from '../support/captures.ts'
import { corpusFile, corpusMissing } from '../support/corpus.ts'
import { readNames } from '../support/read-names.ts'
import { missingTools } from '../support/tools.ts'
import { readTsharkNames } from '../support/tshark-names.ts'
import { dhcpMessage, option, text } from './dhcp-messages.ts'
import { clientHello, cryptoFrame, sealInitial, segmentsOf, tlsRecords } from './payloads.ts'

const missing = missingTools('tshark')
if (missing !== null) console.log(`names by tshark: skipped, ${missing}`)
if (corpusMissing !== null) console.log(`names in the corpus: skipped, ${corpusMissing}`)

interface Differences {
  readonly ours?: readonly string[]
  readonly theirs?: readonly string[]
}

async function compare(file: string, { ours = [], theirs = [] }: Differences = {}): Promise<string[]> {
  const found = new Set(await readNames(file))
  const witness = readTsharkNames(file)
  expect(
    [...found].filter((name) => !witness.has(name)),
    'ours only',
  ).toEqual(ours)
  expect(
    [...witness].filter((name) => !found.has(name)),
    "tshark's only",
  ).toEqual(theirs)
  return [...found]
}

describe.skipIf(missing !== null)('captures of this project', () => {
  test('an office', async () => {
    const names = await compare(`${capturesFolder}office.pcapng`)
    expect(names).toContain('tls 2001:db8:80::10 cdn.example.net')
    expect(names.length).toBe(11)
  })

  test('cut after 96 bytes', async () => {
    // The Host field is cut behind its first letter, which is no name.
    await compare(`${capturesFolder}office-snaplen-96.pcap`, { theirs: ['http 203.0.113.10 w'] })
  })
})

/** Frames between two addresses, from the payloads. */
function frames(): Uint8Array[] {
  const between = (protocol: number, segment: Uint8Array) => ethernet(0x0800, ipv4({ protocol }, segment))
  const datagram = (bytes: Uint8Array, sourcePort: number, destinationPort: number) =>
    between(17, udp({ sourcePort, destinationPort }, bytes))
  const a = (name: string, data: string): Answer => ({ type: 'A', name, ttl: 60, data })
  const response = (name: string, list: Answer[], flags = 0x8180) => ({
    type: 'response' as const,
    id: 1,
    flags,
    questions: [{ type: 'A' as const, name }],
    answers: list,
  })
  const stream = (bytes: Uint8Array, cuts: readonly number[], sourcePort: number, destinationPort: number) =>
    segmentsOf(bytes, cuts, { sequence: 0x01020304 }).map(({ bytes: part, sequence }) => {
      const segment = tcp({ sourcePort, destinationPort }, part)
      new DataView(segment.buffer).setUint32(4, sequence)
      return between(6, segment)
    })
  const hello = clientHello({ name: 'Large.example', keyShareLength: 1216, isNameLast: true })
  const chain: Answer[] = [
    { type: 'CNAME', name: 'www.example.com', ttl: 60, data: 'edge.example' },
    a('edge.example', '192.0.2.7'),
  ]
  const overTcp = concat(
    new Uint8Array(streamEncode(response('one.example', [a('one.example', '192.0.2.8')]))),
    new Uint8Array(streamEncode(response('two.example', [a('two.example', '192.0.2.9')]))),
  )
  const quic = clientHello({ name: 'quic.example', keyShareLength: 1216, isNameLast: true })
  return [
    datagram(new Uint8Array(encode(response('www.example.com', chain))), 53, 40_001),
    datagram(new Uint8Array(encode(response('desk.local', [a('desk.local', '192.0.2.10')], 0x8400))), 5353, 5353),
    datagram(new Uint8Array(encode(response('desk', [a('desk', '192.0.2.11')], 0x8000))), 5355, 40_002),
    datagram(dhcpMessage({ op: 2, type: 5, yiaddr: '192.0.2.12', options: option(12, text('Printer')) }), 67, 68),
    ...stream(overTcp, [1, 30, 70], 53, 40_003),
    ...stream(tlsRecords(hello), [1200], 40_004, 443),
    ...stream(tlsRecords(clientHello({ name: 'records.example', isNameLast: true }), 60), [50, 100], 40_005, 443),
    ...stream(
      Buffer.from('GET / HTTP/1.1\r\nUser-Agent: x\r\nHost: www.example.org:8080\r\n\r\n'),
      [20, 40],
      40_006,
      80,
    ),
    datagram(sealInitial(concat(cryptoFrame(quic, 700, 1200), cryptoFrame(quic, 0, 300))), 40_007, 443),
    datagram(
      sealInitial(concat(cryptoFrame(quic, 1200, quic.length), cryptoFrame(quic, 300, 700)), { packetNumber: 1 }),
      40_007,
      443,
    ),
  ]
}

const BUILT = [
  'dns 192.0.2.7 www.example.com',
  'mdns 192.0.2.10 desk.local',
  'llmnr 192.0.2.11 desk',
  'dhcp 192.0.2.12 printer',
  'dns 192.0.2.8 one.example',
  'dns 192.0.2.9 two.example',
  'tls 198.51.100.2 large.example',
  'tls 198.51.100.2 records.example',
  'http 198.51.100.2 www.example.org',
  'quic 198.51.100.2 quic.example',
]

describe.skipIf(missing !== null)('built here', () => {
  test('each kind of name; hellos, requests and messages over segments and packets', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'netkit-names-'))
    try {
      const file = join(folder, 'names.pcap')
      writeFileSync(file, pcap(frames().map((data) => ({ data }))))
      expect(await compare(file)).toEqual(BUILT)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe.skipIf(missing !== null || corpusMissing !== null)('the corpus', () => {
  test.each<[file: string, names: number, Differences?]>([
    ['PcapPlusPlus/DnsPackets.pcap', 593],
    ['PcapPlusPlus/example.pcap', 139],
    ['PcapPlusPlus/examples/many-protocols.pcap', 348],
    ['PcapPlusPlus/examples/tls2.pcap', 172],
    ['PcapPlusPlus/examples/http-packets2.pcap', 6],
    ['PcapPlusPlus/examples/frag_http_req.pcap', 1],
    // Two requests whose first segment has the Host field, and whose second the capture has not: no head ends for tshark.
    [
      'PcapPlusPlus/4KHttpRequests.pcap',
      54,
      { ours: ['http 74.125.237.119 csi.gstatic.com', 'http 192.118.82.155 events.walla.co.il'] },
    ],
    ['PcapPlusPlus/unidirectional_tcp_stream_with_missing_packet.pcap', 1],
    ['PcapPlusPlus/sll.pcap', 6],
    ['PcapPlusPlus/raw_ip.pcap', 7],
    ['PcapPlusPlus/packet/MplsPackets.pcap', 1],
    ['pcap-parser/wireshark_samples-test.pcapng', 9],
    ['wireshark/dns+icmp.pcapng.gz', 4],
    // The capture cut the Initial: there is no tag behind it, and without one tshark decrypts nothing.
    ['tcpdump/quic_handshake_truncated.pcap', 1, { ours: ['quic ::1 localhost'] }],
  ])('%s', async (file, count, differences) => {
    expect((await compare(corpusFile(file), differences)).length).toBe(count)
  })
})
