/** What live-record.test.ts cannot ask of a real capture: bounds, and windows that do not fit together. */
import { expect, test } from 'vitest'
import { sumHistory, TableSums } from '../../src/pipeline/history-sums.ts'
import { historyTables, type RecordedWindow } from '../../src/pipeline/history-tables.ts'
import { analysis, counts, row, SECOND, START, span } from '../loggers/records.ts'

const ABOUT = analysis({ columns: ['src', 'src_name', 'src_name_source'] })

async function* each(windows: readonly RecordedWindow[]): AsyncGenerator<RecordedWindow> {
  yield* windows
}

const windowOf = (names: readonly (string | null)[], at = 0n): RecordedWindow => ({
  analysis: ABOUT,
  span: span({
    startNs: START + at * SECOND,
    endNs: START + (at + 5n) * SECOND,
    rows: names.map((name, i) => row([`10.0.0.${i}`, name, name && 'dns'], 1, 100, 160)),
    other: null,
    total: counts(names.length, 100 * names.length),
  }),
})

test('rows are those of one address, whatever it is called, and a name that is known later counts', async () => {
  const sums = await sumHistory(each([windowOf([null]), windowOf(['www.example.com'], 5n), windowOf([null], 20n)]))
  expect(sums).toMatchObject({
    startNs: START,
    endNs: START + 25n * SECOND,
    watchedNs: 15n * SECOND,
    total: counts(3, 300),
  })
  const { rows, other } = sums!.tables[0]!.ranked('bytes', null, 15n * SECOND)
  expect(rows).toEqual([{ key: ['10.0.0.0', 'www.example.com', 'dns'], packets: 3, bytes: 300, bitsPerSecond: 160 }])
  expect(other).toBeNull()
})

test('beyond so many rows, and beyond --top, they are one', () => {
  const sums = new TableSums(historyTables(ABOUT)[0]!, 2)
  sums.add(windowOf([null, null, null, null]).span)
  sums.add(span({ rows: [], other: { rows: 7, packets: 5, bytes: 500, bitsPerSecond: null } }))
  const { rows, other } = sums.ranked('bytes', 1, 0n)
  expect(rows.map(({ key }) => key[0])).toEqual(['10.0.0.0'])
  expect(other).toEqual({ rows: 8, packets: 8, bytes: 800, bitsPerSecond: null })
})

test('windows of another kind are counted, and in nothing', async () => {
  const other = { ...windowOf([null]), analysis: { ...ABOUT, basis: 'ip' as const } }
  const sums = await sumHistory(each([windowOf([null]), other, other]))
  expect(sums).toMatchObject({ total: counts(1, 100), otherWindows: 2 })
  expect(await sumHistory(each([]))).toBeNull()
})
