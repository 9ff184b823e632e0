import { expect, test } from 'vitest'
import type { AnalysisRecord, Row } from '../../src/engine/records.ts'
import { labelRows } from '../../src/pipeline/label-rows.ts'
import type { RowLabels } from '../../src/pipeline/row-labels.ts'

function labels(name: string, valuesOf: (row: Row) => (string | number | null)[]): RowLabels {
  return { columns: [{ name, title: name, kind: 'text' }], values: valuesOf }
}

async function* stream(records: readonly AnalysisRecord[]): AsyncGenerator<AnalysisRecord> {
  yield* records
}

const row = (port: number, extras?: readonly number[]): Row => ({
  key: [port],
  packets: 1,
  bytes: 2,
  bitsPerSecond: null,
  ...(extras && { extras }),
})
const total = { packets: 2, bytes: 4 }

test('columns follow those that rows have, and only rows of spans are asked', async () => {
  const asked: number[] = []
  const idle: AnalysisRecord = { type: 'idle', startNs: 1n, endNs: 2n, windows: 1n }
  const span: AnalysisRecord = {
    type: 'span',
    startNs: 0n,
    endNs: 1n,
    rows: [row(1, [7]), row(2, [8])],
    other: null,
    total,
  }
  const shown = []
  const double = labels('double', ({ key }) => {
    asked.push(key[0] as number)
    return [2 * (key[0] as number)]
  })
  for await (const record of labelRows(stream([idle, span]), [double, labels('none', () => [null])])) shown.push(record)
  expect(shown).toEqual([
    idle,
    { ...span, rows: [row(1, [7]), row(2, [8])].map((r, i) => ({ ...r, extras: [7 + i, 2 * (i + 1), null] })) },
  ])
  expect(asked).toEqual([1, 2])
})

test('rows without columns get them', async () => {
  const span: AnalysisRecord = { type: 'span', startNs: 0n, endNs: 1n, rows: [row(1)], other: null, total }
  for await (const record of labelRows(stream([span]), [labels('x', () => ['y'])])) {
    expect(record).toEqual({ ...span, rows: [{ ...row(1), extras: ['y'] }] })
  }
})
