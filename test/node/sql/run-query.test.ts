/** What a query may not do, whoever wrote it: it reads what was named, writes nothing, and cannot open the door. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { QueryError } from '../../../src/node/sql/query-error.ts'
import { ask } from '../../support/ask.ts'
import { capturesFolder } from '../../support/captures.ts'
import { netkit } from '../../support/netkit-process.ts'
import { temporaryFolder } from '../fixtures.ts'

const folder = temporaryFolder()
const OFFICE = `${capturesFolder}office.pcapng`
const secret = join(folder, 'secret.csv')
const written = join(folder, 'written.csv')
const own = join(folder, 'own.parquet')
writeFileSync(secret, 'a,b\n1,2\n')

describe('refused', () => {
  test.each([
    ['reads a file', `from read_csv('${secret}')`],
    ['reads a file by its name', `from '${secret}'`],
    ['reads text', `from read_text('${secret}')`],
    ['reads while it is planned', `pivot (from read_csv('${secret}')) on a`],
    ['lists a folder', "from glob('/etc/*')"],
    ['writes a file', `copy packets to '${written}'`],
    ['writes a file on the side', `explain analyze copy (select 1) to '${written}'`],
    ['writes over what it may read', `explain analyze copy (select 1) to '${own}' (use_tmp_file false)`],
    ['writes over it plainly', `copy (select 1) to '${own}' (use_tmp_file false)`],
    ['writes over it later', `select 1; copy (select 1) to '${own}' (use_tmp_file false)`],
    ['writes a database', `attach '${join(folder, 'x.db')}'`],
    ['exports', `export database '${join(folder, 'out')}'`],
    ['is prepared', `prepare x as copy packets to '${written}'`],
    ['is prepared for what it may read', `prepare x as copy (select 1) to '${own}' (use_tmp_file false); execute x`],
    ['writes logs', `from enable_logging(storage = 'file', storage_config = {'path': '${join(folder, 'logs')}'})`],
    ['writes logs by a text', "select * from query('from enable_' || 'logging()')"],
    ['runs a text', 'from "query" (\'select 1\')'],
    ['runs a text behind a comment', "from query/* /* */ */('select 1')"],
    ['runs a text behind a strange space', "from query\u200b('select 1')"],
    ['runs a table by its name', "from Query_Table('packets')"],
    ['runs a parsed text', "from json_execute_serialized_sql(json_serialize_sql('select 1'))"],
    ['writes a profile', `set profiling_output = '${written}'`],
    ['fetches', "from read_csv('https://example.com/x.csv')"],
    ['installs', 'install httpfs'],
    ['loads', 'load httpfs'],
    ['takes more memory', "set memory_limit = '100GB'"],
    ['opens the door', 'set enable_external_access = true'],
    ['opens it later', 'select 1; set enable_external_access = true; select 2'],
    ['lets itself in', `set allowed_paths = ['${secret}']`],
    ['unlocks', 'set lock_configuration = false'],
    ['calls', 'call range(3)'],
  ])('%s', async (_, query) => {
    if (!existsSync(own)) await netkit(['sql', 'select 1 as a', '-o', own])
    const before = readFileSync(own)
    const error = await ask([OFFICE, own], query).catch((thrown) => thrown)
    expect(error).toBeInstanceOf(QueryError)
    expect(error.kind).toBe('query')
    expect(error.message).not.toMatch(/1,2/)
    for (const name of ['written.csv', 'x.db', 'out', 'logs']) expect(existsSync(join(folder, name))).toBe(false)
    expect(readFileSync(own)).toEqual(before)
  })
})

describe('let through', () => {
  test.each([
    ['the file that was named', `select a from read_parquet('${own}')`, [{ a: 1 }]],
    [
      'tables of its own',
      'create table t as select 2 as a; insert into t values (3); select sum(a) as a from t',
      [{ a: 5 }],
    ],
    ['variables', "set variable x = 7; select getvariable('x') as a", [{ a: 7 }]],
    ['a column of that name', 'select query from (select 1 as query)', [{ query: 1 }]],
    ['macros', 'create macro twice(n) as 2 * n; select twice(4) as a', [{ a: 8 }]],
  ])('%s', async (_, query, expected) => {
    if (!existsSync(own)) await netkit(['sql', 'select 1 as a', '-o', own])
    expect(await ask([own], query)).toEqual(expected)
  })
})
