import { describe, expect, it } from 'vitest'
import { parseBy } from '../../src/engine/by.ts'
import { Groups } from '../../src/engine/groups.ts'
import type { IdleRecord, SpanRecord } from '../../src/engine/records.ts'
import { WindowReports } from '../../src/engine/window-reports.ts'
import { createEndpointNamer } from '../../src/names/endpoint-names.ts'
import { flowTable } from '../support/frames.ts'

type PacketsIn = readonly [bucket: bigint, packets: number]

/** Windows of `size` buckets of 10 ns. */
function report(size: bigint, buckets: readonly PacketsIn[], idle = false): string[] {
  const reports = windows(size, { idle })
  return texts([...buckets.flatMap((bucket) => [...push(reports, bucket)]), ...reports.finish()])
}

function windows(bucketsPerWindow: bigint, { idle = false, live = false }): WindowReports {
  const grouping = parseBy('src')
  const table = flowTable([{ src: '10.0.0.1', protocol: 6 }])
  return new WindowReports(new Groups(grouping, table, grouping.keyFields, createEndpointNamer()), {
    bucketsPerWindow,
    idle,
    live,
    ranking: { sort: 'bytes', top: null },
    startOf: (bucket) => bucket * 10n,
  })
}

function push(reports: WindowReports, [number, packets]: PacketsIn) {
  return reports.push({ number, rows: Float64Array.of(0, packets, packets * 100) })
}

function texts(records: Iterable<SpanRecord | IdleRecord>): string[] {
  return [...records].map((record) => {
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

describe('WindowReports of a live view', () => {
  it('reports what is over, idle windows too, from the first moment on', () => {
    const reports = windows(1n, { live: true })
    expect(texts(reports.advanceTo(7n))).toEqual([])
    expect(texts(reports.advanceTo(7n))).toEqual([])
    expect(texts(reports.advanceTo(9n))).toEqual(['70-80 0', '80-90 0'])
    expect(texts(push(reports, [9n, 3]))).toEqual([])
    expect(texts(reports.advanceTo(10n))).toEqual(['90-100 3'])
    expect(texts(push(reports, [11n, 4]))).toEqual(['100-110 0'])
    expect(texts(reports.finish())).toEqual(['110-120 4'])
  })

  it('slides in from before the first bucket, and does not slide out into the future', () => {
    const reports = windows(3n, { live: true })
    expect(texts(push(reports, [5n, 1]))).toEqual([])
    expect(texts(reports.advanceTo(6n))).toEqual(['30-60 1'])
    expect(texts(reports.advanceTo(7n))).toEqual(['40-70 1'])
    expect(texts(push(reports, [7n, 2]))).toEqual([])
    expect(texts(push(reports, [8n, 4]))).toEqual(['50-80 3'])
    expect(texts(reports.finish())).toEqual(['60-90 6'])
  })

  it('a moment that nobody saw coming costs one record: the machine slept', () => {
    const reports = windows(1n, { live: true })
    expect(texts(reports.advanceTo(0n))).toEqual([])
    expect([...reports.advanceTo(60n)]).toHaveLength(60)
    expect(texts(reports.advanceTo(121n))).toEqual(['600-1210 idle 61'])
    expect(texts(push(reports, [10n ** 10n, 1]))).toEqual(['1210-100000000000 idle 9999999879'])
  })
})
