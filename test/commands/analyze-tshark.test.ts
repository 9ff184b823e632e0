/** The numbers of windows, pairs and tunnels are tshark's. */
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../node/fixtures.ts'
import { corpusFile, corpusMissing } from '../support/corpus.ts'
import { analyzeHere } from '../support/run-here.ts'
import { missingTools, output } from '../support/tools.ts'

const missing = corpusMissing ?? missingTools('tshark', 'editcap')
if (missing !== null) console.log(`analyze-tshark.test: skipped, ${missing}`)

const folder = temporaryFolder()

interface Row {
  readonly window_start_ns: string
  readonly src: string
  readonly dst: string
  readonly packets: number
  readonly bytes: number
}

async function analyzed(file: string, ...flags: string[]): Promise<{ capture: { first_ns: string }; rows: Row[] }> {
  return JSON.parse(await analyzeHere([file, '-T', 'json', ...flags]))
}

/** `packets bytes` by key, in the order of keys. */
function summed<T>(items: readonly T[], keyOf: (item: T) => string, countsOf: (item: T) => [number, number]): string[] {
  const sums = new Map<string, [number, number]>()
  for (const item of items) {
    const [packets, bytes] = countsOf(item)
    const [morePackets, moreBytes] = sums.get(keyOf(item)) ?? [0, 0]
    sums.set(keyOf(item), [packets + morePackets, bytes + moreBytes])
  }
  return [...sums].map(([key, [packets, bytes]]) => `${key}: ${packets} packets, ${bytes} bytes`).sort()
}

/** One list of values a frame, as tshark's fields give them. */
function fieldsOf(file: string, fields: readonly string[]): string[][][] {
  const flags = fields.flatMap((field) => ['-e', field])
  const text = output('tshark', ['-n', '-r', file, '-T', 'fields', '-E', 'occurrence=a', '-E', 'separator=|', ...flags])
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('|').map((values) => (values === '' ? [] : values.split(','))))
}

describe.skipIf(missing !== null)('windows', () => {
  test.each([
    ['PcapPlusPlus/example.pcap', '5'],
    ['PcapPlusPlus/example.pcap', '0.25'],
    ['PcapPlusPlus/sll.pcap', '1'],
    ['PcapPlusPlus/examples/http-packets.pcap', '5'],
    ['wireshark/dhcp-nanosecond.pcapng', '0.05'],
    ['PcapPlusPlus/DnsPackets.pcap', '60'],
  ])('%s, every %s s: frames and bytes as -z io,stat has them', async (name, width) => {
    const file = corpusFile(name)
    const table = output('tshark', ['-n', '-q', '-r', file, '-z', `io,stat,${width}`])
    const expected = [...table.matchAll(/^\| *([\d.]+) <> *(?:[\d.]+|Dur) *\| *(\d+) *\| *(\d+) *\|$/gm)]
      .map(([, start, packets, bytes]) => `${Number(start)}: ${packets} packets, ${bytes} bytes`)
      .filter((line) => !line.includes(': 0 packets'))
    const { capture, rows } = await analyzed(file, '-w', width, '--by', 'protocol')
    const secondsOf = (row: Row) => Number(BigInt(row.window_start_ns) - BigInt(capture.first_ns)) / 1e9
    const got = summed(
      rows,
      (row) => String(secondsOf(row)),
      ({ packets, bytes }) => [packets, bytes],
    )
    expect(got).toEqual(expected.sort())
    expect(got.length).toBeGreaterThan(0)
  })

  test('each pair in each window', async () => {
    const file = corpusFile('PcapPlusPlus/example.pcap')
    const frames = fieldsOf(file, ['frame.time_epoch', 'frame.len', 'ip.src', 'ip.dst'])
    const ns = (text: string) => BigInt(text.replace('.', ''))
    const first = ns(frames[0]![0]![0]!)
    const expected = summed(
      frames,
      ([time, , src, dst]) => `${(ns(time![0]!) - first) / 5_000_000_000n} ${src![0]} ${dst![0]}`,
      ([, length]) => [1, Number(length![0])],
    )
    const { rows } = await analyzed(file, '-w', '5', '--by', 'src,dst')
    const got = summed(
      rows,
      ({ window_start_ns: start, src, dst }) => `${(BigInt(start) - first) / 5_000_000_000n} ${src} ${dst}`,
      ({ packets, bytes }) => [packets, bytes],
    )
    expect(got).toEqual(expected)
    expect(got.length).toBeGreaterThan(50)
  })
})

describe.skipIf(missing !== null)('--inner', () => {
  /** Addresses of the header that carries the traffic: the last one before ICMP, which quotes others. */
  function innermost([protocols, , src, dst, src6, dst6]: string[][]): string {
    const layers = protocols![0]!.split(':')
    const quoting = layers.findIndex((layer) => layer === 'icmp' || layer === 'icmpv6')
    const headers = (quoting === -1 ? layers : layers.slice(0, quoting)).filter((layer) => /^ip(v6)?$/.test(layer))
    if (headers.length === 0) return 'no IP'
    const nth = (layer: string) => headers.filter((header) => header === layer).length - 1
    return headers.at(-1) === 'ip'
      ? `${src![nth('ip')]} ${dst![nth('ip')]}`
      : `${src6![nth('ipv6')]} ${dst6![nth('ipv6')]}`
  }

  test.each([
    ['tcpdump/geneve.pcap', []],
    ['tcpdump/gso-ipv4-geneve-ipv6.pcap', []],
    ['tcpdump/gso-ipv6-vxlan-ipv4.pcap', []],
    // ERSPAN, a copy of somebody's traffic rather than a tunnel for it.
    ['generated/net/gre.pcap', ['5']],
    ['generated/net/tunnels-ip-in-ip.pcap', []],
    // MPLS over UDP.
    ['generated/net/udp-tunnels.pcap', ['9']],
    // Ethernet behind a control word, which tshark takes for a part of the address.
    ['generated/net/mpls.pcap', ['4']],
    ['generated/net/pppoe.pcap', []],
  ])('%s without frames %j: the addresses are those of the innermost header', async (name, leftOut) => {
    const file = join(folder, 'tunnels.pcap')
    output('editcap', [corpusFile(name), file, ...leftOut])
    const frames = fieldsOf(file, ['frame.protocols', 'frame.len', 'ip.src', 'ip.dst', 'ipv6.src', 'ipv6.dst'])
    const expected = summed(frames, innermost, ([, length]) => [1, Number(length![0])])
    const { rows } = await analyzed(file, '--inner')
    const isIp = ({ src }: Row) => src !== null && !/^(..:){5}..$/.test(src)
    const got = summed(
      rows,
      (row) => (isIp(row) ? `${row.src} ${row.dst}` : 'no IP'),
      ({ packets, bytes }) => [packets, bytes],
    )
    expect(got).toEqual(expected)
    expect(got).not.toEqual(
      summed(
        (await analyzed(file)).rows,
        ({ src, dst }) => `${src} ${dst}`,
        ({ packets, bytes }) => [packets, bytes],
      ),
    )
  })
})
