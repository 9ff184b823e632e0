import fc from 'fast-check'
import { expect, test } from 'vitest'
import { coarserGrid } from '../../src/engine/time-grid.ts'
import { coarsen, decodeSeries, encodeSeries, sumRange } from '../../src/report/series.ts'

/** A bucket with a packet may have no byte: payload of an acknowledgement. */
const bucket = fc.oneof(
  fc.constant({ packets: 0, bytes: 0 }),
  fc.record({ packets: fc.integer({ min: 1, max: 2 ** 40 }), bytes: fc.nat(2 ** 50) }),
)
const counts = fc.array(bucket, { minLength: 1, maxLength: 60 }).map((buckets) => ({
  packets: Float64Array.from(buckets, ({ packets }) => packets),
  bytes: Float64Array.from(buckets, ({ bytes }) => bytes),
}))

const throughJson = (series: Parameters<typeof encodeSeries>[0]) =>
  decodeSeries(JSON.parse(JSON.stringify(encodeSeries(series))))

test('through a report, the sum of any range is that of its buckets', () => {
  fc.assert(
    fc.property(counts, fc.nat(60), fc.nat(60), (series, start, length) => {
      const range = { start, end: start + length }
      const part = (values: Float64Array) => values.slice(range.start, range.end).reduce((sum, value) => sum + value, 0)
      expect(sumRange(throughJson(series), range)).toEqual({ packets: part(series.packets), bytes: part(series.bytes) })
    }),
  )
})

test('only buckets that have a packet are named, and none where all have one', () => {
  const some = { packets: Float64Array.of(0, 0, 3, 0, 1), bytes: Float64Array.of(0, 0, 300, 0, 0) }
  expect(encodeSeries(some)).toEqual({ gaps: [2, 2], packets: [3, 1], bytes: [300, 0] })
  const all = { packets: Float64Array.of(1, 2), bytes: Float64Array.of(60, 120) }
  expect(encodeSeries(all)).toEqual({ packets: [1, 2], bytes: [60, 120] })
})

test('a coarser bucket has what the finer ones in it have', () => {
  const origin = fc.bigInt({ min: -1000n, max: 1000n })
  fc.assert(
    fc.property(counts, origin, (series, first) => {
      const grid = { originNs: first * 5_000_000n, stepNs: 5_000_000n, buckets: series.packets.length }
      const coarse = coarserGrid(grid)
      const { packets, bytes } = coarsen(series, grid, coarse)
      expect(packets.length).toBe(coarse.buckets)
      for (let i = 0; i < coarse.buckets; i++) {
        const start = coarse.originNs + BigInt(i) * coarse.stepNs
        const inside = (values: Float64Array) =>
          values.reduce((sum, value, j) => {
            const at = grid.originNs + BigInt(j) * grid.stepNs
            return at >= start && at < start + coarse.stepNs ? sum + value : sum
          }, 0)
        expect([packets[i], bytes[i]]).toEqual([inside(series.packets), inside(series.bytes)])
      }
    }),
  )
})
