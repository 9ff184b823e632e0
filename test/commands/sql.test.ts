/** `netkit sql` as a user runs it: exit codes, what a query may not do, formats and files, and what is left behind. */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test, vi } from 'vitest'
import Sql from '../../src/commands/sql.ts'
import { temporaryFolder } from '../node/fixtures.ts'
import { ask } from '../support/ask.ts'
import { capturesFolder, projectFolder } from '../support/captures.ts'
import { inTerminal, NETKIT, netkit, resultOf, shell, startNetkit } from '../support/netkit-process.ts'

const folder = temporaryFolder()
const temporary = join(folder, 'tmp')
mkdirSync(temporary)
const office = `${capturesFolder}office.pcapng`
/** Nothing of any run may stay in the folder for temporary files. */
const env = { TMPDIR: temporary }
const sql = (...args: string[]) => netkit(['sql', ...args], { env })
const COUNT = 'select count(*) as n from packets'

function expectNothingLeft(): void {
  expect(readdirSync(temporary)).toEqual([])
}

describe('exit codes', () => {
  test.each([
    ['an answer', [office, COUNT], 0],
    ['no answer', [office, 'from packets where false'], 0],
    ['a query that fails on the way', [office, 'select cast(src as integer) from packets'], 1],
    ['no room', [office, COUNT, '-o', '/dev/full'], 1],
    ['no arguments', [], 2],
    ['no query', [office], 2],
    ['no captures', [COUNT], 2],
    ['a name that is not there', [office, 'select srce from packets'], 2],
    ['no SQL', [office, 'selec'], 2],
    ['an empty query', [office, ' '], 2],
    ['too little memory', [office, COUNT, '--memory', '1MB'], 2],
    ['a text that would switch logs on', ["select * from query('from enable_' || 'logging()')"], 2],
    ['Parquet of several statements', [office, 'select 1; select 2', '-o', join(folder, 'x.parquet')], 2],
    ['no capture', [`${capturesFolder}broken/text.pcap`, COUNT], 5],
    ['no such file', ['nowhere.pcap', COUNT], 5],
    ['no such Parquet file', ['nowhere.parquet', COUNT], 5],
    ['damage', [`${capturesFolder}broken/pcapng-zero-length-block.pcapng`, COUNT], 6],
  ] as const)('%s', async (_, args, expected) => {
    const { code, stderr } = await sql(...args)
    expect(code).toBe(expected)
    expect(Sql.description).toContain(`${expected} `)
    expect(stderr === '').toBe(expected === 0)
    // A sentence, advice, and for a query the place in it.
    for (const line of stderr.split('\n').slice(0, -1)) expect(line).toMatch(/^(netkit: |LINE \d+: | +\^$)/)
    expectNothingLeft()
  })

  test('rows up to the damage are there', async () => {
    const { stdout, stderr, code } = await sql(`${capturesFolder}broken/pcap-cut-packet.pcap`, COUNT, '-T', 'csv')
    expect({ stdout, code }).toEqual({ stdout: expect.stringMatching(/^n\n[1-9]\d*\n$/), code: 6 })
    expect(stderr).toMatch(/pcap-cut-packet\.pcap: .*; everything before it is shown\n$/)
  })

  test('the place of a mistake is shown', async () => {
    const { stderr } = await sql(office, 'select src\nfrom packets\nwhere lenght > 3')
    expect(stderr).toMatch(/^netkit: query: Binder Error: [^\n]+\nLINE 3: where lenght > 3\n {14}\^\n$/)
  })
})

describe('without DuckDB', () => {
  /** The program as it is installed, and no packages but those that are given. */
  function install(name: string): string {
    const place = join(folder, name)
    mkdirSync(place)
    for (const part of ['bin', 'build', 'package.json'])
      cpSync(join(projectFolder, part), join(place, part), { recursive: true })
    return place
  }

  test('says what to install, and everything else works', () => {
    const place = install('bare')
    const run = (...args: string[]) =>
      spawnSync(process.execPath, [join(place, 'bin/run.js'), ...args], { encoding: 'utf8' })
    const { status, stderr, stdout } = run('sql', office, COUNT)
    expect(stderr).toBe(
      'netkit: sql needs DuckDB, which is not installed: npm install @duckdb/node-api (with -g where netkit was)\n',
    )
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(run('sql', '--tables').stdout).toMatch(/^packets: /)
    expect(run('analyze', office, '-T', 'csv').status).toBe(0)
  })

  test('without the part for this machine too', () => {
    const place = install('foreign')
    for (const name of ['@duckdb/node-api', '@duckdb/node-bindings', 'detect-libc']) {
      mkdirSync(join(place, 'node_modules', name, '..'), { recursive: true })
      cpSync(join(projectFolder, 'node_modules', name), join(place, 'node_modules', name), {
        recursive: true,
        dereference: true,
      })
    }
    const { status, stderr } = spawnSync(process.execPath, [join(place, 'bin/run.js'), 'sql', office, COUNT], {
      encoding: 'utf8',
    })
    expect(stderr).toMatch(/^netkit: sql needs DuckDB, which [^\n]+npm install @duckdb\/node-api[^\n]*\n$/)
    expect(status).toBe(1)
  })
})

