import { expect, test } from 'vitest'
import type { CaptureStream } from '../../src/capture/stream.ts'
import { describeLosses } from '../../src/pipeline/salvage-report.ts'
import { pcapHeader, pcapRecord } from '../support/build-capture.ts'
import { createParser, memorySource, readFrames } from '../support/read-capture.ts'

const record = (seconds: number) => pcapRecord({ seconds: 1_700_000_000 + seconds, data: Buffer.alloc(40, seconds) })
const noise = Buffer.alloc(25, 0xff)
const header = pcapHeader({})

async function readTo(parts: readonly Uint8Array[]): Promise<CaptureStream> {
  const parser = createParser({ salvage: true })
  const stream = parser.open(memorySource(Buffer.concat(parts)))
  await readFrames(parser, stream)
  return stream
}

const pairs = (count: number) =>
  Array.from({ length: count }, (_, i) => [noise, record(2 * i + 9), record(2 * i + 10)]).flat()

test('a sound capture has nothing to report', async () => {
  expect(describeLosses(await readTo([header, record(1)]), 'x', false)).toBe(null)
})

test('one place: where, how much, and the frames on both sides', async () => {
  const problem = describeLosses(await readTo([header, record(1), ...pairs(1)]), 'x.pcap', false)
  const fault = 'the record at byte 80 claims 4294967295 captured bytes (at most 262144 are plausible)'
  expect(problem).toEqual({
    file: 'x.pcap',
    kind: 'damaged',
    message: `${fault}; passed over 25 bytes at byte 80, 1 frame before, 2 behind`,
    partial: true,
    unreadableBytes: 25,
    salvage: [{ file: 'x.pcap', offset: 80, bytes: 25, framesBefore: 1, framesAfter: 2, message: fault }],
  })
})

test('many places: the first of them are named, and frames add up', async () => {
  const stream = await readTo([header, record(1), record(2), ...pairs(7)])
  const problem = describeLosses(stream, 'x', false)!
  expect(problem.message).toContain(
    '; passed over 175 bytes at 7 places (bytes 136, 273, 410, 547, 684, …), 2 frames before the first, 14 behind',
  )
  expect(problem.unreadableBytes).toBe(175)
  expect(problem.salvage?.map(({ framesBefore, framesAfter }) => [framesBefore, framesAfter])).toEqual(
    Array.from({ length: 7 }, (_, i) => [2 + 2 * i, 2]),
  )
})

test('what is missing at the end of what we have stopped ourselves is not missing', async () => {
  const cut = record(2).subarray(0, 20)
  const stream = await readTo([header, record(1), cut])
  expect(describeLosses(stream, 'x', false)).toMatchObject({ kind: 'cut', unreadableBytes: 20 })
  expect(describeLosses(stream, 'x', true)).toBe(null)
  const both = describeLosses(await readTo([header, record(1), ...pairs(1), cut]), 'x', true)
  expect(both).toMatchObject({ kind: 'damaged', unreadableBytes: 25 })
  expect(both?.salvage).toHaveLength(1)
})

test('more places than are listed count as well', async () => {
  const problem = describeLosses(await readTo([header, record(1), ...pairs(150)]), 'x', false)!
  expect(problem.message).toContain('passed over 3750 bytes at 150 places (')
  expect(problem.message).toContain(', …), 1 frame before the first, 300 behind')
  expect(problem.unreadableBytes).toBe(3750)
  expect(problem.salvage).toHaveLength(100)
  expect(problem.salvage?.at(-1)).toMatchObject({ framesBefore: 199, framesAfter: 102 })
})
