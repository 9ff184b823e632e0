import { describe, expect, it } from 'vitest'
import { parseBy } from '../../src/engine/by.ts'
import { Groups } from '../../src/engine/groups.ts'
import type { IdleRecord, SpanRecord } from '../../src/engine/records.ts'
import { WindowReports } from '../../src/engine/window-reports.ts'
import { createEndpointNamer } from '../../src/names/endpoint-names.ts'
import { flowTable } from '../support/frames.ts'

/** Windows of `size` buckets of 10 ns; a bucket is its number and its packets. */
function report(size: bigint, buckets: readonly (readonly [bigint, number])[], idle = false): string[] {
  const grouping = parseBy('src')
  const table = flowTable([{ src: '10.0.0.1', protocol: 6 }])
  const reports = new WindowReports(new Groups(grouping, table, grouping.keyFields, createEndpointNamer()), {
    bucketsPerWindow: size,
    idle,
    leading: false,
    ranking: { sort: 'bytes', top: null },
    startOf: (bucket) => bucket * 10n,
  })
  const records: (SpanRecord | IdleRecord)[] = []
  for (const [number, packets] of buckets) {
    records.push(...reports.push({ number, rows: Float64Array.of(0, packets, packets * 100) }))
  }
  records.push(...reports.finish())
  return records.map((record) => {
    const content = record.type === 'idle' ? `idle ${record.windows}` : `${record.total.packets}`
    return `${record.startNs}-${record.endNs} ${content}`
  })
}

describe('WindowReports', () => {
  it('a window that slides is the sum of the buckets in it, down to the last start', () => {
    expect(
      report(3n, [
        [0n, 1],
        [1n, 2],
        [3n, 4],
      ]),
    ).toEqual(['0-30 3', '10-40 6', '20-50 4', '30-60 4'])
  })

  it('windows that see nothing are one record', () => {
    const buckets = [
      [-2n, 1],
      [5n, 2],
    ] as const
    expect(report(2n, buckets)).toEqual(['-20-0 1', '-10-50 idle 5', '40-60 2', '50-70 2'])
    expect(report(1n, buckets)).toEqual(['-20--10 1', '-10-50 idle 6', '50-60 2'])
  })

  it('or one each', () => {
    expect(
      report(
        1n,
        [
          [0n, 1],
          [3n, 2],
        ],
        true,
      ),
    ).toEqual(['0-10 1', '10-20 0', '20-30 0', '30-40 2'])
  })

  it('nothing comes of nothing', () => {
    expect(report(2n, [])).toEqual([])
  })
})
