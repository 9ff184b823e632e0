/** Any texts and numbers, with NULLs between them, over several chunks: DuckDB gives back what was written. */
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { writeRow } from '../../../src/node/sql/capture-rows.ts'
import { loadDuckDb, openDatabase } from '../../../src/node/sql/duckdb.ts'
import { InternedTexts } from '../../../src/node/sql/interned-texts.ts'
import { STORE, TableWriter } from '../../../src/node/sql/table-writer.ts'
import type { SqlColumn, SqlType } from '../../../src/node/sql/tables.ts'

const column = (name: string, type: SqlType): SqlColumn => ({ name, type, about: '', example: '' })
const COLUMNS = [column('n', 'BIGINT'), column('text', 'VARCHAR'), column('time', 'TIMESTAMP_NS')]

// The lowest two and the highest number are infinities and NULL to DuckDB's times.
const time = fc.bigInt({ min: -(2n ** 63n) + 2n, max: 2n ** 63n - 2n })
// Of at most 12 bytes they lie in the row itself, longer ones elsewhere.
const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.string({ maxLength: 13 }), fc.constant('\0'))
const row = fc.record({
  n: fc.option(fc.maxSafeNat()),
  text: fc.option(text),
  time: fc.option(time),
})

test('comes back as it was', async () => {
  const duckdb = await loadDuckDb()
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 1, max: 90 }),
      async (some, times) => {
        const rows = Array.from({ length: times }, () => some).flat()
        const spillFolder = join(tmpdir(), 'netkit-sql-test')
        const database = await openDatabase(duckdb, { memory: 2 ** 27, threads: 1, spillFolder })
        try {
          await database.connection.run(`CREATE SCHEMA ${STORE}`)
          const writer = await TableWriter.create(duckdb, database, 'made', COLUMNS)
          const texts = new InternedTexts(duckdb)
          for (const values of rows) {
            writeRow(writer, texts, values)
            if (writer.rows === 0) texts.clear()
          }
          writer.close()
          const reader = await database.connection.runAndReadAll(`SELECT n, text, epoch_ns(time) FROM ${STORE}.made`)
          const read = reader.getRows().map(([n, text, time]) => ({ n: n === null ? null : Number(n), text, time }))
          // Halves of surrogate pairs have no UTF-8.
          const asStored = (value: string | null) =>
            value === null
              ? null
              : new TextDecoder('utf-8', { ignoreBOM: true }).decode(new TextEncoder().encode(value))
          expect(read).toEqual(rows.map((values) => ({ ...values, text: asStored(values.text) })))
        } finally {
          database.connection.closeSync()
          database.instance.closeSync()
        }
      },
    ),
    { numRuns: 20 },
  )
})
