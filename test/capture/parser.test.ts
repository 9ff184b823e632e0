import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { openFile } from '../../src/node/open-source.ts'
import { hasTool } from '../node/fixtures.ts'
import { pcap, pcapng } from '../support/build-capture.ts'
import { corpusFile, corpusMissing } from '../support/corpus.ts'
import { createParser, memorySource, readCapture, readFlows, readFrames } from '../support/read-capture.ts'
import { udpFrame } from '../support/udp-frame.ts'

const payload = Buffer.alloc(100)
const v4 = udpFrame({ payload })
const v6 = udpFrame({ src: '2001:db8::1', dst: '2001:db8::2', payload })

test.each([
  { basis: 'frame', lengths: [142, 162, 200, 60] },
  { basis: 'ip', lengths: [128, 148, 128, 0] },
  { basis: 'payload', lengths: [100, 100, 100, 0] },
] as const)('basis $basis', async ({ basis, lengths }) => {
  const { frames } = await readCapture(
    pcap([
      { data: v4 },
      { data: v6 },
      // Cut behind the headers, padded on the wire: neither changes what the headers say.
      { data: v4.subarray(0, 42), origlen: 200 },
      { data: Buffer.concat([v4.subarray(0, 12), Buffer.from([0x08, 0x06]), Buffer.alloc(46)]) },
    ]),
    { basis },
  )
  expect(frames.map(({ length }) => length)).toEqual(lengths)
})

const reason = corpusMissing ?? (hasTool('tshark') ? null : 'tshark is not installed')
if (reason !== null) process.stdout.write(`skipped, lengths against tshark: ${reason}\n`)

test
  .skipIf(reason !== null)
  .each([
    'PcapPlusPlus/examples/many-protocols.pcap',
    'PcapPlusPlus/example.pcap',
    'PcapPlusPlus/four_ipv6_http_streams.pcap',
    'PcapPlusPlus/ip4_fragments.pcap',
  ])('the lengths of tshark: %s', async (name) => {
  const path = corpusFile(name)
  const fields = ['ip.len', 'ipv6.plen', 'ip.frag_offset', 'tcp.len', 'udp.length'].flatMap((field) => ['-e', field])
  const options = ['-o', 'ip.defragment:FALSE', '-o', 'tcp.desegment_tcp_streams:FALSE']
  const args = ['-r', path, '-T', 'fields', '-E', 'occurrence=f', ...options, ...fields]
  const rows = execFileSync('tshark', args, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'))
  const read = async (basis: 'ip' | 'payload') => (await readCapture(await openFile(path), { basis })).frames
  const ip = await read('ip')
  const transport = await read('payload')
  expect(ip.length).toBe(rows.length)
  let compared = 0
  for (const [i, [ipLength, payloadLength, fragmentOffset, tcpLength, udpLength]] of rows.entries()) {
    const wanted = ipLength ? Number(ipLength) : payloadLength ? 40 + Number(payloadLength) : 0
    expect(ip[i]?.length, `IP length of frame ${i + 1}`).toBe(wanted)
    // The first fragment's UDP length is that of the whole datagram; ours is what this frame carries.
    const isWhole = Number(fragmentOffset || 0) === 0 && !name.includes('fragments')
    if (!isWhole || (!tcpLength && !udpLength)) continue
    expect(transport[i]?.length, `payload of frame ${i + 1}`).toBe(
      tcpLength ? Number(tcpLength) : Number(udpLength) - 8,
    )
    compared++
  }
  if (!name.includes('fragments')) expect(compared).toBeGreaterThan(rows.length / 2)
})

test('several streams open at once share flows and interfaces, and do not disturb each other', async () => {
  const parser = createParser({ keyFields: 1 | 32, chunkBytes: 50 })
  const blocks = pcapng('big')
  const sources = Array.from({ length: 6 }, (_, i) => {
    const list = Array.from({ length: 200 }, (_, j) => udpFrame({ src: `10.0.${i % 2}.${j}` }))
    if (i % 2 === 0) return pcap(list.map((data, seconds) => ({ seconds, data })))
    const packets = list.map((data, ticks) => blocks.packet({ data, ticks: BigInt(ticks) * 1_000_000n }))
    return Buffer.concat([blocks.section(), blocks.interface({ name: `if${i}` }), ...packets])
  })
  const streams = sources.map((bytes, i) => parser.open(memorySource(bytes, () => 30 + i)))
  const times = streams.map(() => [] as number[])
  // One frame of each in turn.
  for (let open = streams.length; open > 0; ) {
    open = 0
    for (const [i, stream] of streams.entries()) {
      const batch = await stream.next(1)
      if (batch === null) continue
      open++
      const time = new BigInt64Array(batch.time.buffer, batch.time.byteOffset, 1)[0]!
      times[i]?.push(Number(time / 1_000_000_000n))
    }
  }
  for (const list of times) expect(list).toEqual(Array.from({ length: 200 }, (_, second) => second))
  expect(streams.map(({ fault }) => fault)).toEqual(new Array(6).fill(null))
  expect(parser.interfaces().map(({ name }) => name)).toEqual([null, 'if1', null, 'if3', null, 'if5'])
  expect(parser.flows.size).toBe(6 * 200)
})

test('the batch of a stream is still right when another has grown the memory', async () => {
  const parser = createParser({ keyFields: 1 })
  const first = parser.open(memorySource(pcap([{ seconds: 7, data: v4 }])))
  const before = await first.next()
  const large = Array.from({ length: 20_000 }, (_, i) => ({ data: udpFrame({ src: `10.0.${i >> 8}.${i & 255}` }) }))
  const second = parser.open(memorySource(pcap([...large, { data: Buffer.alloc(250_000) }])))
  await readFrames(parser, second)
  expect(before?.memory.length).toBe(0)
  const { batch } = first
  expect([batch.count, batch.origlen[0], batch.time[0]! + batch.time[1]! * 2 ** 32]).toEqual([1, 142, 7e9])
  expect(Buffer.from(batch.memory.buffer, batch.data[0]!, batch.caplen[0]!)).toEqual(v4)
})

test('inner: the innermost IP header counts, where there is a tunnel', async () => {
  const inner = udpFrame({ src: '192.168.0.1', dst: '192.168.0.2' }).subarray(14)
  // Protocol 4, IP in IP (RFC 2003).
  const outer = Buffer.from('4500000000000000400400000a0000010a000002', 'hex')
  outer.writeUInt16BE(20 + inner.length, 2)
  const bytes = pcap([{ data: Buffer.concat([outer, inner]) }], { linktype: 101 })
  const row = async (isInner: boolean) => (await readCapture(bytes, { keyFields: 15, inner: isInner })).flows
  expect(await row(false)).toEqual(['4/4 0a000001:0>0a000002:0 vlan 0 if 0 ->-'])
  expect(await row(true)).toEqual(['4/17 c0a80001:1000>c0a80002:2000 vlan 0 if 0 ->-'])
})

test('parsers know nothing of each other', async () => {
  const [one, other] = [createParser({ keyFields: 1 }), createParser({ keyFields: 2, basis: 'ip' })]
  await readFrames(one, one.open(memorySource(pcap([{ data: v4 }]))))
  expect([one.flows.size, other.flows.size, other.interfaces().length]).toEqual([1, 0, 0])
  const frames = await readFrames(other, other.open(memorySource(pcap([{ data: v4 }, { data: v6 }]))))
  expect(frames.map(({ length }) => length)).toEqual([128, 148])
  expect(readFlows(one)).toEqual(['4/17 c0000201:0>00000000:0 vlan 0 if 0 ->-'])
})
