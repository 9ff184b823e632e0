/** Values of every kind, as each format prints them; JSON and CSV are read back by others. */
import { describe, expect, test } from 'vitest'
import { resultFormatFromPath, type TextFormat } from '../../../src/node/sql/result-formats.ts'
import { ask, askText } from '../../support/ask.ts'

const print = (query: string, format: TextFormat, width: number | null = null) => askText([], query, { format, width })

describe('json', () => {
  test.each([
    ['a whole number that a double has', '9007199254740991::bigint', 9007199254740991],
    ['one that it has not', '9007199254740993::bigint', '9007199254740993'],
    ['a huge one', '-170141183460469231731687303715884105727::hugeint', '-170141183460469231731687303715884105727'],
    ['a decimal', '12.50::decimal(9, 2)', 12.5],
    ['a long decimal', '1234567890123456.789::decimal(20, 3)', '1234567890123456.789'],
    ['nanoseconds', "timestamp_ns '2026-11-22 13:28:22.000000001'", '2026-11-22T13:28:22.000000001Z'],
    ['microseconds', "timestamp '1969-12-31 23:59:59.999999'", '1969-12-31T23:59:59.999999000Z'],
    ['a zone', "timestamptz '2020-06-01 12:00:00+02'", '2020-06-01T10:00:00.000000000Z'],
    ['seconds', "timestamp_s '2020-06-01 12:00:00'", '2020-06-01T12:00:00.000000000Z'],
    ['never', "'infinity'::timestamp", 'infinity'],
    ['no number', "'nan'::double", 'NaN'],
    ['nothing', 'null', null],
    ['a day', "date '2020-02-29'", '2020-02-29'],
    ['a list', '[1, null, 3]', [1, null, 3]],
    ['a struct', "{'a': 'x', 'b': [true]}", { a: 'x', b: [true] }],
    ['escapes', 'chr(155) || chr(27)', '\u009b\u001b'],
  ])('%s', async (_, expression, expected) => {
    expect(await ask([], `select ${expression} as v`)).toEqual([{ v: expected }])
  })

  test('a name that comes twice, no rows, lines', async () => {
    expect(await ask([], 'select 1 as a, 2 as a')).toEqual([{ a: 1, 'a:1': 2 }])
    expect(await ask([], 'select 1 where false')).toEqual([])
    expect(await print('from range(2)', 'jsonl')).toBe('{"range":0}\n{"range":1}\n')
  })
})

test('csv and tsv', async () => {
  const query = `select 'a,"b' as "x,y", null as n, -5 as m, chr(9) || chr(10) as t`
  expect(await print(query, 'csv')).toBe('"x,y",n,m,t\n"a,""b",,-5,"\t\n"\n')
  expect(await print(query, 'tsv')).toBe('x,y\tn\tm\tt\na,"b\t\t-5\t\\t\\n\n')
})

test('md', async () => {
  expect(await print(`select 'a|b' as x, 1 as n`, 'md')).toBe('| x | n |\n| --- | ---: |\n| a\\|b | 1 |\n')
})

describe('text', () => {
  test('numbers to the right, what acts on a terminal shown', async () => {
    expect(
      await print(`select 'a' || chr(27) as name, 5 as n union all select 'longer', null order by n`, 'text'),
    ).toBe('name       n\na\\x1b      5\nlonger  NULL\n(2 rows)\n')
  })

  test('no rows', async () => {
    expect(await print('select 1 as one where false', 'text')).toBe('one\n(0 rows)\n')
  })

  test('the widest columns are cut to a width', async () => {
    const lines = (
      await print(`select repeat('x', 50) as long, repeat('漢', 20) as wide, 'short' as s`, 'text', 40)
    ).split('\n')
    expect(lines.slice(0, 2)).toEqual([
      'long             wide              s',
      'xxxxxxxxxxxxxx…  漢漢漢漢漢漢漢…   short',
    ])
  })

  test('too many columns for a width are lines', async () => {
    const query =
      "select 1 as first, repeat('x', 90) as second, null as third, repeat('y', 90) as fourth, repeat('z', 90) as fifth"
    expect((await print(query, 'text', 40)).split('\n')).toEqual([
      'row 1',
      '  first   1',
      `  second  ${'x'.repeat(29)}…`,
      '  third   NULL',
      `  fourth  ${'y'.repeat(29)}…`,
      `  fifth   ${'z'.repeat(29)}…`,
      '(1 row)',
      '',
    ])
  })

  test('more rows than are measured', async () => {
    const lines = (await print('select range as n from range(25000)', 'text')).trimEnd().split('\n')
    expect(lines).toHaveLength(25002)
    expect(lines.at(-1)).toBe('(25000 rows)')
    expect(lines[12_346]!.trim()).toBe('12345')
  })
})

test.each([
  ['x.csv', 'csv'],
  ['x.PARQUET', 'parquet'],
  ['x.ndjson', 'jsonl'],
  ['x.txt', 'text'],
  ['constructor', 'text'],
])('%s is %s', (path, format) => {
  expect(resultFormatFromPath(path)).toBe(format)
})
