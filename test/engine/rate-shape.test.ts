import * as fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { parseBy } from '../../src/engine/by.ts'
import { Groups } from '../../src/engine/groups.ts'
import { RateShape } from '../../src/engine/rate-shape.ts'
import type { ShapeOptions } from '../../src/engine/shape-columns.ts'
import { createEndpointNamer } from '../../src/names/endpoint-names.ts'
import { flowTable, type TestFlow } from '../support/frames.ts'

const FLOWS: TestFlow[] = [
  { src: '10.0.0.1', dst: '10.0.0.2', protocol: 6 },
  { src: '10.0.0.2', dst: '10.0.0.1', protocol: 6 },
  { src: '10.0.0.3', dst: '10.0.0.3', protocol: 6 },
]
const ENDS = FLOWS.map(({ src, dst }) => [...new Set([src!, dst!])])
const BURST = 1_000_000n
const PER_WINDOW = 4n
const WINDOW = BURST * PER_WINDOW
const LINK = { bitsPerSecond: 1e6, above: 0.5 }
const BOTH: ShapeOptions = { windowNs: WINDOW, burstNs: BURST, link: LINK }

function groupsOf(by: string, flows: readonly TestFlow[] = FLOWS): Groups {
  const grouping = parseBy(by)
  return new Groups(grouping, flowTable(flows), grouping.keyFields, createEndpointNamer())
}

function createShape(by: string, options = BOTH): { shape: RateShape; groups: Groups } {
  const groups = groupsOf(by)
  return { shape: new RateShape(options, groups, (bucket) => bucket * BURST), groups }
}

/** The measures of each row by its first key column, and of the total. */
function shapeOf(shape: RateShape, groups: Groups): Record<string, Record<string, unknown>> {
  const { columns, value, total } = shape.measures()
  const named = (of: (column: number) => unknown) => Object.fromEntries(columns.map(({ title }, i) => [title, of(i)]))
  const rows = [...shape.sums().present()].map((group) => [
    String(groups.key(group)[0]),
    named((column) => value(group, column)),
  ])
  return Object.fromEntries([...rows, ['total', named((column) => total!(column))]])
}

const rank = (sorted: readonly number[], percent: number) => sorted[Math.ceil((percent * sorted.length) / 100) - 1]
const rateOf = (bytes: number, lengthNs: bigint) => (bytes * 8e9) / Number(lengthNs)

/** The same by hand, from the bytes of each bucket. */
function expectedOf(buckets: ReadonlyMap<number, number>): Record<string, unknown> {
  const numbers = [...allNumbers].sort((a, b) => a - b)
  const bursts: number[] = []
  for (let i = numbers[0]!; i <= numbers.at(-1)!; i++) bursts.push(rateOf(buckets.get(i) ?? 0, BURST))
  const windowOf = (number: number) => Math.floor(number / Number(PER_WINDOW))
  const windows: number[] = []
  for (let i = windowOf(numbers[0]!); i <= windowOf(numbers.at(-1)!); i++) {
    const inside = [...buckets].filter(([number]) => windowOf(number) === i)
    windows.push(
      rateOf(
        inside.reduce((sum, [, bytes]) => sum + bytes, 0),
        WINDOW,
      ),
    )
  }
  const sorted = windows.sort((a, b) => a - b)
  const mean = sorted.reduce((sum, rate) => sum + rate, 0) / sorted.length
  return {
    min: sorted[0],
    mean: expect.closeTo(mean, 2),
    max: sorted.at(-1),
    p50: rank(sorted, 50),
    p95: rank(sorted, 95),
    p99: rank(sorted, 99),
    peak: Math.max(...bursts),
    above: bursts.filter((rate) => rate > LINK.bitsPerSecond * LINK.above).length / bursts.length,
  }
}
let allNumbers = new Set<number>()

const anyBucket = fc.record({
  number: fc.integer({ min: -20, max: 40 }),
  bytes: fc.array(fc.nat(300), { minLength: 3, maxLength: 3 }),
})
const anyBuckets = fc.uniqueArray(anyBucket, { selector: ({ number }) => number, minLength: 1, maxLength: 30 })

describe('any buckets', () => {
  it.each(['src', 'host'])('have the shape that the list of all rates has, by %s', (by) => {
    fc.assert(
      fc.property(anyBuckets, (unsorted) => {
        const buckets = unsorted.toSorted((a, b) => a.number - b.number)
        allNumbers = new Set(buckets.map(({ number }) => number))
        const { shape, groups } = createShape(by)
        const byKey = new Map<string, Map<number, number>>([['total', new Map()]])
        for (const { number, bytes } of buckets) {
          shape.push({ number: BigInt(number), rows: Float64Array.from(bytes.flatMap((own, flow) => [flow, 1, own])) })
          for (const [flow, own] of bytes.entries()) {
            for (const key of ['total', ...(by === 'host' ? ENDS[flow]! : [FLOWS[flow]!.src!])]) {
              if (!byKey.has(key)) byKey.set(key, new Map())
              byKey.get(key)!.set(number, (byKey.get(key)!.get(number) ?? 0) + own)
            }
          }
        }
        expect(shapeOf(shape, groups)).toEqual(
          Object.fromEntries([...byKey].map(([key, own]) => [key, expectedOf(own)])),
        )
      }),
    )
  })
})

