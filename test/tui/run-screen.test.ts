/** The screen in a real terminal: keys in, pictures out, and the terminal as it was afterwards, however it ends. */
import { afterEach, describe, expect, test } from 'vitest'
import { startTmux, type Tmux, tmuxMissing } from '../support/tmux.ts'

let tmux: Tmux | null = null
afterEach(() => {
  tmux?.close()
  tmux = null
})

async function open(
  columns: number,
  rows: number,
  { env = {}, args = '4' }: { env?: Record<string, string>; args?: string } = {},
) {
  tmux = await startTmux(columns, rows, env)
  tmux.keys('echo what was there before', 'Enter')
  await tmux.until(/^what was there before$/m)
  tmux.keys(`node test/tui/screen-harness.js test/pcaps/office.pcapng ${args}; echo left with $?`, 'Enter')
  await tmux.until('replay x')
  return tmux
}

/** Also what no picture shows: line discipline, cursor, the alternate screen. */
async function expectRestored(terminal: Tmux, exitCode: number): Promise<string> {
  const screen = await terminal.until(`left with ${exitCode}`)
  expect(screen).toMatch(/^what was there before$/m)
  expect(screen).not.toContain('replay x')
  expect([terminal.ask('alternate_on'), terminal.ask('cursor_flag'), terminal.ask('wrap_flag')]).toEqual([
    '0',
    '1',
    '1',
  ])
  terminal.keys('clear; stty -a', 'Enter')
  const modes = await terminal.until(/\bicanon\b.*\becho\b/s)
  expect(modes).toMatch(/(?<!-)\bicanon\b/)
  expect(modes).toMatch(/(?<!-)\becho\b/)
  expect(modes).toMatch(/(?<!-)\bisig\b/)
  return screen
}

describe.skipIf(tmuxMissing !== null)('in a terminal', () => {
  test('sorted, filtered, paused, opened, helped, resized, quit', async () => {
    const terminal = await open(120, 40)
    await terminal.until(/^ {2}192\.168\.1\.20 .*→ 198\.51\.100\.60 +UDP/m)
    expect(terminal.ask('alternate_on')).toBe('1')

    terminal.keys('p')
    await terminal.until('PAUSED')
    const still = terminal.look()
    terminal.keys('s', 's')
    const sorted = await terminal.until('total ▼')
    const total = (line: string) => Number.parseFloat(/([\d.]+) k?B/.exec(line)?.[1] ?? '0')
    const rows = sorted.split('\n').filter((line) => / kB /.test(line) && line.includes('→'))
    expect(rows.map(total)).toEqual(rows.map(total).toSorted((a, b) => b - a))
    expect(rows.length).toBeGreaterThan(3)

    terminal.keys('/', 'f', 'd', '0', '0')
    const filtered = await terminal.until(/of \d+$/m)
    expect(filtered).toContain('/fd00')
    terminal.keys('Enter')
    const kept = await terminal.until('filter: fd00')
    for (const line of kept.split('\n').filter((text) => text.includes('→ ') && !text.includes('10 s'))) {
      expect(line).toContain('fd00')
    }
    terminal.keys('Escape')
    await terminal.until((screen) => !screen.includes('filter: fd00'))

    terminal.keys('Down', 'Down')
    await terminal.until(/^› /m)
    terminal.keys('Enter')
    const detail = await terminal.until(/seen \d\d:\d\d:\d\d to/)
    expect(detail).toMatch(/^1 flow|\d+ flows/m)
    terminal.keys('Escape')
    await terminal.until('total ▼')
    terminal.keys('?')
    await terminal.until('What is shown')
    terminal.keys('?')
    await terminal.until('total ▼')

    terminal.resize(80, 24)
    const small = await terminal.until((screen) => screen.split('\n').length <= 25 && screen.includes('total ▼'))
    const lines = small.trimEnd().split('\n')
    expect(lines[0]).toMatch(/^office\.pcapng .*UTC$/)
    expect(lines).toHaveLength(24)
    expect(lines[23]).toMatch(/^q quit {2}\? help/)
    // Paused all the while: the moment is the same.
    expect(/\d\d:\d\d:\d\d UTC/.exec(small)![0]).toBe(/\d\d:\d\d:\d\d UTC/.exec(still)![0])

    terminal.keys('p', 'g', 'b')
    await terminal.until('rate  ')
    await terminal.until(/kbit\/s/)
    terminal.keys(']')
    await terminal.until('end of file')
    terminal.keys('[')
    await terminal.until('replay x')
    terminal.keys('q')
    await expectRestored(terminal, 0)
  })

  test('Ctrl-C, which is a key here', async () => {
    const terminal = await open(80, 24)
    terminal.keys('C-c')
    await expectRestored(terminal, 0)
  })

  test.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)('%s', async (signal) => {
    const terminal = await open(80, 24)
    for (const pid of terminal.children()) process.kill(pid, signal)
    await expectRestored(terminal, 0)
  })

  test('a crash: the terminal first, then one sentence', async () => {
    const terminal = await open(80, 24, { args: '4 1500' })
    const screen = await expectRestored(terminal, 1)
    expect(screen).toMatch(/^netkit: a crash on purpose$/m)
  })

  test('Ctrl-Z leaves it for a while, fg brings it back', async () => {
    const terminal = await open(80, 24)
    terminal.keys('C-z')
    const shell = await terminal.until(/Stopped|Suspended/)
    expect(shell).toMatch(/^what was there before$/m)
    expect(terminal.ask('alternate_on')).toBe('0')
    terminal.keys('fg', 'Enter')
    await terminal.until(/^q quit/m)
    expect(terminal.ask('alternate_on')).toBe('1')
    terminal.keys('?')
    await terminal.until('What is shown')
    terminal.keys('q')
    await terminal.until((screen) => !screen.includes('What is shown'))
    expect(terminal.ask('alternate_on')).toBe('0')
  })

  test('colour with a terminal that wants it, none with NO_COLOR; weight in both', async () => {
    const coloured = await open(80, 24)
    await coloured.until('Kbps ▼')
    const seen = coloured.lookStyled()
    coloured.close()
    tmux = null
    expect(seen).toContain('\x1b[36m')
    const plain = await open(80, 24, { env: { NO_COLOR: '1' } })
    await plain.until('Kbps ▼')
    expect(plain.lookStyled().replaceAll('\x1b', '⎋')).not.toMatch(/⎋\[(?:\d+;)*(?:3[0-7]|4[0-7]|9[0-7])m/)
    expect(plain.lookStyled()).toContain('\x1b[1m')
  })
})
