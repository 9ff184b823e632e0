import { describe, expect, test } from 'vitest'
import type { Source } from '../../src/capture/source.ts'
import { type PcapRecord, pcap, pcapHeader, pcapng } from '../support/build-capture.ts'
import { createParser, readCapture } from '../support/read-capture.ts'
import { udpFrame } from '../support/udp-frame.ts'

const LATEST = 2n ** 63n - 1n

describe('the time range', () => {
  const seconds = [5, 9, 10, 11, 20, 3]
  const frame = udpFrame({ payload: Buffer.alloc(10) })
  const bytes = pcap(seconds.map((second) => ({ seconds: second, data: frame, origlen: 100 })))
  const at = (second: number) => BigInt(second) * 1_000_000_000n

  test.each([
    { name: 'from a time on, that time included', sinceNs: at(10), untilNs: undefined, kept: [10, 11, 20] },
    { name: 'up to a time, that time left out', sinceNs: undefined, untilNs: at(10), kept: [5, 9, 3] },
    { name: 'between two', sinceNs: at(9), untilNs: at(20), kept: [9, 10, 11] },
    { name: 'a nanosecond decides', sinceNs: at(9) + 1n, untilNs: at(11) + 1n, kept: [10, 11] },
    { name: 'nothing', sinceNs: at(30), untilNs: at(2), kept: [] },
    { name: 'beyond what 64 bits hold', sinceNs: -(10n ** 30n), untilNs: 10n ** 30n, kept: seconds },
  ])('$name', async ({ sinceNs, untilNs, kept }) => {
    const { frames, interfaces, flows } = await readCapture(bytes, { sinceNs, untilNs })
    expect(frames.map(({ time }) => time)).toEqual(kept.map(at))
    const packets = seconds.length - kept.length
    expect(interfaces[0]?.filtered).toEqual({ packets, bytes: packets * 100, length: packets * 100 })
    expect(flows.length).toBe(kept.length === 0 ? 0 : 1)
  })

  test('what is left out counts by the basis too', async () => {
    const { interfaces } = await readCapture(bytes, { sinceNs: at(10), basis: 'payload' })
    expect(interfaces[0]?.filtered).toEqual({ packets: 3, bytes: 300, length: 30 })
  })

  test('a frame without a time is in no range, counted with its interface', async () => {
    const blocks = pcapng()
    const parts = [
      blocks.section(),
      blocks.interface(),
      blocks.interface({ tsoffset: 2n ** 62n }),
      blocks.simplePacket({ data: frame }),
      blocks.packet({ interface: 1, data: frame }),
      blocks.packet({ ticks: 1n, data: frame }),
    ]
    const { frames, interfaces } = await readCapture(Buffer.concat(parts), { sinceNs: -LATEST, untilNs: LATEST })
    expect(frames.map(({ time }) => time)).toEqual([1000n])
    expect(interfaces.map(({ filtered }) => filtered.packets)).toEqual([1, 1])
    // A far time is told of nevertheless.
    expect(interfaces[1]?.farTimes).toEqual([2n ** 62n * 10n ** 9n, 2n ** 62n * 10n ** 9n])
  })

  test('the stream counts all its frames', async () => {
    const parser = createParser({ sinceNs: at(10), untilNs: at(11) })
    const stream = parser.open(
      sourceOf(function* () {
        yield bytes
      }),
    )
    expect([(await stream.next())?.count, await stream.next(), stream.frames]).toEqual([1, null, 6])
  })
})

/** A source that makes its bytes while they are read. */
function sourceOf(make: () => Generator<Uint8Array>): Source {
  const parts = make()
  let part: Uint8Array = new Uint8Array(0)
  return {
    name: 'generated',
    size: null,
    position: 0,
    compression: null,
    async read(into) {
      if (part.length === 0) part = parts.next().value ?? part
      const taken = part.subarray(0, into.length)
      into.set(taken)
      part = part.subarray(taken.length)
      return taken.length
    },
    close: async () => {},
  }
}

/** Reads all of it and returns how many frames there were and how many megabytes the process grew by at most. */
async function growthOf(
  make: () => Generator<Uint8Array>,
): Promise<{ frames: number; bytes: number; megabytes: number }> {
  const parser = createParser({ keyFields: 15 })
  const before = process.memoryUsage.rss()
  let [frames, bytes, peak] = [0, 0, before]
  const stream = parser.open(sourceOf(make))
  for (let batch = await stream.next(); batch !== null; batch = await stream.next()) {
    frames += batch.count
    for (let i = 0; i < batch.count; i++) bytes += batch.origlen[i]!
    peak = Math.max(peak, process.memoryUsage.rss())
  }
  expect(stream.fault).toBeNull()
  return { frames, bytes, megabytes: (peak - before) / 1e6 }
}

test('memory does not grow with the capture: 300 MB of pcap', async () => {
  const records: PcapRecord[] = Array.from({ length: 1000 }, (_, i) => ({
    seconds: i,
    data: udpFrame({ src: `10.0.${i >> 8}.${i & 255}`, payload: Buffer.alloc(1400) }),
  }))
  const chunk = pcap(records).subarray(24)
  const rounds = Math.ceil(300e6 / chunk.length)
  const { frames, bytes, megabytes } = await growthOf(function* () {
    yield pcapHeader({})
    for (let i = 0; i < rounds; i++) yield chunk
  })
  expect([frames, bytes]).toEqual([rounds * 1000, rounds * 1000 * 1442])
  expect(megabytes).toBeLessThan(100)
})

test('memory does not grow with the capture: 300 MB of pcapng, packets and blocks that are passed over', async () => {
  const blocks = pcapng()
  const packets = Array.from({ length: 300 }, (_, i) => blocks.packet({ ticks: BigInt(i), data: Buffer.alloc(900) }))
  const chunk = Buffer.concat([...packets, blocks.custom(Buffer.alloc(400_000)), blocks.statistics({ dropped: 1n })])
  const rounds = Math.ceil(300e6 / chunk.length)
  const { frames, megabytes } = await growthOf(function* () {
    yield Buffer.concat([blocks.section(), blocks.interface()])
    for (let i = 0; i < rounds; i++) yield chunk
  })
  expect(frames).toBe(rounds * 300)
  expect(megabytes).toBeLessThan(100)
})

test('a reader that grew for a large record is used again, and says the same as a fresh one', async () => {
  const parser = createParser({ chunkBytes: 64 })
  const large = Buffer.alloc(200_000, 1)
  const capture = pcap([{ data: Buffer.alloc(9) }, { data: large }, { data: Buffer.alloc(9) }])
  let memory = 0
  for (let round = 0; round < 50; round++) {
    const stream = parser.open(
      sourceOf(function* () {
        yield capture
      }),
    )
    const lengths: number[] = []
    for (let batch = await stream.next(); batch !== null; batch = await stream.next()) {
      lengths.push(...batch.caplen.subarray(0, batch.count))
      if (round === 0) memory = Math.max(memory, batch.memory.length)
      else expect(batch.memory.length).toBe(memory)
    }
    expect([lengths, stream.fault]).toEqual([[9, 200_000, 9], null])
    await parser.close(stream)
  }
})
