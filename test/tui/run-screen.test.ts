/** `netkit live` in a real terminal: keys in, pictures out, and the terminal as it was afterwards, however it ends. */
import { afterEach, describe, expect, test } from 'vitest'
import { eventually } from '../support/live-captures.ts'
import { captureTools } from '../support/live-process.ts'
import { createLab, type Lab, whyNoLab } from '../support/namespaces.ts'
import { startTmux, type Tmux, tmuxMissing } from '../support/tmux.ts'

let tmux: Tmux | null = null
let lab: Lab | null = null
afterEach(() => {
  tmux?.close()
  tmux = null
  lab?.close()
  lab = null
})

interface Opened {
  readonly env?: Record<string, string>
  /** Before the command, as a shell reads it. */
  readonly prefix?: string
}

/** The command on the screen of a shell that has shown something before. */
async function open(columns: number, rows: number, args: string, { env, prefix = '' }: Opened = {}): Promise<Tmux> {
  tmux = await startTmux(columns, rows, env)
  tmux.keys('echo what was there before', 'Enter')
  await tmux.until(/^what was there before$/m)
  tmux.keys(`${prefix} '${process.execPath}' bin/run.js live ${args}; echo left with $?`, 'Enter')
  await tmux.until(FOOT)
  return tmux
}

const FOOT = /^q quit {2}/m
const OFFICE = '-r test/pcaps/office.pcapng --speed 4'
/** An error that nobody catches, when the test says so. */
const CRASHES = "NODE_OPTIONS='--import ./test/support/crash-on-signal.js'"

