import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { ReportData } from '../../src/report/report-data.ts'
import { temporaryFolder } from '../node/fixtures.ts'
import { capturesFolder, projectFolder } from '../support/captures.ts'
import { inTerminal, NETKIT, netkit, shell } from '../support/netkit-process.ts'

const folder = temporaryFolder()
const office = `${capturesFolder}office.pcap`

/** What lies in the page. */
function dataOf(page: string): ReportData {
  const [, json] = /<script type="application\/json" id="netkit-data">(.*)<\/script>/.exec(page)!
  return JSON.parse(json!)
}

/** Of the same inputs; the command that made it differs. */
function withoutCommand(page: string): unknown {
  const { command, inputs, facts, capture, ...rest } = dataOf(page)
  return { ...rest, capture: { ...capture, files: [] } }
}

async function reportOn(args: readonly string[]): Promise<string> {
  const path = join(folder, 'report.html')
  const { code, stderr } = await netkit(['report', ...args, '-o', path])
  expect([code, stderr]).toEqual([0, ''])
  return readFileSync(path, 'utf8')
}

describe('the page', () => {
  test('is one file that names nothing to load, and lets nothing in', async () => {
    const page = await reportOn([office])
    expect(page).toMatch(/^<!doctype html>/)
    const [head] = page.split('<style>')
    expect(head).toMatch(
      /content="default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+'; img-src data:; /,
    )
    const markup = page.replace(/<(script|style)\b[^>]*>.*?<\/\1>/gs, '').replace(/<!--.*?-->/gs, '')
    expect(markup).not.toMatch(/\b(src|srcset|action|poster)=|url\(|@import/)
    expect([...markup.matchAll(/href="([^"]*)"/g)].map(([, address]) => address)).toEqual(['data:,'])
  })

  test('has the licences of the code in it', async () => {
    expect(await reportOn([office])).toMatch(/uplot \d+\.\d+\.\d+: MIT\n\n.*Permission is hereby granted/is)
  })

  test('knows the command that made it', async () => {
    const data = dataOf(await reportOn([office, '--by', 'src/24', '--top', '3', '--since', '2026-11-22T13:28:25Z']))
    expect(data.command).toBe(
      `netkit report ${office} --by src/24 --top 3 --since 2026-11-22T13:28:25Z -o ${join(folder, 'report.html')}`,
    )
    const { version } = JSON.parse(readFileSync(`${projectFolder}package.json`, 'utf8'))
    expect(data.netkit_version).toBe(version)
    expect(data).toMatchObject({ inputs: office, since_ns: '1795354105000000000', until_ns: null })
    expect(data.tables[0]).toMatchObject({ by: 'src/24', columns: ['src_subnet'] })
    expect(data.tables.every(({ rows }) => rows.length <= 3)).toBe(true)
  })

  test('is of the frames that the filter takes', async () => {
    const page = await reportOn([office, '--filter', 'udp port 53'])
    const { stdout } = await netkit(['analyze', office, '--filter', 'udp port 53', '-T', 'json'])
    const { capture } = JSON.parse(stdout)
    const data = dataOf(page)
    expect(data.total.packets).toBe(capture.kept.packets)
    expect(data.total.packets).toBeLessThan(812)
    expect(data.inputs).toBe(`${office} --filter 'udp port 53'`)
  })

  test('has what check finds when that is asked for', async () => {
    expect(dataOf(await reportOn([office])).findings).toBeNull()
    const { stdout } = await netkit(['check', office, '-T', 'json'])
    const wanted = JSON.parse(stdout).findings.map(({ kind }: { kind: string }) => kind)
    expect(dataOf(await reportOn([office, '--check'])).findings!.map(({ kind }) => kind)).toEqual(wanted)
  })
})

describe('inputs', () => {
  test('stdin, a named pipe and a compressed file are the same capture', async () => {
    const wanted = withoutCommand(await reportOn([office]))
    const piped = await shell(`cat '${office}' | netkit report -`)
    expect([piped.code, piped.stderr]).toEqual([0, ''])
    expect(withoutCommand(piped.stdout)).toEqual(wanted)
    const fifo = join(folder, 'fifo')
    const named = await shell(`mkfifo '${fifo}' && (cat '${office}' > '${fifo}' &) && netkit report '${fifo}'`)
    expect(withoutCommand(named.stdout)).toEqual(wanted)
    const redirected = await shell(`netkit report - < '${office}'`)
    expect(withoutCommand(redirected.stdout)).toEqual(wanted)
  })

  test('what stdin was held in is gone', async () => {
    const held = () => readdirSync(tmpdir()).filter((name) => name.startsWith('netkit-held-'))
    const before = held()
    await shell(`cat '${office}' | netkit report -`)
    expect(held()).toEqual(before)
  })

  test('a damaged one: what was readable, and exit code 6', async () => {
    const path = join(folder, 'damaged.html')
    const { code, stderr } = await netkit(['report', `${capturesFolder}broken/pcap-garbage-tail.pcap`, '-o', path])
    expect(code).toBe(6)
    expect(stderr).toMatch(/everything before it is shown\n$/)
    expect(dataOf(readFileSync(path, 'utf8')).damage).toHaveLength(1)
  })

  test('none: no file, and exit code 5', async () => {
    const path = join(folder, 'none.html')
    const text = join(folder, 'text')
    writeFileSync(text, 'no capture')
    for (const input of [text, join(folder, 'missing')]) {
      const { code, stderr } = await netkit(['report', input, '-o', path])
      expect(code).toBe(5)
      expect(stderr).toMatch(/^netkit: /)
      expect(existsSync(path)).toBe(false)
    }
  })
})

describe('usage', () => {
  test.each([
    [[], 'no FILE'],
    [[office, '--by', 'nonsense', '-o', 'x'], '--by: Cannot group by'],
    [[office, '--top', '1001', '-o', 'x'], '--top: a report has at most 1000 rows'],
    [[office, '--top', 'all', '-o', 'x'], '--top:'],
    [[office, '--since', '5', '--until', '4', '-o', 'x'], '--until: 4 is not after --since 5'],
  ])('%j', async (args, sentence) => {
    const { code, stderr } = await netkit(['report', ...args])
    expect(code).toBe(2)
    expect(stderr).toContain(sentence)
  })

  test('who waits at a terminal is told when it is there; whoever wants quiet is not', async () => {
    const path = join(folder, 'told.html')
    const line = `'${process.execPath}' '${NETKIT}' report '${office}' -o '${path}'`
    const { stdout } = await inTerminal(line)
    expect(stdout).toMatch(/netkit: wrote .*told\.html \(\d+\.\d\d kB\)\r\n$/)
    expect((await inTerminal(`${line} --quiet`)).stdout).toBe('')
  })

  test('a terminal gets no page', async () => {
    const { stdout } = await inTerminal(`'${process.execPath}' '${NETKIT}' report '${office}'`)
    expect(stdout).toMatch(/netkit: -o FILE/)
    expect(stdout).not.toContain('<')
  })
})
