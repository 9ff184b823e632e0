/** `live --web` on a real interface: exact while pages look on, whatever those do, and names from the wire are text. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { encode } from 'dns-packet'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { temporaryFolder } from '../node/fixtures.ts'
import { browserPath, launchBrowser, missingBrowser, openPage } from '../support/browser.ts'
import { pcap } from '../support/build-capture.ts'
import { eventsOf, startLivePage, VIEWER } from '../support/live-page.ts'
import { linkCounters } from '../support/live-process.ts'
import { createLab, type Lab, whyNoLab } from '../support/namespaces.ts'
import { type Result, resultOf } from '../support/netkit-process.ts'
import { udpFrame } from '../support/udp-frame.ts'

const run = promisify(execFile)
const folder = temporaryFolder()
const reason = whyNoLab('dumpcap', 'tcpreplay') ?? missingBrowser
if (reason !== null) console.log(`live captures on a page are skipped: ${reason}`)

const RATE = 50_000
const SECONDS = 4
/** Each in a conversation of its own, of 200 hosts: more than a page has rows for. */
const FLOWS = 5000

describe.skipIf(reason !== null)('a page of a running capture', { timeout: 60_000 }, () => {
  let lab: Lab
  let browser: Browser
  beforeAll(async () => {
    lab = createLab()
    // The page is on the loopback of the network that is captured.
    const inside = join(folder, 'chromium')
    writeFileSync(inside, `#!/bin/sh\nexec ip netns exec ${lab.a} ${browserPath} "$@"\n`)
    chmodSync(inside, 0o755)
    browser = await launchBrowser(inside)
  })
  afterAll(async () => {
    await browser.close()
    lab.close()
  })

  const replay = async (name: string, frames: readonly Uint8Array[], ...flags: string[]) => {
    const path = join(folder, name)
    writeFileSync(path, pcap(frames.map((data) => ({ data }))))
    await run('ip', ['netns', 'exec', lab.b, 'tcpreplay', '-q', '-K', '-i', 'vb', ...flags, path])
  }

  const lookOn = (url: string, way: string): { child: ChildProcess; result: Promise<Result> } => {
    const child = spawn('ip', ['netns', 'exec', lab.a, process.execPath, '-e', VIEWER, url, way])
    return { child, result: resultOf(child) }
  }

  test(`${RATE} frames a second: exact, second by second, with three pages of which one never reads`, async () => {
    const live = await startLivePage(['va', '-n'], lab.a)
    const { page, requests, complaints } = await openPage(browser, live.url)
    const [one, other, stalled] = ['reads', 'reads', 'stalled'].map((way) => lookOn(live.url, way))
    const before = linkCounters(lab)
    const frames = Array.from({ length: FLOWS }, (_, i) =>
      udpFrame({
        src: `10.1.${i % 4}.${i % 200}`,
        dst: `192.0.2.${i % 9}`,
        sourcePort: 1024 + i,
        payload: new Uint8Array(60),
      }),
    )
    const sending = replay('flows.pcap', frames, `--loop=${(RATE * SECONDS) / FLOWS}`, `--pps=${RATE}`)
    // What people see goes on while frames come in.
    const facts = page.locator('.live-facts')
    const seen = new Set<string>()
    const isSent = sending.then(() => true)
    while (!(await Promise.race([isSent, page.waitForTimeout(100).then(() => false)]))) {
      if ((await facts.count()) > 0) seen.add((await facts.textContent()) ?? '')
    }
    const after = linkCounters(lab)
    const sent = { packets: after.packets - before.packets, bytes: after.bytes - before.bytes }
    expect(sent.packets).toBe(RATE * SECONDS)
    // All of it is counted, and its last second is over: the page says nothing new.
    const told = async () => (await facts.textContent()) ?? ''
    for (let before = '', quiet = 0; quiet < 10; quiet = before === (await told()) ? quiet + 1 : 0) {
      before = await told()
      await page.waitForTimeout(200)
    }
    live.child.kill('SIGINT')
    const { code, stdout } = await live.result
    const [, read, dropped] = /^va: (\d+) frames?, .*, drops (\d+)\n$/.exec(stdout)!.map(Number)
    expect([code, read! + dropped!]).toEqual([0, sent.packets])
    // Once a second, and now and then not: the machine is busy.
    expect(seen.size).toBeGreaterThanOrEqual(SECONDS / 2)
    await page.getByText('The capture has ended').waitFor()
    expect(await page.locator('.live-lost').textContent()).toBe('')

    const [text, same] = await Promise.all([one!, other!].map(async ({ result }) => (await result).stdout))
    expect(same).toBe(text)
    const messages = eventsOf(text!).map(({ data }) => JSON.parse(data))
    const end = messages.at(-1)
    expect(end).toMatchObject({ state: 'ended', frames: read, dropped, problem: null })
    if (dropped === 0) expect(end.bytes).toBe(sent.bytes)
    const seconds = messages.flatMap(({ second }) => second ?? [])
    const sum = (field: 'packets' | 'bytes') => seconds.reduce((all, second) => all + second[field], 0)
    expect([sum('packets') + end.late_frames, sum('bytes') + end.late_bytes]).toEqual([end.frames, end.bytes])
    const figure = page.locator('.figures div', { hasText: 'Frames' }).locator('dd')
    expect(await figure.textContent()).toBe(sum('packets').toLocaleString('en'))
    // A row for each protocol: nothing is among others.
    expect(seconds.map(({ tables }) => tables[3].rows.length)).toEqual(seconds.map(() => 1))
    stalled!.child.kill('SIGKILL')

    for (const url of requests) expect(url.startsWith(live.url) || url === 'data:,').toBe(true)
    expect(complaints).toEqual([])
    await page.context().close()
  })

  test('names on the wire that would like to be markup are text', async () => {
    const live = await startLivePage(['va'], lab.a)
    const { page, requests, complaints } = await openPage(browser, live.url)
    const names = [
      '<script>alert(1)</script>.example',
      '<img/src=x/onerror=alert(2)>',
      `"onmouseover='alert(3)'.example`,
    ]
    const answers = names.map((name, i) =>
      udpFrame({
        src: '10.99.0.2',
        dst: '10.99.0.9',
        sourcePort: 53,
        destinationPort: 40_000,
        payload: encode({
          type: 'response',
          questions: [{ type: 'A', name }],
          answers: [{ type: 'A', name, ttl: 60, data: `203.0.113.${i + 1}` }],
        }),
      }),
    )
    const traffic = names.map((_, i) =>
      udpFrame({ src: `203.0.113.${i + 1}`, dst: '10.99.0.9', payload: new Uint8Array(500) }),
    )
    await replay('names.pcap', [...answers, ...traffic], '--pps=50', '--loop=20')
    const hosts = page.locator('section:has(> .heading > h2:text("Hosts"))')
    for (const name of names) await hosts.getByText(name, { exact: false }).first().waitFor()
    expect(await page.locator('script').count()).toBe(1)
    expect(await page.locator('img, iframe, object, [onmouseover], [onerror]').count()).toBe(0)
    expect(complaints).toEqual([])
    for (const url of requests) expect(url.startsWith(live.url) || url === 'data:,').toBe(true)
    live.child.kill('SIGINT')
    expect((await live.result).code).toBe(0)
    await page.context().close()
  })
})
