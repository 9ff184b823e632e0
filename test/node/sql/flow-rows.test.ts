/** `flows`, `windows` and `captures` against sums over `packets`, which DuckDB makes: two ways to the same numbers, whatever the capture. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Input } from '../../../src/pipeline/inputs.ts'
import { ask } from '../../support/ask.ts'
import { pcap } from '../../support/build-capture.ts'
import { concat, ethernet, ipv4, udp } from '../../support/build-frame.ts'
import { damagedCapture } from '../../support/random-captures.ts'
import { memorySource } from '../../support/read-capture.ts'

const inputOf = (bytes: Uint8Array): Input => ({
  name: 'made.pcap',
  repeatable: false,
  size: bytes.length,
  open: async () => Object.assign(memorySource(bytes), { name: 'made.pcap' }),
})

const FLOWS =
  'flow, packets, bytes, epoch_ns(first_time) as first, epoch_ns(last_time) as last from flows order by flow'
const FLOWS_OF_PACKETS =
  'flow, count(*) as packets, sum(length)::bigint as bytes, min(time_ns) as first, max(time_ns) as last from packets group by flow order by flow'
const WINDOWS = 'window_start_ns as start, flow, src, dst_port, packets, bytes from windows order by all'
/** The lowest multiple of the window's length below the time. */
const windowsOfPackets = (ns: bigint) =>
  `(time_ns - ((time_ns % ${ns}) + ${ns}) % ${ns})::bigint as start, flow, src, dst_port, count(*) as packets, sum(length)::bigint as bytes
   from packets where time_ns is not null group by all order by all`

/** A frame of one of some flows. */
const frameOf = (port: number) =>
  ethernet(0x0800, ipv4({ protocol: 17 }, udp({ sourcePort: port, destinationPort: 53 })))

async function expectSums(bytes: Uint8Array, windowNs: bigint): Promise<void> {
  const inputs = [inputOf(bytes)]
  const of = (query: string) => ask([], `select ${query}`, { inputs, windowNs })
  expect(await of(FLOWS)).toEqual(await of(FLOWS_OF_PACKETS))
  expect(await of(WINDOWS)).toEqual(await of(windowsOfPackets(windowNs)))
}

test('times that go back and forth', async () => {
  const record = fc.record({ seconds: fc.integer({ min: 0, max: 12 }), fraction: fc.nat(999_999_999), port: fc.nat(3) })
  await fc.assert(
    fc.asyncProperty(fc.array(record, { maxLength: 60 }), fc.constantFrom(1n, 3n, 5n), async (records, seconds) => {
      const frames = records.map(({ port, ...time }) => ({ ...time, data: frameOf(1000 + port) }))
      await expectSums(pcap(frames, { form: 'nanoseconds' }), seconds * 1_000_000_000n)
    }),
    { numRuns: 6 },
  )
})

test('any capture, and any damage', async () => {
  await fc.assert(
    fc.asyncProperty(damagedCapture, async (bytes) => {
      await expectSums(bytes, 1_000_000_000n)
      const inputs = [inputOf(bytes)]
      const frames = await ask([], 'from packets', { inputs })
      expect(await ask([], 'select frames, bytes from captures', { inputs })).toEqual([
        { frames: frames.length, bytes: frames.reduce((sum, { length }) => sum + (length as number), 0) },
      ])
    }),
    { numRuns: 8 },
  )
})

test('more rows than a chunk, and more flows', async () => {
  const records = Array.from({ length: 5000 }, (_, i) => ({ seconds: i >> 10, data: frameOf(1 + (i % 2500)) }))
  const bytes = pcap(records)
  await expectSums(bytes, 2_000_000_000n)
  const inputs = [inputOf(bytes)]
  expect(
    await ask([], 'select count(*) as n, count(distinct frame) as frames, max(frame) as last from packets', { inputs }),
  ).toEqual([{ n: 5000, frames: 5000, last: 5000 }])
})

describe('captures', () => {
  test('account for every frame', async () => {
    const cut = pcap([{ data: frameOf(1), origlen: 900 }, { data: concat(frameOf(2)) }]).subarray(0, -3)
    const problems: never[] = []
    const [row] = await ask([], 'select * exclude (first_time, last_time, stored_bytes) from captures', {
      inputs: [inputOf(cut)],
      problems,
    })
    expect(row).toMatchObject({
      file: 'made.pcap',
      format: 'pcap',
      frames: 1,
      filtered: 0,
      bytes: 900,
      captured_bytes: 42,
      cut: 1,
    })
    expect(row!.damage).toMatch(/byte/)
    expect(problems).toHaveLength(1)
  })
})
