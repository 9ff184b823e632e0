/** A capture in which strangers chose every name, as a report in a real browser: all of it is text, and has its place. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { encode } from 'dns-packet'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { temporaryFolder } from '../node/fixtures.ts'
import { clientHello, tlsRecords } from '../sightings/payloads.ts'
import { ACTIVE, ATTACKS } from '../support/attack-text.ts'
import { launchBrowser, missingBrowser, openPage } from '../support/browser.ts'
import { pcapng } from '../support/build-capture.ts'
import { netkit } from '../support/netkit-process.ts'
import { ethernetFrame, udpFrame } from '../support/udp-frame.ts'

const MARKUP = [
  '<script>alert(1)</script>',
  '</script><script>alert(2)</script>',
  '</title></pre></style><svg onload=alert(3)>',
  '"><img src=x onerror=alert(4)>',
  '<!--<script>',
  '<!--netkit:data-->{{script}}$&$1',
  'javascript:alert(5)',
  '__proto__',
]
const LONG = `${'<b>long</b>'.repeat(5500)}\u202e`
const NAMES = [...MARKUP, ...Object.values(ATTACKS), LONG]
const FILE = `</title><img src=x onerror=alert(6)>\u202egnp.pcapng`

/** TCP of a client that says something, to an address of its own. */
function request(dst: number, port: number, payload: Uint8Array): Buffer {
  const total = 40 + payload.length
  const ip = [0x45, 0, total >> 8, total & 255, 0, 0, 0, 0, 64, 6, 0, 0, 192, 0, 2, 1, 203, 0, 113, dst]
  const tcp = [0xc3, 0x50, port >> 8, port & 255, 0, 0, 0, 1, 0, 0, 0, 1, 0x50, 0x18, 16, 0, 0, 0, 0, 0]
  return ethernetFrame({}, 0x0800, Buffer.concat([Buffer.from([...ip, ...tcp]), payload]))
}

function dnsAnswer(name: string, last: number): Uint8Array {
  const [question, answer] = [
    { type: 'A' as const, name },
    { type: 'A' as const, name, data: `198.51.100.${last}` },
  ]
  return encode({ type: 'response', questions: [question], answers: [answer] })
}

function capture(): Buffer {
  const blocks = pcapng()
  const comment = (text: string) => ({ code: 1, value: Buffer.from(text) })
  const interfaces = NAMES.map((name) =>
    blocks.interface({ name, tsresol: 9, options: [comment(name), { code: 3, value: Buffer.from(name) }] }),
  )
  // Names of the capture's own book: type 1 is IPv4.
  const records = MARKUP.map((name, i) => {
    const value = Buffer.from([192, 0, 2, 100 + i, ...Buffer.from(name), 0])
    return Buffer.concat([Buffer.from([1, 0, value.length, 0]), value, Buffer.alloc(-value.length & 3)])
  })
  const book = blocks.block(4, Buffer.concat([...records, Buffer.alloc(4), blocks.options([comment(LONG)])]))
  const label = (name: string) => name.replaceAll('.', '').slice(0, 63)
  const frames = NAMES.flatMap((name, i) => {
    const host = Buffer.from(`GET / HTTP/1.1\r\nHost: ${name.slice(0, 200)}\r\n\r\n`)
    return [
      udpFrame({ sourcePort: 53, destinationPort: 40_000, payload: dnsAnswer(label(name), i + 1) }),
      udpFrame({ src: `198.51.100.${i + 1}` }),
      udpFrame({ src: `192.0.2.${100 + i}` }),
      request(i + 1, 443, tlsRecords(clientHello({ name: name.slice(0, 200) }))),
      request(100 + i, 80, host),
    ].map((data, j) => ({ data, interface: i, ticks: BigInt(5 * i + j) * 100_000_000n, options: [comment(name)] }))
  })
  return Buffer.concat([blocks.section(), ...interfaces, book, ...frames.map((frame) => blocks.packet(frame))])
}

describe.skipIf(missingBrowser !== null)('in Chromium', () => {
  const folder = temporaryFolder()
  const path = join(folder, 'hostile.html')
  let browser: Browser

  beforeAll(async () => {
    browser = await launchBrowser()
    const file = join(folder, FILE.replaceAll('/', '\u2215'))
    writeFileSync(file, capture())
    const { code, stderr } = await netkit([
      'report',
      file,
      '--by',
      'interface',
      '--check',
      '--tcp',
      '--top',
      '200',
      '-o',
      path,
    ])
    expect([code, stderr]).toEqual([0, ''])
  })
  afterAll(() => browser.close())

  test.each([
    ['with scripts', { javaScriptEnabled: true }],
    ['without', { javaScriptEnabled: false }],
    ['on a telephone', { viewport: { width: 390, height: 800 } }],
  ])('names are text: %s', async (_, options) => {
    const { page, requests, complaints } = await openPage(browser, pathToFileURL(path).href, options)
    const hasScripts = !('javaScriptEnabled' in options) || options.javaScriptEnabled
    if (hasScripts) {
      await page.locator('.detail canvas').waitFor()
      for (const more of await page.locator('.more:visible').all()) await more.click()
      await page.getByText('The curve as a table').click()
      await page.getByRole('searchbox').fill('<script>')
      await page.getByRole('searchbox').fill('')
    }
    expect([requests, complaints]).toEqual([[pathToFileURL(path).href], []])
    const text = await page.locator(hasScripts ? '#report' : 'noscript').innerText()
    for (const name of MARKUP) expect(text, name).toContain(name)
    expect(text).not.toMatch(ACTIVE)
    expect(await page.title()).not.toMatch(ACTIVE)
    expect(await page.title()).toContain('<img src=x onerror=alert(6)>')
    expect(await page.locator('script').count()).toBe(2)
    expect(await page.locator('img, iframe, object, embed, b, a[href], :not(.spark) > svg').count()).toBe(
      hasScripts ? await page.locator('td > .spark').count() : 0,
    )
    if (!hasScripts) return
    // Names of hosts, by who told them.
    for (const source of ['dns', 'tls', 'http', 'pcapng'])
      expect(text).toMatch(new RegExp(`alert\\(1\\).*\\[${source}\\]`))
    // Nothing is wider than the page, and no row is higher than others of its table.
    const [inner, outer] = (await page.evaluate('[document.documentElement.scrollWidth, innerWidth]')) as number[]
    expect(inner).toBeLessThanOrEqual(outer!)
    const rows = (await page
      .locator('tbody tr, h1, .legend li, .findings li')
      .evaluateAll((found) => found.map((one) => one.getBoundingClientRect().height))) as number[]
    expect(Math.max(...rows)).toBeLessThan(250)
    const wide = (await page
      .locator('table:not(.matrix)')
      .evaluateAll((found) => found.map((one) => one.getBoundingClientRect().width))) as number[]
    expect(Math.max(...wide)).toBeLessThan(2400)
    await page.context().close()
  })
})
