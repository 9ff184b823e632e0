import { expect, test } from 'vitest'
import { pcap } from '../support/build-capture.ts'
import { createParser, memorySource, readFrames } from '../support/read-capture.ts'
import { ethernetFrame, udpFrame } from '../support/udp-frame.ts'

const ALL = 127
const macs = { sourceMac: '02:00:00:00:00:0a', destinationMac: '02:00:00:00:00:0b' }
const sample = [
  { data: udpFrame({ ...macs, vlans: [10, 20], sourcePort: 65535, destinationPort: 1 }) },
  { data: udpFrame({ ...macs, src: 'fe80::1', dst: 'ff02::fb' }) },
  { data: ethernetFrame(macs, 0x88cc, Buffer.alloc(46)) },
  { data: Buffer.alloc(5) },
]

async function tableOf(keyFields: number) {
  const parser = createParser({ keyFields })
  await readFrames(parser, parser.open(memorySource(pcap(sample))))
  return parser.flows
}

test('rows of each family, with every field', async () => {
  const flows = await tableOf(ALL)
  expect(flows.size).toBe(4)
  const rows = [0, 1, 2, 3].map((flow) => {
    const row = flows.row(flow)
    const { family, protocol, sourcePort, destinationPort, vlan, interface: id } = row
    const [source, destination, sourceMac] = [row.source, row.destination, row.sourceMac].map((bytes) => [...bytes])
    return { family, protocol, sourcePort, destinationPort, vlan, interface: id, source, destination, sourceMac }
  })
  const sourceMac = [2, 0, 0, 0, 0, 10]
  expect(rows).toMatchObject([
    {
      family: 4,
      protocol: 17,
      sourcePort: 65535,
      destinationPort: 1,
      vlan: 11 + 21 * 65536,
      interface: 0,
      source: [192, 0, 2, 1],
      destination: [192, 0, 2, 2],
      sourceMac,
    },
    { family: 6, protocol: 17, vlan: 0, source: [0xfe, 0x80, ...new Array(13).fill(0), 1], sourceMac },
    { family: 48, protocol: 0x88cc, source: sourceMac, destination: [2, 0, 0, 0, 0, 11], sourceMac },
    { family: 0, protocol: 1, source: [], destination: [], sourceMac: [0, 0, 0, 0, 0, 0] },
  ])
})

test('without MAC addresses in the key there are none in the rows', async () => {
  const flows = await tableOf(ALL & ~64)
  for (let id = 0; id < flows.size; id++) {
    const { sourceMac, destinationMac } = flows.row(id)
    expect([sourceMac.length, destinationMac.length]).toEqual([0, 0])
  }
})

test('one object is filled again for each row, and reads on when the memory has grown', async () => {
  const parser = createParser({ keyFields: 5 })
  await readFrames(parser, parser.open(memorySource(pcap(sample))))
  const row = parser.flows.row(0)
  const many = Array.from({ length: 70_000 }, (_, i) => ({
    data: udpFrame({ src: `10.0.${(i >> 8) & 255}.${i & 255}`, sourcePort: i >> 16 }),
  }))
  await readFrames(parser, parser.open(memorySource(pcap(many))))
  expect(parser.flows.size).toBe(4 + 70_000)
  expect(() => row.source).toThrow(TypeError)
  expect(parser.flows.row(0)).toBe(row)
  expect([...row.source, row.sourcePort]).toEqual([192, 0, 2, 1, 65535])
  expect([...parser.flows.row(4 + 65_536 + 300).source, row.sourcePort]).toEqual([10, 0, 1, 44, 1])
})
