import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { DIFF_FORMATS } from '../../src/loggers/create-diff-text.ts'
import { LOG_FORMATS } from '../../src/loggers/create-logger.ts'
import { temporaryFolder } from '../node/fixtures.ts'
import { ACTIVE, ATTACKS, captureOf } from '../support/attack-text.ts'
import { inTerminal, NETKIT, netkit } from '../support/netkit-process.ts'
import { missingTools } from '../support/tools.ts'

const names = Object.values(ATTACKS)
const folder = join(temporaryFolder(), '\x1b]0;owned\x07 \u202e=1+1')
mkdirSync(folder)
/** As far as a file can be called that. */
const file = `${names.join(' ').replaceAll('/', '_').slice(0, 100)}.pcapng`
const path = join(folder, file)
writeFileSync(path, captureOf(names))
const cut = join(folder, `cut ${file}`)
writeFileSync(cut, captureOf(names).subarray(0, -10))

const run = async (args: readonly string[]) => {
  const { code, stdout, stderr } = await netkit(args)
  return { code, stdout, stderr: stderr.split('\n').slice(0, -1) }
}

describe('through a pipe', () => {
  // csv and tsv are for programs, which get what there is; zeek has conversations only.
  const formats = LOG_FORMATS.filter((format) => format !== 'csv' && format !== 'tsv' && format !== 'zeek')

  test.each(formats)('analyze: %s', async (format) => {
    for (const window of ['0', '1']) {
      const args = ['analyze', path, '--by', 'interface', '--top', 'all', '--window', window, '--format', format]
      const { code, stdout, stderr } = await run(args)
      expect([code, stderr]).toEqual([0, []])
      expect(stdout).toMatch(/script\\?>alert/)
      expect(stdout).not.toMatch(ACTIVE)
    }
  })

  test('json: the values are those of the capture', async () => {
    const { stdout } = await run(['analyze', path, '--by', 'interface', '--format', 'json'])
    const { capture, rows } = JSON.parse(stdout)
    expect(capture.interfaces.map(({ name }: { name: string }) => name)).toEqual(names)
    expect(new Set(rows.map((row: { interface: string }) => row.interface))).toEqual(new Set(names))
  })

  test.each(['text', 'jsonl'])('log: %s', async (format) => {
    const { code, stdout, stderr } = await run(['log', path, '--format', format])
    expect([code, stderr]).toEqual([0, ['netkit: logged 14 frames, 588 bytes']])
    expect(stdout).not.toMatch(ACTIVE)
  })

  test.each(['text', 'json'])('check: %s', async (format) => {
    const { stdout, stderr } = await run(['check', cut, '--format', format])
    for (const text of [stdout, ...stderr]) expect(text).not.toMatch(ACTIVE)
  })

  test.each(DIFF_FORMATS.filter((format) => format !== 'csv' && format !== 'tsv'))('diff: %s', async (format) => {
    const { code, stdout, stderr } = await run([
      'diff',
      path,
      cut,
      '--by',
      'interface',
      '--top',
      'all',
      '--format',
      format,
    ])
    expect(code).toBe(6)
    expect(stdout).toMatch(/script\\?>alert/)
    for (const text of [stdout, ...stderr]) expect(text).not.toMatch(ACTIVE)
  })

  test('a broken budget names its row', async () => {
    const { code, stderr } = await run(['analyze', path, '--by', 'interface', '--assert', 'every.bytes > 1MB'])
    expect([code, stderr.length]).toEqual([3, 1])
    for (const text of stderr) expect(text).not.toMatch(ACTIVE)
  })

  test.each([
    ['a cut file', ['analyze', cut, '--format', 'csv', '-q', '--by', 'protocol']],
    ['no file', ['analyze', `${path}x`]],
    ['an output without a folder', ['analyze', path, '-o', join(folder, '\x1b[2J', 'x.csv')]],
    ['a value of a flag', ['analyze', path, '--window', names[0]!]],
    ['a flag', ['analyze', path, `--${names[0]!}`]],
    ['a command', [names[0]!]],
    ['an interface', ['live', names[0]!]],
  ])('errors: %s', async (_, args) => {
    const { code, stdout, stderr } = await run(args)
    expect(code).toBeGreaterThan(0)
    expect(stdout).not.toMatch(ACTIVE)
    expect(stderr.length).toBeGreaterThan(0)
    for (const line of stderr) expect(line).not.toMatch(ACTIVE)
  })

  test('the trace of a developer', async () => {
    const { stderr } = await netkit(['analyze', `${path}x`], { env: { NETKIT_DEBUG: '1' } })
    expect(stderr).toMatch(/\n {4}at /)
    for (const line of stderr.split('\n')) expect(line).not.toMatch(ACTIVE)
  })
})

describe('for a spreadsheet', () => {
  test.each(['csv', 'tsv'])('analyze: %s', async (format) => {
    const { stdout } = await run(['analyze', path, '--by', 'interface', '--format', format, '--excel-safe'])
    expect(cellsOf(stdout, format === 'csv' ? ',' : '\t').filter(isFormula)).toEqual([])
    expect(stdout).toContain("'=cmd|' /C calc'!A0")
  })

  test('log: csv', async () => {
    const { stdout } = await run(['log', path, '--format', 'csv', '--excel-safe'])
    expect(cellsOf(stdout, ',').filter(isFormula)).toEqual([])
    expect(stdout).toContain("'=cmd|' /C calc'!A0")
  })

  test('without it they are what the capture has', async () => {
    const { stdout } = await run(['log', path, '--format', 'csv'])
    expect(cellsOf(stdout, ',').filter(isFormula)).toContain("=cmd|' /C calc'!A0")
  })
})

const noTerminal = missingTools('script')
if (noTerminal !== null) console.log(`untrusted-text.test: the terminal is skipped, ${noTerminal}`)

describe.skipIf(noTerminal !== null)('on a terminal', () => {
  test.each([
    'analyze FILE --by interface --format csv',
    'analyze FILE --by interface --format tsv',
    'analyze FILE --by interface --window 1 --format csv',
    'log FILE --format csv',
  ])('%s', async (line) => {
    const command = `'${process.execPath}' '${NETKIT}' ${line.replace('FILE', `"$CAPTURE"`)}`
    const { stdout } = await inTerminal(command, { CAPTURE: path, NO_COLOR: '1' })
    const text = stdout.replaceAll('\r\n', '\n')
    expect(text).toContain('\\x1b]52;c;')
    expect(text).not.toMatch(ACTIVE)
  })
})

/** As a spreadsheet divides them: a carriage return ends a row too, unless it is quoted. */
function cellsOf(text: string, delimiter: string): string[] {
  const cells: string[] = []
  let cell = ''
  let isQuoted = false
  for (const character of text) {
    if (character === '"' && delimiter === ',') isQuoted = !isQuoted
    else if (!isQuoted && (character === delimiter || character === '\n' || character === '\r')) {
      cells.push(cell)
      cell = ''
    } else cell += character
  }
  return cells
}

function isFormula(cell: string): boolean {
  return /^[=+\-@\t\r\n]/.test(cell) && Number.isNaN(Number(cell))
}
