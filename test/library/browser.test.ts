/** The library in a real browser, bundled from the package as it is published: the example of docs/library.md, and the CLI's own bytes. */
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import type { Browser } from 'playwright-core'
import { rolldown } from 'rolldown'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
// @ts-expect-error: a script without types.
import { libraryExamples } from '../../scripts/library-examples.js'
import { analyzeCapture } from '../../src/index.ts'
import { temporaryFolder } from '../node/fixtures.ts'
import { launchBrowser, missingBrowser, openPage, type WatchedPage } from '../support/browser.ts'
import { capturesFolder } from '../support/captures.ts'
import { netkit } from '../support/netkit-process.ts'
import { installPacked, packPackage } from '../support/packed-package.ts'

const folder = temporaryFolder()
const capture = join(capturesFolder, 'office.pcapng')
const site = join(folder, 'site')

if (missingBrowser !== null) console.warn(`skipped: ${missingBrowser}`)

/** What the page is made of beside the example. */
const REST = `
import { createReport, FilterError, UnreadableCapture } from 'netkit'
Object.assign(globalThis, {
  showHosts,
  csvOf: async (file) => {
    let text = ''
    for await (const piece of analyzeCapture(file).text('csv')) text += piece
    return text
  },
  reportOf: async (file) => (await createReport(file, { title: 'seen in a browser' })).html(),
  complaintOf: async (from, options) => {
    try {
      for await (const _ of analyzeCapture(from, options));
      return null
    } catch (error) {
      return [error instanceof FilterError || error instanceof UnreadableCapture, error.message]
    }
  },
})`

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
}

async function buildSite(): Promise<void> {
  installPacked(packPackage(folder), folder)
  const { code } = libraryExamples().find(({ isForBrowsers }: { isForBrowsers: boolean }) => isForBrowsers)
  writeFileSync(join(folder, 'app.js'), code + REST)
  const bundle = await rolldown({
    cwd: folder,
    input: 'app.js',
    platform: 'browser',
    // What Vite, webpack and Parcel do without being asked.
    experimental: { resolveNewUrlToAsset: true },
  })
  await bundle.write({ dir: site, format: 'esm' })
  await bundle.close()
  const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' data:; img-src data:"
  writeFileSync(
    join(site, 'index.html'),
    `<!doctype html><meta http-equiv="Content-Security-Policy" content="${policy}"><link rel="icon" href="data:,">
<ul></ul><script type="module" src="app.js"></script>`,
  )
}

function serve(): Server {
  return createServer(({ url = '/' }, response) => {
    const path = url === '/' ? '/index.html' : url
    try {
      const body = readFileSync(path.startsWith('/captures/') ? join(capturesFolder, path.slice(10)) : join(site, path))
      response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' }).end(body)
    } catch {
      response.writeHead(404).end()
    }
  })
}

describe.skipIf(missingBrowser !== null)('in Chromium', () => {
  let browser: Browser
  let server: Server
  let watched: WatchedPage
  let origin: string

  beforeAll(async () => {
    await buildSite()
    server = serve()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    browser = await launchBrowser()
    watched = await openPage(browser, origin)
    await watched.page.waitForFunction('globalThis.showHosts')
  }, 120_000)

  afterAll(async () => {
    await browser?.close()
    await new Promise((resolve) => server?.close(resolve))
  })

  /** Calls a function of the page with a File of a capture. */
  const call = <T>(name: string, path: string, ...more: unknown[]): Promise<T> =>
    watched.page.evaluate(
      async ([name, base64, file, more]) => {
        const bytes = Uint8Array.from(atob(base64), (digit) => digit.charCodeAt(0))
        const page = globalThis as unknown as Record<string, (...args: unknown[]) => Promise<T>>
        return page[name]!(new File([bytes], file), ...more)
      },
      [name, readFileSync(path).toString('base64'), 'a.pcap', more] as const,
    )

  test('the example shows what Node prints', async () => {
    const { page } = watched
    await page.evaluate(async (from) => {
      const { showHosts } = globalThis as unknown as { showHosts(file: Blob, list: unknown): Promise<void> }
      const file = await (await fetch(from)).blob()
      await showHosts(
        file,
        (globalThis as unknown as { document: { querySelector(s: string): unknown } }).document.querySelector('ul'),
      )
    }, '/captures/office.pcapng')
    const expected: string[] = []
    for await (const { key, bytes } of analyzeCapture(capture, { by: 'host', top: 3 }).rows()) {
      expected.push(`${key.host} ${bytes}`)
    }
    expect(await page.locator('li').allTextContents()).toEqual(expected)
  })

  test.each(['office.pcapng', 'compressed/parts.pcap.gz', 'compressed/parts.pcap.zst', 'compressed/parts.pcap.lz4'])(
    '%s: CSV of a File and of an address, to the byte what the command writes',
    async (name) => {
      const path = join(capturesFolder, name)
      const { stdout } = await netkit(['analyze', path, '--no-hosts', '--format', 'csv'])
      expect(await call<string>('csvOf', path)).toBe(stdout)
      const fetched = await watched.page.evaluate(
        (address) => (globalThis as unknown as { csvOf(from: string): Promise<string> }).csvOf(address),
        `/captures/${name}`,
      )
      expect(fetched).toBe(stdout)
    },
  )

  test('a report', async () => {
    const html = await call<string>('reportOf', capture)
    expect(html).toContain('<title>seen in a browser')
    expect(html.length).toBeGreaterThan(100_000)
  })

  test('errors are those of the library', async () => {
    const { page } = watched
    const complaint = (from: string, options: object) =>
      page.evaluate(
        ([from, options]) =>
          (globalThis as unknown as { complaintOf(from: string, options: object): Promise<unknown> }).complaintOf(
            from,
            options,
          ),
        [from, options] as const,
      )
    expect(await complaint('/captures/README.md', {})).toEqual([
      true,
      '/captures/README.md: not a capture but plain text',
    ])
    expect(await complaint('/captures/nothing.pcap', {})).toEqual([
      true,
      'cannot load /captures/nothing.pcap: 404 Not Found',
    ])
    expect(await complaint('/captures/office.pcap', { filter: 'tcp prot 443' })).toMatchObject([
      true,
      expect.stringContaining('does not belong'),
    ])
  })

  test('nothing was asked for from anywhere else, and nobody complained but of the file that is not there', () => {
    const elsewhere = watched.requests.filter((url) => !url.startsWith(`${origin}/`) && !/^(?:data|blob):/.test(url))
    expect(elsewhere).toEqual([])
    expect(watched.complaints.filter((text) => !text.includes('404'))).toEqual([])
  })
})
