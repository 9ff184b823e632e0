/** The page of a report in a real browser, opened as people open it: a file. */
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import axe from 'axe-core'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { temporaryFolder } from '../node/fixtures.ts'
import { ATTACKS, captureOf } from '../support/attack-text.ts'
import { launchBrowser, missingBrowser, openPage } from '../support/browser.ts'
import { pcap } from '../support/build-capture.ts'
import { capturesFolder } from '../support/captures.ts'
import { netkit, shell } from '../support/netkit-process.ts'
import { udpFrame } from '../support/udp-frame.ts'

const folder = temporaryFolder()
const office = `${capturesFolder}office.pcap`

if (missingBrowser !== null) console.warn(`skipped: ${missingBrowser}`)

async function writeReport(name: string, args: readonly string[]): Promise<string> {
  const path = join(folder, name)
  const { code, stderr } = await netkit(['report', ...args, '-o', path])
  expect([code, stderr]).toEqual([0, ''])
  return path
}

const rowsOf = (table: Locator): Promise<string[][]> =>
  table
    .locator('tbody tr')
    .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent ?? '')))

const numberOf = (text: string) => Number(text.replaceAll(',', ''))

/** Draws over a part of the curve. */
async function draw(page: Page, from: number, to: number): Promise<void> {
  const box = (await page.locator('.detail .u-over').boundingBox())!
  const y = box.y + box.height / 2
  await page.mouse.move(box.x + box.width * from, y)
  await page.mouse.down()
  await page.mouse.move(box.x + box.width * to, y, { steps: 4 })
  await page.mouse.up()
  await page.getByRole('button', { name: 'Whole capture' }).waitFor()
}

/** What the page says would be the same on the command line, as CSV: its lines, without the header. */
async function sameByCommand(page: Page): Promise<string[][]> {
  const command = await page.locator('.again code').textContent()
  const { code, stdout } = await shell(`${command} --top all --format csv --no-header`)
  expect(code).toBe(0)
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','))
}

