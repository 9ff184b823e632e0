import { expect, test } from 'vitest'
import { pcapng } from '../support/build-capture.ts'
import { createParser, memorySource, readCapture } from '../support/read-capture.ts'

const data = Buffer.alloc(20)

test.each(['little', 'big'] as const)('names, link types, counters of statistics; byte order %s', async (order) => {
  const blocks = pcapng(order)
  const { interfaces } = await readCapture(
    Buffer.concat([
      blocks.section(),
      blocks.interface({ name: 'eth0', linktype: 1, snaplen: 262_144 }),
      blocks.interface({ name: 'Ethernet (Büro)', linktype: 276 }),
      blocks.interface({ linktype: 101 }),
      blocks.statistics({ received: 5n, dropped: 1n }),
      blocks.packet({ data }),
      // Counters run from the start of the capture: the last block holds.
      blocks.statistics({ received: 2n ** 40n, dropped: 7n }),
      blocks.statistics({ interface: 1, dropped: 0n }),
      blocks.statistics({ interface: 2 }),
      blocks.statistics({ interface: 3, dropped: 99n }),
    ]),
  )
  const filtered = { packets: 0, bytes: 0, length: 0 }
  const none = { counted: { packets: 0, bytes: 0 }, filtered, farTimes: null }
  expect(interfaces).toEqual([
    { ...none, name: 'eth0', linktype: 1, snaplen: 262_144, received: 2 ** 40, dropped: 7 },
    { ...none, name: 'Ethernet (Büro)', linktype: 276, snaplen: 0, received: null, dropped: 0 },
    { ...none, name: null, linktype: 101, snaplen: 0, received: null, dropped: null },
  ])
})

test('a name of 128 bytes is kept, of a longer one so much; of two the last', async () => {
  const blocks = pcapng()
  const { interfaces } = await readCapture(
    Buffer.concat([
      blocks.section(),
      blocks.interface({ name: 'x'.repeat(128) }),
      blocks.interface({ name: 'y'.repeat(60_000) }),
      blocks.interface({ name: 'second', options: [{ code: 2, value: Buffer.from('first') }] }),
      blocks.interface({ name: '' }),
    ]),
  )
  expect(interfaces.map(({ name }) => name)).toEqual(['x'.repeat(128), 'y'.repeat(128), 'second', null])
})

test('an interface block full of names takes the memory of one', async () => {
  const blocks = pcapng()
  const names = blocks.interface({
    options: Array.from({ length: 100_000 }, () => ({ code: 2, value: Buffer.from('name') })),
  })
  const bytes = Buffer.concat([blocks.section(), ...new Array<Buffer>(20).fill(names), blocks.packet({ data })])
  const parser = createParser()
  const batch = await parser.open(memorySource(bytes)).next()
  // Two million names of 16 bytes and more would be 32 MB.
  expect(batch?.memory.length).toBeLessThan(16e6)
  expect(parser.interfaces().map(({ name }) => name)).toEqual(new Array(20).fill('name'))
})

test('times that do not fit are kept apart, the lowest and the highest, exact', async () => {
  const blocks = pcapng()
  const tick = (ticks: bigint, id = 0) => blocks.packet({ ticks, interface: id, data })
  const { frames, interfaces } = await readCapture(
    Buffer.concat([
      blocks.section(),
      blocks.interface({ tsresol: 6 }),
      blocks.interface({ tsresol: 0x80 | 4, tsoffset: 2n ** 63n - 1n }),
      tick(2n ** 62n),
      tick(2n ** 63n + 1n),
      tick(1000n),
      tick(2n ** 61n),
      tick(3n, 1),
    ]),
  )
  expect(frames.map(({ time }) => time)).toEqual([null, null, 1_000_000n, null, null])
  expect(interfaces.map(({ farTimes }) => farTimes)).toEqual([
    [2n ** 61n * 1000n, (2n ** 63n + 1n) * 1000n],
    [(2n ** 63n - 1n) * 10n ** 9n + 187_500_000n, (2n ** 63n - 1n) * 10n ** 9n + 187_500_000n],
  ])
})