/** Also what no picture shows: line discipline, cursor, the alternate screen. */
async function expectRestored(terminal: Tmux, exitCode: number): Promise<string> {
  const screen = await terminal.until(`left with ${exitCode}`)
  expect(screen).toMatch(/^what was there before$/m)
  expect(screen).not.toMatch(FOOT)
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

/** The rows of the table, from its title to the first empty line. */
function rowsOf(screen: string): string[] {
  const lines = screen.split('\n')
  const title = lines.findIndex((line) => line.includes('▼') || line.includes('▲'))
  return lines.slice(title + 1, lines.indexOf('', title))
}

if (tmuxMissing !== null) console.log(`the screen of live is not tested: ${tmuxMissing}`)

describe.skipIf(tmuxMissing !== null)('a recording', { timeout: 180_000 }, () => {
  test('sorted, filtered, paused, opened, helped, resized, quit', async () => {
    const terminal = await open(120, 40, OFFICE)
    await terminal.until(/^ {2}\S+ .*→ voice\.example\.org +UDP/m)
    expect(terminal.ask('alternate_on')).toBe('1')

    terminal.keys('p')
    await terminal.until('PAUSED')
    const still = terminal.look()
    terminal.keys('s', 's')
    const rows = rowsOf(await terminal.until('total ▼'))
    const total = (line: string) => {
      const [, number, unit] = / ([\d.]+) (k?)B\b/.exec(line)!
      return Number(number) * (unit === 'k' ? 1000 : 1)
    }
    expect(rows.map(total)).toEqual(rows.map(total).toSorted((a, b) => b - a))
    expect(rows.length).toBeGreaterThan(3)

    terminal.keys('/', 'f', 'd', '0', '0')
    expect(await terminal.until(/^ {2}… \d+ pairs? of \d+$/m)).toMatch(/^\/fd00/m)
    terminal.keys('Enter')
    const kept = rowsOf(await terminal.until(/^filter: fd00$/m)).filter((line) => !line.startsWith('  …'))
    for (const line of kept) expect(line).toContain('fd00')
    expect(kept.length).toBeGreaterThan(0)
    terminal.keys('Escape')
    await terminal.until((screen) => !screen.includes('filter: fd00'))

    terminal.keys('Down', 'Down')
    await terminal.until(/^› /m)
    terminal.keys('Enter')
    expect(await terminal.until(/^seen \d\d:\d\d:\d\d to/m)).toMatch(/^\d+ flows?\b/m)
    terminal.keys('Escape')
    await terminal.until('total ▼')
    terminal.keys('?')
    await terminal.until('What is shown')
    terminal.keys('?')
    await terminal.until('total ▼')

    terminal.resize(80, 24)
    const small = await terminal.until((screen) => screen.trimEnd().split('\n').length === 24 && FOOT.test(screen))
    const lines = small.trimEnd().split('\n')
    expect(lines[0]).toMatch(/^office\.pcapng {3}PAUSED .* drops 0 .*UTC$/)
    expect(lines[23]).toMatch(/^q quit {2}\? help/)
    // Paused all the while: the moment is the same.
    expect(/\d\d:\d\d:\d\d UTC/.exec(small)![0]).toBe(/\d\d:\d\d:\d\d UTC/.exec(still)![0])

    terminal.keys('g', 'b')
    await terminal.until((screen) => screen.includes('g flow') && screen.includes('kbit/s'))
    terminal.keys(']')
    await terminal.until('end of file')
    terminal.keys('[')
    await terminal.until('replay x4')
    terminal.keys('p')
    await terminal.until((screen) => !screen.includes('PAUSED'))
    terminal.keys('q')
    await expectRestored(terminal, 0)
  })

  test('Ctrl-C, which is a key here', async () => {
    const terminal = await open(80, 24, OFFICE)
    terminal.keys('C-c')
    await expectRestored(terminal, 0)
  })

  test.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)('%s', async (signal) => {
    const terminal = await open(80, 24, OFFICE)
    for (const pid of terminal.children()) process.kill(pid, signal)
    await expectRestored(terminal, 0)
  })

  test('a crash: the terminal first, then one sentence', async () => {
    const terminal = await open(80, 24, OFFICE, { prefix: CRASHES })
    for (const pid of terminal.children()) process.kill(pid, 'SIGUSR2')
    expect(await expectRestored(terminal, 1)).toMatch(/^netkit: a crash on purpose$/m)
  })

  test('Ctrl-Z leaves it for a while, fg brings it back', async () => {
    const terminal = await open(80, 24, OFFICE)
    terminal.keys('C-z')
    expect(await terminal.until(/Stopped|Suspended/)).toMatch(/^what was there before$/m)
    expect(terminal.ask('alternate_on')).toBe('0')
    terminal.keys('fg', 'Enter')
    await terminal.until(FOOT)
    expect(terminal.ask('alternate_on')).toBe('1')
    terminal.keys('?')
    await terminal.until(/^Keys$/m)
    terminal.keys('q')
    await terminal.until((screen) => !/^Keys$/m.test(screen))
    terminal.keys('echo left with $?', 'Enter')
    await expectRestored(terminal, 0)
    expect(terminal.ask('alternate_on')).toBe('0')
  })

  test('colour with a terminal that wants it, none with NO_COLOR; weight in both', async () => {
    const coloured = await open(80, 24, OFFICE)
    await coloured.until('Kbps ▼')
    const seen = coloured.lookStyled()
    coloured.close()
    tmux = null
    expect(seen).toContain('\x1b[36m')
    const plain = await open(80, 24, OFFICE, { env: { NO_COLOR: '1' } })
    await plain.until('Kbps ▼')
    expect(plain.lookStyled().replaceAll('\x1b', '⎋')).not.toMatch(/⎋\[(?:\d+;)*(?:3[0-7]|4[0-7]|9[0-7])m/)
    expect(plain.lookStyled()).toContain('\x1b[1m')
  })

  test('a file that is cut: told on the screen, and again when it is left', async () => {
    const terminal = await open(80, 24, '-r test/pcaps/broken/pcap-cut-packet.pcap --speed 1000')
    await terminal.until(/^cut in .*everything before it is shown$/m)
    terminal.keys('q')
    expect(await expectRestored(terminal, 6)).toMatch(/^netkit: .*: cut in /m)
  })
})

const noLab = tmuxMissing ?? whyNoLab('dumpcap')
if (noLab !== null) console.log(`the screen on a running capture is not tested: ${noLab}`)

describe.skipIf(noLab !== null)('a running capture', { timeout: 180_000 }, () => {
  /** On a link that is silent until the test sends. */
  async function capture(options: Opened = {}): Promise<{ terminal: Tmux; net: Lab }> {
    const net = createLab()
    lab = net
    const prefix = `${options.prefix ?? ''} ip netns exec ${net.a}`
    const terminal = await open(100, 24, 'va -n -w 60', { ...options, prefix })
    await terminal.until(/^va {2}waiting /m)
    return { terminal, net }
  }

  const nothingStays = (net: Lab) => eventually(() => net.pids(net.a).length === 0, 20_000)

  test('counted, sorted, filtered, paused while it goes on, opened, resized, quit', async () => {
    const { terminal, net } = await capture()
    expect(terminal.look()).toContain('drops: told at the end')
    await net.send(50)
    await terminal.until(/^ {2}10\.99\.0\.2 +→ 10\.99\.0\.9 +UDP .* 5\.00 kB$/m)

    terminal.keys('p')
    await terminal.until(/^paused; frames are still counted$/m)
    await net.send(20)
    // The head counts them, the picture stands still.
    expect(await terminal.until(/ 70 frames {2}7\.00 kB$/m)).toMatch(/^ {2}10\.99\.0\.2 .* 5\.00 kB$/m)
    terminal.keys('p')
    await terminal.until(/^ {2}10\.99\.0\.2 +→ 10\.99\.0\.9 +UDP .* 7\.00 kB$/m)

    terminal.keys('s')
    await terminal.until('peak ▼')
    terminal.keys('/', 't', 'c', 'p')
    await terminal.until(/^ {2}… no pair of 1 matches$/m)
    terminal.keys('Escape')
    await terminal.until(/^ {2}10\.99\.0\.2 /m)
    terminal.keys('Down', 'Enter')
    expect(await terminal.until(/^seen .* 70 packets on va$/m)).toContain('10.99.0.2')
    // What follows Esc at once would be its end: a key with Alt.
    terminal.keys('Escape')
    await terminal.until('peak ▼')
    terminal.resize(80, 24)
    await terminal.until((screen) => /^va {2}live .* {2}drops: told at the end {2}\S+ \S+ UTC$/m.test(screen))
    terminal.keys('q')
    expect(await expectRestored(terminal, 0)).toMatch(/^va: 70 frames, 7\.00 kB, drops 0$/m)
    expect(await nothingStays(net)).toBe(true)
  })

  test('a crash: the terminal, the totals, one sentence, and no capture tool left', async () => {
    const { terminal, net } = await capture({ prefix: CRASHES })
    await net.send(10)
    await terminal.until(/ 10 frames {2}1\.00 kB$/m)
    expect(captureTools(net)).toHaveLength(1)
    for (const pid of terminal.children()) process.kill(pid, 'SIGUSR2')
    const screen = await expectRestored(terminal, 1)
    expect(screen).toMatch(/^va: 10 frames, 1\.00 kB, drops 0$/m)
    expect(screen).toMatch(/^netkit: a crash on purpose$/m)
    expect(await nothingStays(net)).toBe(true)
  })

  test('an interface that disappears: said on the screen, with the drops that are known then, and again at the end', async () => {
    const { terminal, net } = await capture()
    await net.send(10)
    await terminal.until(/ 10 frames {2}1\.00 kB$/m)
    net.run(net.a, ['ip', 'link', 'del', 'va'])
    expect(await terminal.until(/^interface 'va' disappeared/m)).toMatch(/^va {2}capture ended .* {2}drops 0 {2}/m)
    terminal.keys('q')
    expect(await expectRestored(terminal, 1)).toMatch(/^netkit: interface 'va' disappeared/m)
  })
})