describe('other files', () => {
  const secret = join(folder, 'secret.csv')
  const written = join(folder, 'written.csv')
  writeFileSync(secret, 'a,b\n1,2\n')
  const query = `copy (select a + b as c from read_csv('${secret}')) to '${written}'`

  test('are none of its business (test/node/sql/run-query.test.ts has more)', async () => {
    const { code, stdout, stderr } = await sql(office, query)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^netkit: query: Permission Error: .*\(see --allow-files\)\n/)
    expect(existsSync(written)).toBe(false)
    expectNothingLeft()
  })

  test('--allow-files lets it', async () => {
    const { code } = await sql('--allow-files', query)
    expect(code).toBe(0)
    expect(readFileSync(written, 'utf8')).toBe('c\n3\n')
  })
})

describe('where the query comes from', () => {
  test('stdin and a file', async () => {
    const file = join(folder, 'query.sql')
    writeFileSync(file, `-- how many\n${COUNT};\n`)
    expect((await sql(office, '--file', file, '-T', 'csv')).stdout).toBe('n\n812\n')
    expect((await shell(`netkit sql '${office}' - -T csv < '${file}'`)).stdout).toBe('n\n812\n')
    expect((await shell(`netkit sql - '${COUNT}' -T csv < '${office}'`)).stdout).toBe('n\n812\n')
    expect(await shell(`netkit sql - - < '${file}'`)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/stdin is either/),
    })
    expect(await sql(office, '--file', 'nowhere.sql')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/nowhere\.sql: no such file/i),
    })
  })

  test('several statements', async () => {
    const query = 'create macro kib(n) as n / 1024; select kib(2048) as n from packets limit 1'
    expect((await sql(office, query, '-T', 'csv')).stdout).toBe('n\n2\n')
  })
})

describe('tables', () => {
  test('are listed with an example each', async () => {
    const { stdout, code } = await sql('--tables')
    expect(code).toBe(0)
    for (const table of ['packets', 'flows', 'windows', 'names', 'captures'])
      expect(stdout).toMatch(new RegExp(`^${table}: `, 'm'))
    expect((await sql('.tables')).stdout).toBe(stdout)
  })

  test('of a capture, with what it holds', async () => {
    const { stdout } = await sql(office, '.schema')
    expect(stdout).toMatch(/^packets: .*; 812 rows$/m)
    expect(stdout).toMatch(/^ {2}interface +VARCHAR +eth0 /m)
    expect(stdout).toMatch(/^names: .*; 8 rows$|^names: .*; \d+ rows$/m)
  })
})