describe.skipIf(missingBrowser !== null)('in Chromium', () => {
  let browser: Browser
  let report: string

  beforeAll(async () => {
    browser = await launchBrowser()
    report = await writeReport('office.html', [office, '--check', '--tcp'])
  })
  afterAll(() => browser.close())

  const open = (path = report, options = {}) => openPage(browser, pathToFileURL(path).href, options)
  const section = (page: Page, name: string) => page.locator(`section:has(> .heading > h2:text("${name}"))`)

  test('it asks for nothing but itself, and complains of nothing', async () => {
    const { page, requests, complaints } = await open()
    await page.locator('.detail canvas').waitFor()
    await draw(page, 0.2, 0.7)
    await page.getByText('The curve as a table').click()
    expect(requests).toEqual([pathToFileURL(report).href])
    expect(complaints).toEqual([])
    expect(await page.title()).toBe('office.pcap - netkit report')
    const headings = await page.getByRole('heading', { level: 2 }).allTextContents()
    const titles = headings.map((text) => text.replace(/ (the first )?\d.*$/, ''))
    expect(titles).toEqual([
      'Rate over time',
      'Quality of the capture',
      'Pairs',
      'Hosts',
      'Conversations',
      'TCP health',
      'Protocols',
      'Services',
      'Host to host',
      'About this capture',
    ])
    await page.context().close()
  })

  test('a chosen time narrows every table, to the numbers that analyze has for it', async () => {
    const { page } = await open()
    await page.locator('.detail canvas').waitFor()
    await draw(page, 0.25, 0.6)
    for (const [name, by] of [
      ['pairs', 'pair'],
      ['hosts', 'host'],
      ['protocols', 'protocol'],
      ['services', 'service'],
    ]) {
      await page.getByLabel('Stacked by').selectOption(name!)
      const lines = await sameByCommand(page)
      const title = name![0]!.toUpperCase() + name!.slice(1)
      const table = section(page, title)
      if (
        (await table.locator('.more').isVisible()) &&
        (await table.locator('.more').textContent())!.startsWith('Show all')
      ) {
        await table.locator('.more').click()
      }
      const heads = await table.locator('thead th').allTextContents()
      const packets = heads.findIndex((head) => head.startsWith('Packets'))
      const shown = (await rowsOf(table)).map((cells) => numberOf(cells[packets]!))
      const column = { pair: 9, host: 5, protocol: 3, service: 4 }[by!]!
      const wanted = lines.map((cells) => Number(cells[column]))
      expect(shown.sort(), by).toEqual(wanted.sort())
      expect(lines.length).toBeGreaterThan(1)
    }
    const frames = numberOf((await page.locator('.figures div:nth-child(2) dd').textContent())!)
    expect(frames).toBeGreaterThan(50)
    expect(frames).toBeLessThan(812)
    await page.getByRole('button', { name: 'Whole capture' }).click()
    await expect.poll(() => page.locator('.figures div:nth-child(2) dd').textContent()).toBe('812')
    await page.context().close()
  })

  test('the keyboard does what the mouse does', async () => {
    const { page } = await open()
    const plots = page.getByRole('group', { name: 'Rate over time' })
    const when = page.getByRole('status')
    await plots.focus()
    await page.keyboard.press('+')
    await expect.poll(() => when.textContent()).toMatch(/^2026-11-22 .* UTC \(/)
    const zoomed = await when.textContent()
    await page.keyboard.press('ArrowRight')
    await expect.poll(() => when.textContent()).not.toBe(zoomed)
    await page.keyboard.press('ArrowLeft')
    await expect.poll(() => when.textContent()).toBe(zoomed)
    await page.keyboard.press('Escape')
    await expect.poll(() => when.textContent()).toBe('Whole capture')
    // And a finger.
    await page.getByRole('button', { name: 'Shorter time' }).click()
    await expect.poll(() => when.textContent()).toBe(zoomed)
    await page.getByRole('button', { name: 'Longer time' }).click()
    await page.getByRole('button', { name: 'Longer time' }).click()
    await expect.poll(() => when.textContent()).toBe('Whole capture')
    await page.context().close()
  })

  test('tables are sorted by any column, in both directions, and say by which', async () => {
    const { page } = await open()
    const table = section(page, 'Pairs')
    await table.getByRole('button', { name: 'Show all' }).click()
    const values = async (name: string) => {
      const at = (await table.locator('thead th').allTextContents()).findIndex((head) => head.startsWith(name))
      return (await rowsOf(table)).map((cells) => cells[at]!)
    }
    const packets = table.getByRole('columnheader', { name: 'Packets' })
    await packets.getByRole('button').click()
    expect(await packets.getAttribute('aria-sort')).toBe('descending')
    const falling = (await values('Packets')).map(numberOf)
    expect(falling).toEqual([...falling].sort((a, b) => b - a))
    expect(falling).toHaveLength(29)
    await page.keyboard.press('Enter')
    expect(await packets.getAttribute('aria-sort')).toBe('ascending')
    expect((await values('Packets')).map(numberOf)).toEqual([...falling].reverse())
    await table.getByRole('button', { name: 'Source' }).click()
    const sources = (await values('Source')).map((text) => text.split(' ')[0]!)
    expect(sources).toEqual([...sources].sort())
    expect(await table.locator('[aria-sort]').count()).toBe(1)
    await page.context().close()
  })

  test('the search leaves the rows that have every word, in all tables', async () => {
    const { page } = await open()
    await page.getByRole('searchbox').fill('192.168.1.1 udp')
    const pairs = await rowsOf(section(page, 'Pairs'))
    expect(pairs.length).toBeGreaterThan(1)
    for (const cells of pairs) expect(cells.join(' ')).toMatch(/192\.168\.1\.1.*UDP/)
    expect(await rowsOf(section(page, 'Protocols'))).toEqual([])
    await page.getByRole('searchbox').fill('')
    expect(await rowsOf(section(page, 'Protocols'))).toHaveLength(5)
    await page.context().close()
  })

  test.each([
    ['Pairs', ['--by', 'pair']],
    ['Hosts', ['--by', 'host']],
    ['Conversations', ['--by', 'conversation']],
    ['TCP health', ['--tcp', '--sort', 'retransmissions']],
    ['Protocols', ['--by', 'protocol']],
    ['Services', ['--by', 'service']],
  ])('Save CSV of %s: the bytes of netkit analyze', async (title, args) => {
    const { page } = await open()
    const table = section(page, title)
    // Whatever order they are looked at in.
    await table.getByRole('button', { name: 'Packets' }).click()
    const download = page.waitForEvent('download')
    await table.getByRole('button', { name: 'Save CSV' }).click()
    const saved = readFileSync(await (await download).path(), 'utf8')
    const { stdout } = await netkit(['analyze', office, ...args, '--top', '50', '--format', 'csv'])
    expect(saved).toBe(stdout)
    expect(saved.split('\n').length).toBeGreaterThan(5)
    await page.context().close()
  })

  test('text from outside is text', async () => {
    const names = Object.values(ATTACKS)
    const capture = join(folder, '<img src=x onerror=alert(2)>.pcapng')
    writeFileSync(capture, captureOf(names))
    const path = await writeReport('hostile.html', [capture, '--by', 'interface', '--check'])
    const { page, requests, complaints } = await open(path)
    await page.locator('.detail canvas').waitFor()
    await section(page, 'Interfaces').getByRole('button', { name: 'Show all' }).click()
    expect([requests, complaints]).toEqual([[pathToFileURL(path).href], []])
    const text = await page.locator('main').innerText()
    expect(text).toContain('<script>alert(1)</script>')
    expect(await page.locator('h1').textContent()).toBe('<img src=x onerror=alert(2)>.pcapng')
    expect(await page.locator('script').count()).toBe(2)
    expect(await page.locator('img, iframe, object, a[href]').count()).toBe(0)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(text).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/)
    await page.context().close()
  })

  test.each([
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
    ['on a telephone', { viewport: { width: 400, height: 800 } }],
    ['on paper', { media: 'print' }],
  ])('axe finds nothing: %s', async (_, { media, ...options }: Record<string, unknown>) => {
    const { page } = await open(report, options)
    await page.locator('.detail canvas').waitFor()
    if (media !== undefined) await page.emulateMedia({ media: 'print' })
    else await page.getByText('The curve as a table').click()
    await page.evaluate(axe.source)
    const found = await page.evaluate(
      'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes.map(({ html, any }) => [html, ...any.map(({ message }) => message)])]))',
    )
    expect(found).toEqual([])
    // On a screen wide tables scroll by themselves.
    const [inner, outer] = (await page.evaluate('[document.documentElement.scrollWidth, innerWidth]')) as [
      number,
      number,
    ]
    if (media === undefined) expect(inner).toBeLessThanOrEqual(outer)
    await page.context().close()
  })

  test('colours follow the system until somebody chooses', async () => {
    const { page } = await open(report, { colorScheme: 'dark' })
    const ground = () => page.evaluate('getComputedStyle(document.body).backgroundColor')
    const dark = await ground()
    await page.getByRole('button', { name: 'Use light colours' }).click()
    const light = await ground()
    expect(light).not.toBe(dark)
    await page.getByRole('button', { name: 'Use dark colours' }).click()
    expect(await ground()).toBe(dark)
    await page.context().close()
  })

  test('without scripts there is what analyze prints', async () => {
    const { page } = await open(report, { javaScriptEnabled: false })
    const text = await page.locator('body').innerText()
    expect(text).toMatch(/^File +.*office\.pcap/)
    expect(text).toContain('Accounted for: 812 frames')
    await page.context().close()
  })

  test('thousands of flows: a small file, the largest rows, and the rest as one', async () => {
    const records = Array.from({ length: 20_000 }, (_, i) => ({
      at: i / 100,
      data: udpFrame({
        src: `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`,
        dst: `172.16.${i % 7}.${i % 251}`,
        sourcePort: 1024 + i,
      }),
    }))
    const capture = join(folder, 'many.pcap')
    writeFileSync(capture, pcap(records))
    const path = await writeReport('many.html', [capture])
    expect(statSync(path).size).toBeLessThan(1_000_000)
    const { page } = await open(path)
    await expect
      .poll(() => section(page, 'Conversations').locator('h2').textContent())
      .toBe('Conversations the first 50 of 20,000')
    const foot = await section(page, 'Conversations').locator('tfoot tr').allInnerTexts()
    expect(foot[0]).toMatch(/^19,950 others/)
    expect(foot[1]).toMatch(/^Total/)
    await page.context().close()
  })
})
