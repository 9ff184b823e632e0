/** Only what a query needs is filled, and that is enough: the answer is that of full tables. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { withTables } from '../../../src/node/sql/answer.ts'
import { sqlTables } from '../../../src/node/sql/tables.ts'
import { loadCaptureModule } from '../../../src/node/wasm-module.ts'
import { ask } from '../../support/ask.ts'
import { capturesFolder } from '../../support/captures.ts'

const OFFICE = `${capturesFolder}office.pcapng`

/** What would be filled: `table(column …)`, or null where any column might be read. */
async function needsOf(query: string): Promise<string[] | null> {
  const question = {
    query,
    inputs: [],
    parquet: [],
    windowNs: 1_000_000_000n,
    memory: 2 ** 27,
    threads: 1,
    allowFiles: false,
    mayBeEmpty: true,
  }
  return withTables(question, loadCaptureModule(), [], async ({ needs: { columns, isWhole } }) =>
    isWhole ? [...columns].map(([table, names]) => `${table}(${[...names].sort().join(' ')})`).sort() : null,
  )
}

describe('what is filled', () => {
  test.each([
    ['select src, sum(length) from packets group by src', ['packets(length src)']],
    ['select count(*) from packets where dst_port = 445', ['packets(dst_port)']],
    ['select count(*) from packets', ['packets(frame)']],
    [
      'select p.file from packets p join flows using (flow) where flows.bytes > 9',
      ['flows(bytes flow)', 'packets(file flow)'],
    ],
    ['with a as (from windows) select max(bytes) from a', ['windows(bytes)']],
    ["select columns('tcp_w.*') from packets", ['packets(tcp_window)']],
    ['select 1', []],
    ['select src from packets where false', []],
    ['describe flows', []],
    ['select (select count(*) from names n where n.address = f.src) from flows f', ['flows(src)', 'names(address)']],
  ])('%s', async (query, expected) => {
    expect(await needsOf(query)).toEqual(expected)
  })

  test.each([
    ['several statements', 'create macro f(x) as x; select f(src) from flows'],
    ['a pivot', 'pivot flows on protocol using count(*)'],
    ['what is no select', 'explain select src from flows'],
  ])('everything of the tables that are named: %s', async (_, query) => {
    expect(await needsOf(query)).toBeNull()
  })

  test('a table whose name is made up is missing there, not empty', async () => {
    // Only --allow-files lets names be made up.
    const any = { allowFiles: true }
    const made = "query_table('pack' || 'ets')"
    await expect(ask([OFFICE], `select 1; from ${made}`, any)).rejects.toThrow(/does not exist/)
    expect(await ask([OFFICE], `select count(*) as n from ${made}`, any)).toEqual([{ n: 812 }])
  })
})

const tables = sqlTables('1')

/** Queries of any table that have one right order of rows. */
const queries = fc
  .record({
    table: fc.constantFrom(...tables),
    seed: fc.nat(),
    limit: fc.integer({ min: 0, max: 50 }),
    kind: fc.nat(4),
  })
  .chain(({ table, limit, kind }) => {
    const names = table.columns.map(({ name }) => `"${name}"`)
    return fc
      .record({
        chosen: fc.subarray(names, { minLength: 1, maxLength: 4 }),
        by: fc.constantFrom(...names),
        other: fc.constantFrom('flows', 'names', 'captures'),
      })
      .map(({ chosen, by, other }) => {
        const list = chosen.join(', ')
        const { name } = table
        return [
          `select ${list} from ${name} order by all limit ${limit}`,
          `select ${by}, count(*), count(distinct ${chosen[0]}) from ${name} group by ${by} order by all`,
          `select count(*) from ${name} where ${by} is not null and ${chosen[0]} is not null`,
          `select ${list} from ${name} where ${by} >= (select max(${by}) from ${name}) order by all`,
          `select ${chosen[0]}, (select count(*) from ${other}) from ${name} order by all limit ${limit}`,
        ][kind]!
      })
  })

test('the answer is that of full tables', async () => {
  await fc.assert(
    fc.asyncProperty(queries, async (query) => {
      // Behind another statement, all columns of the named tables are filled.
      expect(await ask([OFFICE], query)).toEqual(await ask([OFFICE], `select 1; ${query}`))
    }),
    { numRuns: 15 },
  )
})