describe('Parquet', () => {
  const windows = join(folder, 'history/2026-11-22/13.parquet')
  const packets = join(folder, 'packets.parquet')
  const make = async () => {
    if (existsSync(packets)) return
    mkdirSync(join(windows, '..'), { recursive: true })
    await netkit(['analyze', office, '-w', '1', '--align', 'clock', '--by', 'flow', '-T', 'parquet', '-o', windows])
    await netkit(['log', office, '-q', '-T', 'parquet', '-o', packets])
  }
  const perSecond =
    'select window_start, sum(packets) as packets, sum(bytes) as bytes from windows group by all order by 1'

  test('windows of a folder are those of the capture', async () => {
    await make()
    const expected = await sql(office, perSecond, '-T', 'csv')
    expect((await sql(join(folder, 'history'), perSecond, '-T', 'csv')).stdout).toBe(expected.stdout)
    const both = await sql(join(folder, 'history'), office, 'select sum(packets) as n from windows', '-T', 'csv')
    expect(both.stdout).toBe('n\n1624\n')
  })

  test('packets too, to the nanosecond', async () => {
    await make()
    const query = (order: string) =>
      `select frame, time, time_ns, src, src_port, dst, dst_port, protocol, length, vlan from packets ${order}`
    const expected = await sql(office, query('order by frame'), '-T', 'csv')
    expect((await sql(packets, query('order by frame'), '-T', 'csv')).stdout).toBe(expected.stdout)
    expect(
      (await sql(packets, office, 'select file, count(*) as n from packets group by file', '-T', 'csv')).stdout
        .split('\n')
        .sort(),
    ).toEqual(['', 'file,n', `${packets},812`, `${office},812`].sort())
  })

  test('the hour that a killed recorder left open', async () => {
    const history = join(folder, 'open')
    const child = startNetkit([
      'live',
      '--cmd',
      `cat '${office}'; exec sleep 60`,
      '--record',
      history,
      '--by',
      'flow',
      '-w',
      '1',
      '-q',
    ])
    const ended = resultOf(child)
    const whole = [{ n: 812 }]
    try {
      await vi.waitFor(
        async () => expect(await ask([history], 'select sum(packets) as n from windows')).toEqual(whole),
        { timeout: 50_000, interval: 200 },
      )
    } finally {
      child.kill('SIGKILL')
      await ended
    }
    expect(await ask([history], 'select sum(packets) as n from windows')).toEqual(whole)
    expect(readdirSync(history)).toEqual(['.netkit'])
  })

  test('a file of its own is a table', async () => {
    const assets = join(folder, 'my assets.parquet')
    await sql("select '192.168.1.20' as address, 'desk' as owner", '-o', assets)
    const { stdout } = await sql(
      office,
      assets,
      'select distinct owner from flows join my_assets on src = address',
      '-T',
      'csv',
    )
    expect(stdout).toBe('owner\ndesk\n')
  })

  test('is not what only captures have', async () => {
    await make()
    expect(await sql(packets, 'from flows')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/asks for flows, which captures fill/),
    })
  })

  test('what is none', async () => {
    const wrong = join(folder, 'wrong.parquet')
    writeFileSync(wrong, 'PAR1')
    expect(await sql(wrong, 'select 1')).toMatchObject({ code: 5, stderr: `netkit: ${wrong}: not a Parquet file\n` })
    expectNothingLeft()
  })
})

describe('on a terminal', () => {
  test('nothing acts on it, and lines are no longer than it is wide', async () => {
    const query = "select chr(27) || '[31mred' as name, repeat('x', 300) as long"
    const { stdout } = await inTerminal(`'${process.execPath}' '${NETKIT}' sql "${query}"`)
    expect(stdout).toContain('\\x1b[31mred')
    expect(stdout).not.toContain('\u001b[31mred')
    for (const line of stdout.split('\r\n')) expect(stripVTControlCharacters(line).length).toBeLessThanOrEqual(100)
    expect((await inTerminal(`'${process.execPath}' '${NETKIT}' sql "${query}" -T csv`)).stdout).not.toContain(
      '\u001b[31mred',
    )
    expect((await inTerminal(`'${process.execPath}' '${NETKIT}' sql "${query}" -T parquet`)).stdout).toMatch(
      /not onto a terminal/,
    )
  })
})

describe('limits', () => {
  const LONG = 'select count(*) from range(100000000000) a(x), range(100) where x % 7 = random()'

  test('Ctrl-C ends the query', async () => {
    const child = startNetkit(['sql', `select 1; ${LONG}`], { env })
    // The folder is there from the opening of DuckDB on.
    while (readdirSync(temporary).length === 0) await new Promise((resolve) => setTimeout(resolve, 20))
    await new Promise((resolve) => setTimeout(resolve, 500))
    child.kill('SIGINT')
    expect(await resultOf(child)).toMatchObject({
      code: 130,
      stdout: '',
      stderr: 'netkit: query: the query was interrupted\n',
    })
    expectNothingLeft()
  })

  test('more than the memory holds is put aside', async () => {
    const query = 'select count(distinct a || b) as n from (select range as a from range(2000000)), (select 1 as b)'
    const { stdout, code, stderr } = await sql('--memory', '64MiB', '-j', '1', query, '-T', 'csv')
    expect({ stdout, code, stderr }).toEqual({ stdout: 'n\n2000000\n', code: 0, stderr: '' })
    expectNothingLeft()
  })

  test('a reader that has seen enough', async () => {
    const { code, stdout } = await shell('netkit sql "from range(3000000)" -T csv | head -n 2')
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'range\n0\n' })
  })
})

test('a link to a capture, given twice, counts once', async () => {
  const link = join(folder, 'link.pcapng')
  symlinkSync(office, link)
  expect((await sql(office, link, COUNT, '-T', 'csv')).stdout).toBe('n\n812\n')
})
