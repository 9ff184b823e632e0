import { describe, expect, test } from 'vitest'
import { pcap, pcapng } from '../support/build-capture.ts'
import { createParser, memorySource, readCapture, readFrames } from '../support/read-capture.ts'

const data = Buffer.from('0102030405', 'hex')

describe.each(['little', 'big'] as const)('byte order %s', (order) => {
  const blocks = pcapng(order)
  const read = (...parts: Buffer[]) => readCapture(Buffer.concat([blocks.section(), ...parts]))

  test('enhanced, obsolete and simple packets, data not padded to four bytes', async () => {
    const { frames, fault, format } = await read(
      blocks.interface({ linktype: 101 }),
      blocks.interface({ linktype: 113, tsresol: 9 }),
      blocks.packet({ data, ticks: 2n ** 32n + 7n, origlen: 1000 }),
      blocks.packet({ data, interface: 1, ticks: 2n ** 32n + 7n, options: [{ code: 1, value: Buffer.from('why') }] }),
      blocks.obsoletePacket({ data, interface: 1, ticks: 5n, drops: 0xffff }),
      blocks.simplePacket({ data }),
    )
    expect([fault, format]).toEqual([null, 'pcapng'])
    expect(frames).toMatchObject([
      { time: 4_294_967_303_000n, origlen: 1000, caplen: 5, linktype: 101, interface: 0, data: '0102030405' },
      { time: 4_294_967_303n, origlen: 5, caplen: 5, linktype: 113, interface: 1, data: '0102030405' },
      { time: 5n, linktype: 113, interface: 1, data: '0102030405' },
      { time: null, origlen: 5, caplen: 5, linktype: 101, interface: 0, data: '0102030405' },
    ])
  })

  test('the snaplen of the first interface cuts a simple packet, which does not state its captured length', async () => {
    const simple = blocks.simplePacket({ data: Buffer.alloc(64, 7), origlen: 1500 })
    const { frames, fault } = await read(blocks.interface({ snaplen: 64 }), simple)
    expect(fault).toBeNull()
    expect(frames).toMatchObject([{ caplen: 64, origlen: 1500, data: '07'.repeat(64) }])
  })

  test('blocks that hold no packets are passed over', async () => {
    const { frames, fault } = await read(
      blocks.interface(),
      blocks.custom(Buffer.from('anything')),
      ...[0, 4, 7, 8, 9, 10, 0x0a, 0x0bad, 0x40000bad, 0x80000000, 0xffffffff].map((type) =>
        blocks.block(type, Buffer.alloc(24, 0xff)),
      ),
      blocks.block(77, Buffer.alloc(0)),
      blocks.packet({ data }),
    )
    expect(fault).toBeNull()
    expect(frames.length).toBe(1)
  })

  test('a bad option costs the options behind it, never a packet', async () => {
    const overrun = Buffer.concat([blocks.options([{ code: 11, value: data }]).subarray(0, 8), Buffer.alloc(4, 0xff)])
    const { frames, fault, interfaces } = await read(
      blocks.interface({
        name: 'eth0',
        options: [
          { code: 9, value: new Uint8Array(0) },
          { code: 14, value: Uint8Array.of(1, 2) },
        ],
      }),
      blocks.packet({ data, ticks: 3n, options: [{ code: 0xffff, value: overrun }] }),
    )
    expect(fault).toBeNull()
    expect(interfaces).toMatchObject([{ name: 'eth0' }])
    // Neither the empty if_tsresol nor the short if_tsoffset counts: microseconds it is.
    expect(frames).toMatchObject([{ time: 3000n, data: '0102030405' }])
    const cut = await read(
      blocks.block(1, Buffer.concat([Buffer.alloc(8), Buffer.alloc(4, 0xff)])),
      blocks.packet({ data }),
    )
    expect([cut.fault, cut.frames.length]).toEqual([null, 1])
  })
})

test('sections in both byte orders, each with interfaces of its own', async () => {
  const parts = (['little', 'big', 'little'] as const).flatMap((order, i) => {
    const blocks = pcapng(order)
    return [
      blocks.section(),
      blocks.interface({ linktype: 101 + i }),
      blocks.interface({ linktype: 201 + i }),
      blocks.packet({ data, interface: 1 }),
      blocks.packet({ data }),
    ]
  })
  const { frames, interfaces } = await readCapture(Buffer.concat(parts))
  expect(frames.map(({ interface: id, linktype }) => [id, linktype])).toEqual([
    [1, 201],
    [0, 101],
    [3, 202],
    [2, 102],
    [5, 203],
    [4, 103],
  ])
  expect(interfaces.length).toBe(6)
})

test('an interface that is described late, behind packets', async () => {
  const blocks = pcapng()
  const { frames } = await readCapture(
    Buffer.concat([
      blocks.section(),
      blocks.interface(),
      blocks.packet({ data }),
      blocks.interface({ linktype: 101 }),
      blocks.packet({ data, interface: 1 }),
      blocks.packet({ data }),
    ]),
  )
  expect(frames.map(({ interface: id, linktype }) => [id, linktype])).toEqual([
    [0, 1],
    [1, 101],
    [0, 1],
  ])
})

test('an interface that is described late while another stream has described some: ids move, what they say does not', async () => {
  const parser = createParser()
  const blocks = pcapng()
  const late = Buffer.concat([
    blocks.section(),
    blocks.interface({ linktype: 101, name: 'one', tsresol: 0, tsoffset: 10n }),
    blocks.packet({ data, ticks: 1n }),
    blocks.interface({ linktype: 102, name: 'two', tsresol: 3 }),
    blocks.packet({ data, ticks: 2n }),
    blocks.packet({ data, ticks: 3n, interface: 1 }),
  ])
  const first = parser.open(memorySource(late, () => 40))
  expect((await first.next(1))?.count).toBe(1)
  const second = parser.open(memorySource(pcap([{ data }], { linktype: 9 })))
  const others = await readFrames(parser, second)
  const rest = await readFrames(parser, first)
  const describe = (id: number) => {
    const { name, linktype } = parser.interfaces()[id]!
    return [name, linktype]
  }
  expect(others.map(({ interface: id }) => describe(id))).toEqual([[null, 9]])
  expect(rest.map(({ interface: id, time }) => [...describe(id), time])).toEqual([
    ['one', 101, 12_000_000_000n],
    ['two', 102, 3_000_000n],
  ])
})

test('a block of 128 MB that is passed over takes no memory', async () => {
  const blocks = pcapng()
  const huge = 134_348_832
  const parts = [
    Buffer.concat([
      blocks.section(),
      blocks.interface(),
      blocks.block(99, Buffer.alloc(0), { leading: huge }).subarray(0, 8),
    ]),
    Buffer.alloc(huge - 12),
    Buffer.concat([blocks.block(99, Buffer.alloc(0), { trailing: huge }).subarray(8), blocks.packet({ data })]),
  ]
  const whole = Buffer.concat(parts)
  const parser = createParser()
  const stream = parser.open(memorySource(whole))
  const batch = await stream.next()
  expect(batch?.count).toBe(1)
  expect(batch?.memory.length).toBeLessThan(8e6)
  expect([await stream.next(), stream.fault]).toEqual([null, null])
  const cut = await readCapture(whole.subarray(0, 100_000_000))
  expect(cut.fault).toMatchObject({
    offset: 48n,
    message: `cut in the block at byte 48: ${100_000_000 - 48} of ${huge} bytes`,
  })
})
