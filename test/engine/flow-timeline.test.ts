/** What a timeline says of itself; what it answers is held against reading again in test/pipeline/kept-capture.test.ts. */
import { expect, test } from 'vitest'
import { KEY_DESTINATION, KEY_SOURCE, KEY_SOURCE_PORT } from '../../src/abi/key-fields.ts'
import { openBlob } from '../../src/browser/open-blob.ts'
import { NUMBERS_PER_ROW } from '../../src/capture/counter.ts'
import { Parser } from '../../src/capture/parser.ts'
import { FlowTimeline, STEPS, type TimelineOptions, TooManyFlows } from '../../src/engine/flow-timeline.ts'
import { loadCaptureModule } from '../../src/node/wasm-module.ts'
import { pcap } from '../support/build-capture.ts'
import { udpFrame } from '../support/udp-frame.ts'

async function timelineOf(seconds: readonly number[], options: Partial<TimelineOptions> = {}): Promise<FlowTimeline> {
  const parser = new Parser(loadCaptureModule(), { keyFields: KEY_SOURCE | KEY_DESTINATION | KEY_SOURCE_PORT })
  const frames = seconds.map((at, i) => ({
    seconds: Math.floor(at),
    fraction: Math.round(1e6 * (at % 1)),
    data: udpFrame({ sourcePort: i % 5 }),
  }))
  const stream = parser.open(openBlob(new Blob([new Uint8Array(pcap(frames))])))
  const timeline = new FlowTimeline({
    table: parser.flows,
    counter: parser.createCounter(),
    readPart: () => 1,
    maxFlows: 100,
    ...options,
  })
  for (let batch = await stream.next(); batch !== null; batch = await stream.next()) timeline.add(batch)
  timeline.finish()
  return timeline
}

const rowsIn = (timeline: FlowTimeline) =>
  [...timeline.windows(timeline.stepNs, 0n)].reduce((rows, bucket) => rows + bucket.rows.length / NUMBERS_PER_ROW, 0)

test('memory is bounded by longer buckets, and no frame is lost', async () => {
  const seconds = Array.from({ length: 2000 }, (_, i) => i / 100)
  for (const mostBuckets of [3, 30, 300, 3000]) {
    const timeline = await timelineOf(seconds, { mostBuckets })
    expect(rowsIn(timeline)).toBeLessThanOrEqual(5 * mostBuckets)
    expect(STEPS).toContain(timeline.stepNs)
    const sums = timeline.sums()
    const packets = Array.from({ length: sums.length / NUMBERS_PER_ROW }, (_, i) => sums[NUMBERS_PER_ROW * i + 1])
    expect(packets).toEqual([400, 400, 400, 400, 400])
    expect(timeline.total.packets).toBe(2000)
  }
})

test('windows that would have late frames are told', async () => {
  expect((await timelineOf([1, 2, 3, 4])).hasNoneLate(0)).toBe(true)
  const mixed = await timelineOf([1, 9, 2, 8])
  expect([mixed.hasNoneLate(0), mixed.hasNoneLate()]).toEqual([false, true])
})

test('more flows than there is room for', async () => {
  const timeline = await timelineOf([1, 2, 3, 4, 5], { maxFlows: 4 })
  expect(() => timeline.settle()).toThrow(TooManyFlows)
})
