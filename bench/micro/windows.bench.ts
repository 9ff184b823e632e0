/** Batches → windows: what is counted per frame, what is made per window, and the ranking of rows. */
import { bench, describe } from 'vitest'
import { BATCH_FRAMES } from '../../src/abi/layout.ts'
import type { StreamBatch } from '../../src/capture/frame-batch.ts'
import { parseBy } from '../../src/engine/by.ts'
import { Engine, type EngineOptions } from '../../src/engine/engine.ts'
import { createEndpointNamer } from '../../src/names/endpoint-names.ts'
import { flowTable, TestModule } from '../../test/support/frames.ts'
import { FRAMES, flowNumbers, SECONDS } from './captures.ts'
import { SHORT } from './options.ts'

const SECOND = 1_000_000_000n
const FLOWS = 1000

const table = flowTable(
  Array.from({ length: FLOWS }, (_, n) => ({ src: `10.0.${n >> 8}.${n & 255}`, dst: '192.0.2.1', protocol: 6 })),
)
const numbers = flowNumbers(FLOWS)
const stepNs = (BigInt(SECONDS) * SECOND) / BigInt(FRAMES)
const BATCHES = FRAMES / BATCH_FRAMES
const module = new TestModule({ batches: BATCHES })
const batches: StreamBatch[] = Array.from({ length: BATCHES }, (_, batch) =>
  module.frameBatch(
    Array.from({ length: BATCH_FRAMES }, (_, i) => {
      const frame = batch * BATCH_FRAMES + i
      return { flow: numbers[frame]!, length: 118, time: BigInt(frame) * stepNs }
    }),
  ),
)

// Tallies are never given back. Each engine counts with those that the one before it left empty.
const counter = module.createCounter()
const tallies = Array.from({ length: 3 }, () => counter.createTally())
let handedOut = 0
counter.createTally = () => tallies[handedOut++ % tallies.length]!

/** Packets in all spans. */
function count(options: Partial<EngineOptions> & { by?: string }): number {
  const { by = 'pair', ...rest } = options
  const engine = new Engine({ table, counter, grouping: parseBy(by), names: createEndpointNamer(), top: 10, ...rest })
  let packets = 0
  counter.reset()
  for (const batch of batches) {
    engine.add(batch)
    engine.settle()
    for (const record of engine.drain()) if (record.type === 'span') packets += record.total.packets
  }
  for (const record of engine.finish()) if (record.type === 'span') packets += record.total.packets
  return packets
}

describe('windows, 64 Ki frames of 1000 flows in 60 s', () => {
  const works: readonly [name: string, options: Parameters<typeof count>[0]][] = [
    ['one span, 10 rows', { windowNs: null }],
    ['12 windows of 5 s, 10 rows each', { windowNs: 5n * SECOND }],
    ['60 windows of 1 s, 10 rows each', { windowNs: SECOND }],
    ['60 windows of 1 s, all rows', { windowNs: SECOND, top: null }],
    ['60 windows of 1 s, by host', { windowNs: SECOND, by: 'host' }],
    ['60 windows of 1 s, by protocol', { windowNs: SECOND, by: 'protocol' }],
    ['5 s moved by 1 s, 10 rows each', { windowNs: 5n * SECOND, stepNs: SECOND }],
  ]
  for (const [name, options] of works) {
    // sliding windows count a frame several times
    if (options.stepNs === undefined && count(options) !== FRAMES) throw new Error(`${name}: frames are missing`)
    bench(name, () => void count(options), SHORT)
  }
})