test('says how many windows and bursts there were, idle ones, and the busiest', () => {
  const { shape } = createShape('src')
  shape.push({ number: 0n, rows: Float64Array.of(0, 1, 100) })
  shape.push({ number: 9n, rows: Float64Array.of(0, 1, 300, 1, 1, 100) })
  shape.push({ number: 10n, rows: Float64Array.of(0, 1, 400) })
  expect(shape.facts()).toMatchObject({
    windows: { lengthNs: WINDOW, count: 3, idle: 1, busiest: { startNs: 2n * WINDOW, bitsPerSecond: 1_600_000 } },
    bursts: { lengthNs: BURST, count: 11, idle: 8, busiest: { startNs: 9n * BURST, bitsPerSecond: 3_200_000 } },
    totals: [0, 600_000, 1_600_000, 200_000, 1_600_000, 1_600_000, 3_200_000, 3 / 11],
    exact: true,
    unknown: 0,
  })
})

test('a century between two windows is counted, not walked', () => {
  const { shape, groups } = createShape('src', { ...BOTH, link: null })
  shape.push({ number: 0n, rows: Float64Array.of(0, 1, 100) })
  shape.push({ number: 10n ** 15n, rows: Float64Array.of(0, 1, 100) })
  expect(shape.facts().windows).toMatchObject({ count: 250_000_000_000_001, idle: 249_999_999_999_999 })
  expect(shapeOf(shape, groups)['10.0.0.1']).toMatchObject({ min: 0, p99: 0, max: 200_000, peak: 800_000 })
})

test('without a frame there is nothing', () => {
  const { shape } = createShape('src')
  expect(shape.facts()).toMatchObject({
    windows: { count: 0, idle: 0, busiest: null },
    totals: Array(8).fill(null),
  })
})

describe('when flows were evicted', () => {
  /** Flow 0 of the new table is the evicted one, then those that are kept. */
  function evict(by: string, kept: readonly number[]): { shape: RateShape; groups: Groups } {
    const { shape } = createShape(by)
    shape.push({ number: 0n, rows: Float64Array.of(0, 1, 100, 1, 1, 200, 2, 1, 300) })
    const newId = FLOWS.map((_, flow) => kept.indexOf(flow) + 1)
    const rows = Array.from(shape.rows())
    expect(rows).toEqual([0, 1, 100, 1, 1, 200, 2, 1, 300])
    const groups = groupsOf(by, [{ protocol: 6, src: '0.0.0.0', dst: '0.0.0.0' }, ...kept.map((flow) => FLOWS[flow]!)])
    shape.changeFlows(groups, Uint32Array.from(kept), (old) => {
      const sums = new Map<number, [number, number]>()
      for (let i = 0; i < old.length; i += 3) {
        const [packets, bytes] = sums.get(newId[old[i]!]!) ?? [0, 0]
        sums.set(newId[old[i]!]!, [packets + old[i + 1]!, bytes + old[i + 2]!])
      }
      return Float64Array.from([...sums].flatMap(([flow, counts]) => [flow, ...counts]))
    })
    shape.push({ number: 4n, rows: Float64Array.of(1, 1, 1000) })
    return { shape, groups }
  }
  const unknown = { min: null, mean: null, max: null, p50: null, p95: null, p99: null, peak: null, above: null }

  test('those that stay keep their shape, in the window that is under way too', () => {
    const { shape, groups } = evict('src', [1, 2])
    expect(shapeOf(shape, groups)).toEqual({
      '0.0.0.0': unknown,
      '10.0.0.2': {
        min: 400_000,
        mean: 1_200_000,
        max: 2_000_000,
        p50: 400_000,
        p95: 2_000_000,
        p99: 2_000_000,
        peak: 8_000_000,
        above: 2 / 5,
      },
      '10.0.0.3': {
        min: 0,
        mean: 300_000,
        max: 600_000,
        p50: 0,
        p95: 600_000,
        p99: 600_000,
        peak: 2_400_000,
        above: 1 / 5,
      },
      total: {
        min: 1_200_000,
        mean: 1_600_000,
        max: 2_000_000,
        p50: 1_200_000,
        p95: 2_000_000,
        p99: 2_000_000,
        peak: 8_000_000,
        above: 2 / 5,
      },
    })
    expect(shape.facts().unknown).toBe(1)
  })

  test('a row that lost one of its flows has none', () => {
    const { shape, groups } = evict('host', [1, 2])
    const shapes = shapeOf(shape, groups)
    expect([shapes['10.0.0.1'], shapes['10.0.0.2'], shapes['0.0.0.0']]).toEqual([unknown, unknown, unknown])
    expect(shapes['10.0.0.3']).toMatchObject({ max: 600_000 })
  })
})
