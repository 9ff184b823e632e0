import { expect, test } from 'vitest'
import * as key from '../../src/abi/key-fields.ts'
import { pcap, pcapng } from '../support/build-capture.ts'
import { createParser, memorySource, readCapture, readFlows, readFrames } from '../support/read-capture.ts'
import { ethernetFrame, type UdpFrame, udpFrame } from '../support/udp-frame.ts'

const ALL = 127

/** Ids of the flows of one frame each, under a key, and the rows. */
async function flowsOf(list: readonly UdpFrame[], keyFields: number) {
  const { frames, flows } = await readCapture(pcap(list.map((frame) => ({ data: udpFrame(frame) }))), { keyFields })
  return { ids: frames.map(({ flow }) => flow), flows }
}

const base: UdpFrame = { src: '192.0.2.1', dst: '192.0.2.2', sourcePort: 10, destinationPort: 20, vlans: [5] }
const fieldCases: readonly { name: string; bit: number; other: UdpFrame; row: string }[] = [
  {
    name: 'source',
    bit: key.KEY_SOURCE,
    other: { ...base, src: '192.0.2.9' },
    row: '4/17 c0000209:0>00000000:0 vlan 0 if 0 ->-',
  },
  {
    name: 'destination',
    bit: key.KEY_DESTINATION,
    other: { ...base, dst: '192.0.2.9' },
    row: '4/17 00000000:0>c0000209:0 vlan 0 if 0 ->-',
  },
  {
    name: 'source port',
    bit: key.KEY_SOURCE_PORT,
    other: { ...base, sourcePort: 65535 },
    row: '4/17 00000000:65535>00000000:0 vlan 0 if 0 ->-',
  },
  {
    name: 'destination port',
    bit: key.KEY_DESTINATION_PORT,
    other: { ...base, destinationPort: 65534 },
    row: '4/17 00000000:0>00000000:65534 vlan 0 if 0 ->-',
  },
  {
    name: 'VLAN',
    bit: key.KEY_VLAN,
    other: { ...base, vlans: [4095, 7] },
    row: `4/17 00000000:0>00000000:0 vlan ${4096 + 8 * 65536} if 0 ->-`,
  },
  {
    name: 'MAC addresses',
    bit: key.KEY_MAC,
    other: { ...base, sourceMac: '06:05:04:03:02:01' },
    row: '4/17 00000000:0>00000000:0 vlan 0 if 0 060504030201>020000000002',
  },
]

test.each(fieldCases)('$name: tells flows apart only when it is part of the key', async ({ bit, other, row }) => {
  const asked = await flowsOf([base, other, base], bit)
  expect(asked.ids).toEqual([0, 1, 0])
  expect(asked.flows[1]).toBe(row)
  for (const keyFields of [0, ALL & ~bit]) {
    expect((await flowsOf([base, other, base], keyFields)).ids).toEqual([0, 0, 0])
  }
})

test('a key of nothing is family and protocol', async () => {
  const { ids, flows } = await flowsOf([base, { src: '2001:db8::1', dst: '2001:db8::2' }, base], 0)
  expect(ids).toEqual([0, 1, 0])
  expect(flows).toEqual([
    '4/17 00000000:0>00000000:0 vlan 0 if 0 ->-',
    `6/17 ${'0'.repeat(32)}:0>${'0'.repeat(32)}:0 vlan 0 if 0 ->-`,
  ])
})

test('IPv4 and IPv6 rows hold their addresses in network order', async () => {
  const v6 = { src: '2001:db8::1', dst: '2001:db8:1:2:3:4:5:6', sourcePort: 1, destinationPort: 2 }
  const { flows } = await flowsOf([base, v6], ALL & ~key.KEY_MAC)
  expect(flows).toEqual([
    '4/17 c0000201:10>c0000202:20 vlan 6 if 0 ->-',
    '6/17 20010db8000000000000000000000001:1>20010db8000100020003000400050006:2 vlan 0 if 0 ->-',
  ])
})

test('frames without IP are flows between MAC addresses, or of an interface', async () => {
  const blocks = pcapng()
  const arp = ethernetFrame({}, 0x0806, Buffer.alloc(46))
  const bytes = Buffer.concat([
    blocks.section(),
    blocks.interface(),
    blocks.interface({ linktype: 147 }),
    blocks.interface({ linktype: 147 }),
    blocks.packet({ data: arp }),
    ...[1, 2, 1].map((id) => blocks.packet({ interface: id, data: Buffer.alloc(9) })),
  ])
  const { frames, flows } = await readCapture(bytes, { keyFields: key.KEY_SOURCE | key.KEY_DESTINATION })
  expect(flows).toEqual([
    '48/2054 020000000001:0>020000000002:0 vlan 0 if 0 ->-',
    '0/147 -:0>-:0 vlan 0 if 1 ->-',
    '0/147 -:0>-:0 vlan 0 if 2 ->-',
  ])
  expect(frames.map(({ flow }) => flow)).toEqual([0, 1, 2, 1])
  // Only the source makes the interface stand in for it.
  const { flows: byDestination } = await readCapture(bytes, { keyFields: key.KEY_DESTINATION })
  expect(byDestination).toEqual([
    '48/2054 000000000000:0>020000000002:0 vlan 0 if 0 ->-',
    '0/147 -:0>-:0 vlan 0 if 0 ->-',
  ])
})

