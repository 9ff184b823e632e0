/** The page of netkit web in a real browser: what it says is what the command line says, and nothing leaves it. */
import { execFileSync } from 'node:child_process'
import { copyFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import axe from 'axe-core'
import type { Browser, FileChooser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { WebServer } from '../../src/node/web/server.ts'
import { loadWebPage } from '../../src/node/web-page.ts'
import { hasTool, temporaryFolder } from '../node/fixtures.ts'
import { ATTACKS, captureOf } from '../support/attack-text.ts'
import { launchBrowser, missingBrowser } from '../support/browser.ts'
import { pcap } from '../support/build-capture.ts'
import { capturesFolder } from '../support/captures.ts'
import { corpusFile, corpusMissing } from '../support/corpus.ts'
import { netkit } from '../support/netkit-process.ts'
import { udpFrame } from '../support/udp-frame.ts'
import { choose, drop, openWebPage, saved, serveWebPage } from '../support/web-page.ts'

/** The machine may have much else to do. */
const poll = <T>(ask: () => T) => expect.poll(ask, { timeout: 20_000 })

const folder = temporaryFolder()
const office = `${capturesFolder}office.pcap`

if (missingBrowser !== null) console.warn(`skipped: ${missingBrowser}`)

/** What `netkit analyze` prints where the capture lies; names of this machine are not in a capture. */
async function analyze(file: string, ...args: string[]) {
  return netkit(['analyze', basename(file), '--no-hosts', ...args], { cwd: join(file, '..') })
}

describe.skipIf(missingBrowser !== null)('in Chromium', () => {
  let browser: Browser
  let server: WebServer

  beforeAll(async () => {
    browser = await launchBrowser()
    server = await serveWebPage()
  })
  afterAll(async () => {
    await browser.close()
    await server.close()
  })

  const open = (options = {}) => openWebPage(browser, server.url, options)
  const status = (page: Page) => page.locator('.read-status')
  /** Waits for an answer. */
  const shown = async (page: Page, words: RegExp) => {
    await poll(() => status(page).textContent()).toMatch(words)
    await poll(() => page.locator('body.busy').count()).toBe(0)
  }
  const rows = (page: Page) => page.getByRole('combobox', { name: 'Rows', exact: true })
  const opened = (page: Page) => shown(page, /^Read /)

  test('a capture is dropped, looked at and saved, and nothing is asked of anybody', async () => {
    const { page, requests, complaints } = await open()
    const loaded = [...requests]
    expect(loaded.sort()).toEqual(['', 'page.css', 'page.js', 'worker.js'].map((path) => server.url + path))
    await drop(page, office)
    await opened(page)
    expect(await status(page).textContent()).toMatch(/^Read 271\.43 kB in /)
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('office.pcap')
    await page.locator('.detail canvas').waitFor()

    const json = await saved(page, 'JSON')
    expect(json).toEqual({ name: 'office.json', text: (await analyze(office, '--format', 'json')).stdout })
    expect(json.text.length).toBeGreaterThan(3000)
    await saved(page, 'report.html')
    await page.getByLabel('Filter').fill('udp')
    await page.getByLabel('Filter').press('Enter')
    await shown(page, /^Read again/)
    expect(requests.filter((url) => !url.startsWith('blob:'))).toEqual(loaded)
    expect(complaints).toEqual([])
    await page.context().close()
  })

  test('another grouping, window, unit or no names: at once, and as the command line has it', async () => {
    const { page, complaints } = await open()
    await choose(page, office)
    await opened(page)
    const asks: [() => Promise<unknown>, string[]][] = [
      [() => rows(page).selectOption('conversation'), ['--by', 'conversation']],
      [() => rows(page).selectOption('service'), ['--by', 'service']],
      [() => page.getByLabel('Window').fill('500ms'), ['--by', 'service', '-w', '500ms']],
      [() => rows(page).selectOption('host'), ['--by', 'host', '-w', '500ms']],
      [() => page.getByLabel('Names').uncheck(), ['--by', 'host', '-w', '500ms', '-n']],
    ]
    for (const [ask, args] of asks) {
      const before = await page.locator('main').textContent()
      await ask()
      if (args.length === 4 && args[1] === 'service') await page.getByLabel('Window').press('Enter')
      await shown(page, /^Answered from memory/)
      await poll(() => page.locator('main').textContent()).not.toBe(before)
      const numeric = args.includes('-n')
      const command = numeric
        ? netkit(['analyze', 'office.pcap', ...args, '-T', 'csv'], { cwd: capturesFolder })
        : analyze(office, ...args, '-T', 'csv')
      expect((await saved(page, 'CSV')).text, args.join(' ')).toBe((await command).stdout)
      await shown(page, /^Saved office\.csv\. Answered from memory/)
    }
    await page.getByRole('combobox', { name: 'Units' }).selectOption('MB/s')
    await poll(() => page.locator('.figures').textContent()).toContain('MB/s')
    expect(await page.locator('.figures').textContent()).toContain('812')
    await rows(page).selectOption('other')
    await page.getByLabel('Keys of a row').fill('src/16,protocol')
    await page.getByLabel('Keys of a row').press('Enter')
    await poll(() => page.locator('h2').allTextContents()).toContainEqual(expect.stringMatching(/^Source subnet/))
    await page.getByLabel('Keys of a row').fill('nobody')
    await page.getByLabel('Keys of a row').press('Enter')
    await poll(() => page.locator('.choice-error').textContent()).toContain("'nobody'")
    expect(complaints).toEqual([])
    await page.context().close()
  })

  test('what is not known is read again, and the page says why', async () => {
    const { page } = await open()
    await choose(page, office)
    await opened(page)
    const filter = page.getByLabel('Filter')
    await filter.fill('tcp port 443')
    await filter.press('Enter')
    await shown(page, /^Read again, 271\.43 kB .*the filter looks at every frame$/)
    const { stdout } = await analyze(office, '-f', 'tcp port 443', '--format', 'json')
    expect((await saved(page, 'JSON')).text).toBe(stdout)
    await rows(page).selectOption('mac')
    await shown(page, /^Read again, .*flows were not told apart by this$/)

    // What is wrong is told with its place, and what is seen stays.
    const frames = () => page.locator('.figures div:nth-child(2) dd').textContent()
    const before = await frames()
    await filter.fill('tcp prt 80')
    await filter.press('Enter')
    await poll(() => page.locator('.choice-error').innerText()).toContain('tcp prt 80\n      ^^^')
    expect(await frames()).toBe(before)
    await filter.fill('')
    await filter.press('Enter')
    await poll(frames).toBe('812')
    expect(await page.locator('.choice-error').textContent()).toBe('')
    await page.context().close()
  })

  test('the saved report opens from a file, with what netkit report writes into it', async () => {
    const { page } = await open()
    await choose(page, office)
    await opened(page)
    const { name, text } = await saved(page, 'report.html')
    expect(name).toBe('office.report.html')
    const file = join(folder, 'saved.html')
    writeFileSync(file, text)
    const wanted = join(folder, 'wanted.html')
    await netkit(['report', 'office.pcap', '--no-hosts', '--units', 'auto', '-o', wanted], { cwd: capturesFolder })
    const dataIn = (html: string) => JSON.parse(/id="netkit-data">(.*?)<\/script>/s.exec(html)![1]!)
    const { command, ...data } = dataIn(text)
    const { command: _, ...wantedData } = dataIn(readFileSync(wanted, 'utf8'))
    expect(data).toEqual(wantedData)
    expect(command).toBeNull()
    const { page: report, complaints } = await openWebPage(browser, pathToFileURL(file).href)
    await report.locator('.detail canvas').waitFor()
    expect(complaints).toEqual([])
    await report.context().close()
    await page.context().close()
  })

  describe('whatever they are compressed with', () => {
    const bytes = readFileSync(office)
    const half = bytes.length >> 1
    const makers: [string, () => Buffer][] = [
      ['one.pcap.gz', () => gzipSync(bytes)],
      ['members.pcap.gz', () => Buffer.concat([gzipSync(bytes.subarray(0, half)), gzipSync(bytes.subarray(half))])],
      ...(hasTool('zstd')
        ? [['one.pcap.zst', () => execFileSync('zstd', ['-qc', office])] as [string, () => Buffer]]
        : []),
      ...(hasTool('lz4')
        ? [['one.pcap.lz4', () => execFileSync('lz4', ['-qc', office])] as [string, () => Buffer]]
        : []),
    ]

    test('and several at once are one capture', async () => {
      const { page, complaints, requests } = await open()
      const before = requests.length
      for (const [name, make] of makers) {
        const file = join(folder, name)
        writeFileSync(file, make())
        await choose(page, file)
        await poll(() => page.locator('h1').textContent()).toBe(name)
        await shown(page, /^Read /)
        expect((await saved(page, 'JSON')).text, name).toBe((await analyze(file, '--format', 'json')).stdout)
      }
      const files = makers.slice(0, 2).map(([name]) => name)
      await choose(page, ...files.map((name) => join(folder, name)))
      await poll(() => page.locator('.figures div:nth-child(2) dd').textContent()).toBe('1,624')
      const both = await netkit(['analyze', ...files, '--no-hosts', '-T', 'json'], { cwd: folder })
      expect((await saved(page, 'JSON')).text).toBe(both.stdout)
      expect(requests.slice(before).filter((url) => !url.startsWith('blob:'))).toEqual([])
      expect(complaints).toEqual([])
      await page.context().close()
    })
  })

  test('damaged, cut and foreign files: the sentences of the command line', async () => {
    const { page } = await open()
    const cut = join(folder, 'cut.pcap')
    copyFileSync(office, cut)
    truncateSync(cut, 100_000)
    const damaged = join(folder, 'damaged.pcap.gz')
    const bytes = gzipSync(readFileSync(office))
    bytes.fill(0x55, 60_000, 60_100)
    writeFileSync(damaged, bytes)
    for (const file of [cut, damaged]) {
      await choose(page, file)
      await poll(() => page.locator('h1').textContent()).toBe(basename(file))
      const { stderr, stdout } = await analyze(file, '--format', 'json')
      const sentences = await page.locator('.toolbar-group .messages').innerText()
      expect(`netkit: ${sentences}\n`).toBe(stderr)
      expect((await saved(page, 'JSON')).text).toBe(stdout)
    }
    const foreign = join(folder, 'foreign.txt')
    writeFileSync(foreign, 'GET / HTTP/1.1\r\nHost: example.net\r\n\r\n')
    const { stderr } = await analyze(foreign)
    // What was open stays.
    await choose(page, foreign)
    await poll(() => page.locator('.toolbar-group .messages').innerText()).toBe(stderr.replace('netkit: ', '').trim())
    expect(await page.locator('h1').textContent()).toBe('damaged.pcap.gz')
    const { page: fresh } = await open()
    await choose(fresh, foreign)
    await poll(() => fresh.locator('.welcome .messages').innerText()).toBe(stderr.replace('netkit: ', '').trim())
    await page.context().close()
    await fresh.context().close()
  })

  test('reading is ended by whoever has waited long enough', async () => {
    // 1.3 GB of one frame again and again, in a few megabytes.
    const file = join(folder, 'long.pcap.gz')
    const head = pcap([])
    const frames = Buffer.concat(
      Array<Buffer>(8000).fill(pcap([{ seconds: 1, data: Buffer.alloc(1500) }]).subarray(head.length)),
    )
    writeFileSync(file, Buffer.concat([gzipSync(head), ...Array<Buffer>(110).fill(gzipSync(frames, { level: 1 }))]))
    const { page } = await open()
    await choose(page, file)
    const bar = page.getByRole('progressbar')
    await poll(() => bar.getAttribute('value')).toMatch(/^0\.\d+$/)
    expect(await page.locator('.reading .status').textContent()).toMatch(/^[\d.]+ [kM]B of [\d.]+ MB · /)
    await page.getByRole('button', { name: 'Cancel' }).click()
    await poll(() => page.locator('.reading').isHidden()).toBe(true)
    expect(await page.locator('.drop-zone').isVisible()).toBe(true)
    // Another is read afterwards, and does not wait for one that is being read.
    await choose(page, file)
    await poll(() => bar.getAttribute('value')).toMatch(/^0\.\d+$/)
    await drop(page, office)
    await opened(page)
    expect(await page.locator('h1').textContent()).toBe('office.pcap')
    await page.context().close()
  })

  test('text from outside is text', async () => {
    const names = Object.values(ATTACKS)
    const capture = join(folder, '<img src=x onerror=alert(2)>.pcapng')
    writeFileSync(capture, captureOf(names))
    const { page, complaints } = await open()
    await choose(page, capture)
    await opened(page)
    await rows(page).selectOption('interface')
    await shown(page, /^Read again/)
    const text = await page.locator('main').innerText()
    expect(text).toContain('<script>alert(1)</script>')
    expect(await page.locator('h1').textContent()).toBe('<img src=x onerror=alert(2)>.pcapng')
    expect(await page.locator('#app script, #app img, #app iframe, #app a[href]').count()).toBe(0)

    const attacks = ['<script>alert(1)</script>.example', '<img src=x onerror=alert(1)>', '"><svg onload=alert(1)>']
    const dns = join(folder, 'dns.pcap')
    const answers = attacks.map((name, i) => ({
      seconds: i,
      data: udpFrame({ src: '192.0.2.53', sourcePort: 53, payload: dnsAnswer(name, [198, 51, 100, i + 1]) }),
    }))
    const traffic = attacks.map((_, i) => ({ seconds: 10 + i, data: udpFrame({ src: `198.51.100.${i + 1}` }) }))
    writeFileSync(dns, pcap([...answers, ...traffic]))
    await choose(page, dns)
    await poll(() => page.locator('h1').textContent()).toBe('dns.pcap')
    const { stdout } = await analyze(dns, '--format', 'json')
    expect((await saved(page, 'JSON')).text).toBe(stdout)
    expect(await page.locator('main').innerText()).toMatch(/198\.51\.100\.1/)
    expect(await page.locator('#app script, #app img, #app iframe, #app a[href], #app svg[onload]').count()).toBe(0)
    expect(complaints).toEqual([])
    await page.context().close()
  })

  test('a worker that ends is told, and the next capture has another', async () => {
    const { page } = await open()
    await choose(page, office)
    await opened(page)
    await page.workers()[0]!.evaluate('void setTimeout(() => { throw new Error("out of luck") })')
    await poll(() => page.locator('.welcome .messages').innerText()).toMatch(/has stopped: .*out of luck/)
    await choose(page, office)
    await opened(page)
    await page.context().close()
  })

  test('the policy of the page itself holds, and the worker has no door to the network', async () => {
    // A host that sends no headers of its own.
    const { assets } = loadWebPage()
    const plain = createServer((request, response) => {
      const asset = assets.get((request.url ?? '/').slice(1))
      response.writeHead(asset === undefined ? 404 : 200, { 'content-type': asset?.type ?? 'text/plain' })
      response.end(asset?.body)
    })
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve))
    const { port } = plain.address() as { port: number }
    const url = `http://127.0.0.1:${port}/`
    const { page, requests } = await openWebPage(browser, url)
    await choose(page, office)
    await opened(page)
    const before = requests.length
    const tried = `(async () => {
      const outcome = []
      for (const attempt of [() => fetch('${url}?page'), () => new WebSocket('ws://127.0.0.1:${port}/'), () => new XMLHttpRequest(), () => importScripts('${url}page.js')]) {
        try { await attempt(); outcome.push('went out') } catch (error) { outcome.push(error.name) }
      }
      return outcome
    })()`
    expect(await page.workers()[0]!.evaluate(tried)).toEqual(['TypeError', 'TypeError', 'TypeError', 'TypeError'])
    expect(await page.evaluate(`fetch('${url}?page').then(() => 'went out', (error) => error.name)`)).toBe('TypeError')
    expect(requests.slice(before).filter((one) => !one.includes('?page'))).toEqual([])
    await page.context().close()
    plain.closeAllConnections()
    plain.close()
  })

  test.each([
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
    ['on a telephone', { viewport: { width: 400, height: 800 } }],
  ])('axe finds nothing: %s', async (_, options) => {
    const { page } = await open(options)
    const violations = async () => {
      await page.evaluate(axe.source)
      return page.evaluate(
        'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes.map(({ html, any }) => [html, ...any.map(({ message }) => message)])]))',
      )
    }
    expect(await violations()).toEqual([])
    // By keyboard alone.
    const choosers: FileChooser[] = []
    page.on('filechooser', (chooser) => choosers.push(chooser))
    await page.getByRole('button', { name: 'Choose files' }).focus()
    // It may not be listened for yet when the first is pressed.
    await poll(async () => {
      if (choosers.length === 0) await page.keyboard.press('Enter')
      return choosers.length
    }).toBeGreaterThan(0)
    await choosers[0]!.setFiles(office)
    await opened(page)
    await page.locator('.detail canvas').waitFor()
    await page.getByLabel('Filter').fill('tcp prt 80')
    await page.getByLabel('Filter').press('Enter')
    await page.locator('.choice-error pre').waitFor()
    expect(await violations()).toEqual([])
    const [inner, outer] = (await page.evaluate('[document.documentElement.scrollWidth, innerWidth]')) as number[]
    expect(inner).toBeLessThanOrEqual(outer!)
    await page.context().close()
  })

  test.skipIf(corpusMissing !== null)('a capture of the corpus', async () => {
    const { page } = await open()
    const file = corpusFile(CORPUS)
    await choose(page, file)
    await opened(page)
    expect((await saved(page, 'JSON')).text).toBe((await analyze(file, '--format', 'json')).stdout)
    await page.context().close()
  })
})

const CORPUS = 'PcapPlusPlus/examples/many-protocols.pcap'

/** A message with one A record (RFC 1035 §4.1): labels of any bytes. */
function dnsAnswer(name: string, address: readonly number[]): Buffer {
  const labels = Buffer.concat([
    ...name.split('.').map((label) => Buffer.from([label.length, ...Buffer.from(label)])),
    Buffer.from([0]),
  ])
  const fixed = Buffer.from([0, 1, 0, 1])
  return Buffer.concat([
    Buffer.from([0x12, 0x34, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0]),
    labels,
    fixed,
    labels,
    fixed,
    Buffer.from([0, 0, 0, 60, 0, 4, ...address]),
  ])
}
