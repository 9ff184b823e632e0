/** Other data in the page that is looked at: what people chose stays, and nothing is left behind. */
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
// @ts-expect-error: a script without types.
import { bundlePage } from '../../scripts/bundle-page.js'
import type { ReportData } from '../../src/report/report-data.ts'
import { launchBrowser, missingBrowser, watch } from '../support/browser.ts'
import { capturesFolder, projectFolder } from '../support/captures.ts'
import { reportOn } from '../support/report-files.ts'

/** What host-page.js has in the browser. */
declare const host: {
  start(data: ReportData, options?: object): void
  update(data: ReportData): void
  destroy(): void
}

const HOST = 'http://host.example/'
/** The strictest that a page with a script can have. */
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:"
const PAGE = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>host</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="page.css"><script src="page.js" defer></script></head><body></body></html>`

const office = `${capturesFolder}office.pcap`
const [some, all] = (await Promise.all(
  [200, undefined].map((limit) => reportOn([office], { limit, tcp: limit === undefined })),
)) as [ReportData, ReportData]
/** Of every kind of table, and light: for many updates. */
const light = (await Promise.all(
  [200, 500, undefined].map((limit) =>
    reportOn([office], { limit, top: 4, mostBuckets: 50, tcp: limit === undefined }),
  ),
)) as ReportData[]
const untimed = { ...some, time: null, first_ns: null, last_ns: null, tables: some.tables.slice(0, 1), matrix: null }

describe.skipIf(missingBrowser !== null)('in Chromium', () => {
  let browser: Browser
  let files: Readonly<Record<string, { contentType: string; body: string }>>

  beforeAll(async () => {
    browser = await launchBrowser()
    const { script, style } = await bundlePage(projectFolder, 'test/view/host-page.js')
    files = {
      '': { contentType: 'text/html', body: PAGE },
      'page.js': { contentType: 'text/javascript', body: script },
      'page.css': { contentType: 'text/css', body: style },
    }
  })
  afterAll(() => browser.close())

  async function show(data: ReportData, options: { readonly live?: boolean } = {}) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
    const page = await context.newPage()
    const { complaints } = watch(page)
    await page.route(`${HOST}**`, (route) => {
      const file = files[new URL(route.request().url()).pathname.slice(1)]
      return file === undefined
        ? route.abort()
        : route.fulfill({ ...file, headers: { 'content-security-policy': POLICY } })
    })
    await page.goto(HOST)
    await page.evaluate(([data, options]) => host.start(data, options), [data, options] as const)
    return { page, complaints, update: (data: ReportData) => page.evaluate((data) => host.update(data), data) }
  }

  const section = (page: Page, name: string) => page.locator(`section:has(> .heading > h2:text("${name}"))`)
  const frames = (page: Page) => page.locator('.figures div:nth-child(2) dd').textContent()
  const firstCells = (table: Locator) => table.locator('tbody tr > :first-child').allTextContents()

  test('order, search, rows, theme, focus and place stay; no style is refused', async () => {
    const { page, complaints, update } = await show(some)
    const pairs = section(page, 'Pairs')
    await pairs.getByRole('button', { name: 'Show all' }).click()
    await page.getByRole('searchbox').fill('udp')
    await page.getByRole('button', { name: 'Use dark colours' }).click()
    await page.getByLabel('Stacked by').selectOption('hosts')
    const source = pairs.getByRole('button', { name: 'Source' })
    await source.click()
    await source.click()
    await source.evaluate((button) => Object.assign(button, { mark: 'the same' }))
    await page.evaluate('document.documentElement.scrollTo(0, 700)')
    const before = await firstCells(pairs)
    await update(all)
    expect(await frames(page)).toBe('812')
    expect(await page.getByRole('searchbox').inputValue()).toBe('udp')
    expect(await page.getByLabel('Stacked by').inputValue()).toBe('hosts')
    expect(await page.evaluate('document.documentElement.dataset.theme')).toBe('dark')
    expect(await page.evaluate('document.activeElement.mark')).toBe('the same')
    expect(await page.evaluate('document.documentElement.scrollTop')).toBe(700)
    expect(await pairs.locator('[aria-sort]').allTextContents()).toEqual(['Source\u00a0↓'])
    const after = await firstCells(pairs)
    expect(after.length).toBeGreaterThan(before.length)
    expect(after.length).toBeGreaterThan(10)
    for (const cells of await pairs.locator('tbody tr').allTextContents()) expect(cells).toContain('UDP')
    const addresses = after.map((text) => text.split(' ')[0]!)
    const sorted = all.tables[0]!.rows
    expect(addresses).toHaveLength(sorted.filter(({ key }) => key.includes('UDP')).length)
    expect(complaints).toEqual([])
    await page.context().close()
  })

  test('a chosen time stays that time, whatever the buckets are, and comes back with the data', async () => {
    const { page, update } = await show(all)
    const when = page.getByRole('status')
    await page.getByRole('group', { name: 'Rate over time' }).focus()
    for (const key of ['+', '+', 'ArrowLeft']) await page.keyboard.press(key)
    const [chosen, counted] = [await when.textContent(), await frames(page)]
    expect(chosen).toMatch(/UTC \(/)
    const { origin_ns, step_ns, buckets } = all.time!
    // Twice as many buckets before all others.
    const shifted = shiftBuckets(all, buckets)
    await update(shifted)
    expect([await when.textContent(), await frames(page)]).toEqual([chosen, counted])
    expect(await page.evaluate('document.activeElement.className')).toBe('plots')
    // The next day has none of it.
    const later = { origin_ns: String(BigInt(origin_ns) + 86_400_000_000_000n), step_ns, buckets }
    await update({ ...all, time: later })
    expect(await when.textContent()).toBe('Whole capture')
    await update(all)
    expect([await when.textContent(), await frames(page)]).toEqual([chosen, counted])
    await page.context().close()
  })

  test('tables, findings and the curve come and go with the data', async () => {
    const { page, complaints, update } = await show(untimed)
    const titles = async () =>
      (await page.locator('h2:visible').allTextContents()).map((text) => text.replace(/ (the first )?\d.*$/, ''))
    const nothing = ['Rate over time', 'Pairs', 'About this capture']
    expect(await titles()).toEqual(nothing)
    await expect(page.locator('.plots').isVisible()).resolves.toBe(false)
    await update({ ...all, findings: [] })
    const everything = [
      ...['Rate over time', 'Quality of the capture', 'Pairs', 'Hosts', 'Conversations', 'TCP health', 'Protocols'],
      ...['Services', 'Host to host', 'About this capture'],
    ]
    expect(await titles()).toEqual(everything)
    await expect.poll(() => page.locator('.plots canvas').first().boundingBox()).toMatchObject({ height: 280 })
    expect((await page.locator('.detail canvas').boundingBox())!.width).toBeGreaterThan(1000)
    const hosts = { ...all, tables: [all.tables[1]!, ...all.tables.slice(3)] }
    await section(page, 'Hosts').getByRole('button', { name: 'Packets' }).click()
    await update(hosts)
    expect(await titles()).toEqual([
      ...['Rate over time', 'Hosts', 'TCP health', 'Protocols', 'Services', 'Host to host', 'About this capture'],
    ])
    expect(await section(page, 'Hosts').locator('[aria-sort]').allTextContents()).toEqual(['Packets\u00a0↓'])
    await update(untimed)
    expect(await titles()).toEqual(nothing)
    await update(all)
    expect(await section(page, 'Hosts').locator('[aria-sort]').allTextContents()).toEqual(['Packets\u00a0↓'])
    expect(complaints).toEqual([])
    await page.context().close()
  })

  test('what is drawn over the curve is of the curve that it is drawn over', async () => {
    const { page, update } = await show(all, { live: true })
    const box = (await page.locator('.detail .u-over').boundingBox())!
    const at = (part: number) => [box.x + box.width * part, box.y + 50] as const
    await page.mouse.move(...at(0.25))
    await page.mouse.down()
    await page.mouse.move(...at(0.4), { steps: 3 })
    await update(shiftBuckets(all, 4000))
    await page.mouse.move(...at(0.5), { steps: 3 })
    await page.mouse.up()
    const chosen = await page.getByRole('status').textContent()
    const [start, end] = [...chosen!.matchAll(/(\d\d):(\d\d):([\d.]+)/g)].map(
      ([, h, m, s]) => Number(h) * 3600 + Number(m) * 60 + Number(s),
    ) as [number, number]
    const { origin_ns, step_ns, buckets } = all.time!
    const length = (Number(step_ns) / 1e9) * buckets
    const origin = Number(BigInt(origin_ns) % 86_400_000_000_000n) / 1e9
    expect((start - origin) / length).toBeCloseTo(0.25, 1)
    expect((end - origin) / length).toBeCloseTo(0.5, 1)
    // What came meanwhile is there now.
    await expect.poll(() => page.locator('.sub').textContent()).toContain('2026-11-22')
    await page.getByRole('button', { name: 'Back to live' }).click()
    expect(await page.getByRole('status').textContent()).toBe('All so far')
    await page.getByRole('button', { name: 'Shorter time' }).click()
    await page.mouse.dblclick(...at(0.5))
    expect(await page.getByRole('status').textContent()).toBe('All so far')
    await page.context().close()
  })

  // Three minutes: on a busy machine an update takes a tenth of a second.
  test('500 updates leave no element, no plot and no listener behind; and destroy leaves nothing', {
    timeout: 180_000,
  }, async () => {
    const { page } = await show(light[0]!)
    const session = await page.context().newCDPSession(page)
    await session.send('HeapProfiler.enable')
    const count = async () => {
      await session.send('HeapProfiler.collectGarbage')
      const { nodes, jsEventListeners } = await session.send('Memory.getDOMCounters')
      const plots = await page.locator('.uplot').count()
      return { nodes, jsEventListeners, plots }
    }
    const run = (times: number) =>
      page.evaluate(
        async ([times, ...reports]) => {
          for (let i = 0; i < times; i++) {
            host.update(reports[i % reports.length]!)
            // Plots draw in a turn of their own.
            if (i % 25 === 0) await new Promise<unknown>((done) => requestAnimationFrame(done))
          }
        },
        [times, ...light] as const,
      )
    await run(15)
    // Playwright's own listeners come with the first question.
    await count()
    const before = await count()
    expect(before.plots).toBe(2)
    await run(501)
    expect(await count()).toEqual(before)
    const destroyed = async () => {
      await page.evaluate(() => host.destroy())
      expect(await page.locator('body > *').count()).toBe(0)
      return count()
    }
    const empty = await destroyed()
    expect(empty.nodes).toBeLessThan(before.nodes / 20)
    await page.evaluate((data) => host.start(data), light[0]!)
    await run(3)
    expect(await destroyed()).toEqual(empty)
    await page.context().close()
  })
})

/** The same capture in a grid that begins so many buckets earlier. */
function shiftBuckets(report: ReportData, by: number): ReportData {
  const { origin_ns, step_ns, buckets } = report.time!
  const time = { origin_ns: String(BigInt(origin_ns) - BigInt(by) * BigInt(step_ns)), step_ns, buckets: buckets + by }
  const shift = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(shift)
    if (typeof value !== 'object' || value === null) return value
    if ('series' in value === false && 'packets' in value && Array.isArray(value.packets)) {
      const { gaps, packets } = value as { gaps?: number[]; packets: number[] }
      if (packets.length === 0) return value
      const [first, ...rest] = gaps ?? [0, ...packets.slice(1).map(() => 1)]
      return { ...value, gaps: [first! + by, ...rest] }
    }
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shift(inner)]))
  }
  return { ...(shift(report) as ReportData), time }
}