test('the interface, when asked for, splits what is otherwise the same', async () => {
  const blocks = pcapng()
  const data = udpFrame()
  const bytes = Buffer.concat([
    blocks.section(),
    blocks.interface(),
    blocks.interface(),
    ...[0, 1, 0].map((id) => blocks.packet({ interface: id, data })),
  ])
  const split = await readCapture(bytes, { keyFields: key.KEY_INTERFACE })
  expect(split.flows.map((flow) => flow.replace(/ ->-$/, ''))).toEqual([
    '4/17 00000000:0>00000000:0 vlan 0 if 0',
    '4/17 00000000:0>00000000:0 vlan 0 if 1',
  ])
  expect((await readCapture(bytes)).flows.length).toBe(1)
})

const MANY = 300_000

/** `MANY` flows in a scrambled order (a full cycle: the step is odd and not a multiple of 5 or 3), each met twice. */
function manyFlows(): { readonly bytes: Buffer; readonly numbers: Uint32Array } {
  const numbers = new Uint32Array(2 * MANY)
  const frame = udpFrame({ payload: Buffer.alloc(4) })
  const recordLength = 16 + frame.length
  const start = pcap([{ data: frame }])
  const bytes = Buffer.alloc(24 + 2 * MANY * recordLength)
  start.copy(bytes, 0, 0, 24)
  for (let i = 0; i < 2 * MANY; i++) {
    const number = (i * 7_919) % MANY
    const at = 24 + i * recordLength
    numbers[i] = number
    start.copy(bytes, at, 24)
    // 1000 sources, 300 ports.
    bytes.writeUInt32BE(0x0a000000 + Math.floor(number / 300), at + 16 + 26)
    bytes.writeUInt16BE(number % 300, at + 16 + 34)
  }
  return { bytes, numbers }
}

test.each([
  { name: 'rows of 48 bytes', keyFields: key.KEY_SOURCE | key.KEY_SOURCE_PORT },
  { name: 'rows of 64 bytes', keyFields: key.KEY_SOURCE | key.KEY_SOURCE_PORT | key.KEY_MAC },
])('300,000 flows: ids are dense, in the order of first sight, whatever the seed; $name', async ({ keyFields }) => {
  const { bytes, numbers } = manyFlows()
  const idOf = new Map<number, number>()
  for (const number of numbers) if (!idOf.has(number)) idOf.set(number, idOf.size)
  expect(idOf.size).toBe(MANY)
  // Each parser draws a seed of its own.
  for (let round = 0; round < 2; round++) {
    const parser = createParser({ keyFields })
    const stream = parser.open(memorySource(bytes))
    let frames = 0
    let wrong = 0
    for (let batch = await stream.next(); batch !== null; batch = await stream.next()) {
      for (let i = 0; i < batch.count; i++) if (batch.flow[i] !== idOf.get(numbers[frames++]!)) wrong++
    }
    expect({ frames, wrong, size: parser.flows.size }).toEqual({ frames: 2 * MANY, wrong: 0, size: MANY })
    for (const [number, id] of idOf) {
      const row = parser.flows.row(id)
      const source = (row.source[2] ?? 0) * 256 + (row.source[3] ?? 0)
      if (source * 300 + row.sourcePort !== number) wrong++
    }
    expect(wrong).toBe(0)
  }
})

test('streams of one parser share the table', async () => {
  const parser = createParser({ keyFields: key.KEY_SOURCE })
  const of = (...sources: string[]) => memorySource(pcap(sources.map((src) => ({ data: udpFrame({ src }) }))))
  const [first, second] = [
    parser.open(of('192.0.2.1', '192.0.2.2')),
    parser.open(of('192.0.2.2', '192.0.2.3', '192.0.2.1')),
  ]
  const ids = async (stream: typeof first) => (await readFrames(parser, stream, 1)).map(({ flow }) => flow)
  expect(await ids(first)).toEqual([0, 1])
  expect(await ids(second)).toEqual([1, 2, 0])
  expect(readFlows(parser).length).toBe(3)
})
