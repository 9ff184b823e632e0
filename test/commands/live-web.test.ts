/** The page of `live --web`: a recording in a real browser, and what it says when it cannot be served. */
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net'
import { join } from 'node:path'
import axe from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { temporaryFolder } from '../node/fixtures.ts'
import { ATTACKS, captureOf } from '../support/attack-text.ts'
import { launchBrowser, missingBrowser, openPage } from '../support/browser.ts'
import { capturesFolder } from '../support/captures.ts'
import { eventsOf, type LivePage, startLivePage } from '../support/live-page.ts'
import { netkit } from '../support/netkit-process.ts'

const folder = temporaryFolder()
const office = `${capturesFolder}office.pcap`
const OFFICE_FRAMES = 812

if (missingBrowser !== null) console.warn(`skipped: ${missingBrowser}`)

const started: LivePage[] = []
async function start(args: readonly string[]): Promise<LivePage> {
  const live = await startLivePage(args)
  started.push(live)
  return live
}
afterAll(() => {
  for (const { child } of started) child.kill('SIGKILL')
})

/** Fast enough that it is over in less than a second. */
const FAST = ['--speed', '60']

describe('a recording', () => {
  test('begins with the first viewer, tells all the same, and is served until Ctrl-C', async () => {
    const live = await start(['-r', office, ...FAST])
    const read = async () => {
      const response = await fetch(`${live.url}events`)
      let text = ''
      const decoder = new TextDecoder()
      for await (const bytes of response.body!) {
        text += decoder.decode(bytes, { stream: true })
        if (text.includes('event: end')) break
      }
      return text
    }
    const [one, other] = await Promise.all([read(), read()])
    // Whoever comes when it is over gets it all, too.
    const late = await read()
    expect(other).toBe(one)
    expect(late).toBe(one)
    const events = eventsOf(one).map(({ event, data }) => ({ event, data: JSON.parse(data) }))
    expect(events[0]).toMatchObject({ event: 'start', data: { title: 'office.pcap', source: 'recording' } })
    const seconds = events.flatMap(({ data }) => data.second ?? [])
    expect(seconds.reduce((sum, { packets }) => sum + packets, 0)).toBe(OFFICE_FRAMES)
    expect(events.at(-1)).toMatchObject({ event: 'end', data: { state: 'ended', frames: OFFICE_FRAMES } })
    live.child.kill('SIGINT')
    const { code, stdout } = await live.result
    expect([code, stdout]).toEqual([0, ''])
    await expect(fetch(live.url)).rejects.toThrow()
  })

  test('that nobody looks at ends by Ctrl-C as well', async () => {
    const live = await start(['-r', office])
    live.child.kill('SIGINT')
    expect((await live.result).code).toBe(0)
  })

  test('that is cut is told on the page, and by the exit code', async () => {
    const path = join(folder, 'cut.pcap')
    const whole = readFileSync(office)
    writeFileSync(path, whole.subarray(0, whole.length - 10))
    const live = await start(['-r', path, ...FAST])
    const response = await fetch(`${live.url}events`)
    let text = ''
    for await (const bytes of response.body!) {
      text += Buffer.from(bytes).toString()
      if (text.includes('event: end')) break
    }
    expect(JSON.parse(eventsOf(text).at(-1)!.data).problem).toMatch(/cut|ends/)
    live.child.kill('SIGINT')
    expect((await live.result).code).toBe(6)
  })
})

test('what is no capture is told to the first viewer, and that is all', async () => {
  const path = join(folder, 'text.pcap')
  writeFileSync(path, 'no capture at all, but long enough to be sure')
  const live = await start(['-r', path])
  const text = await (await fetch(`${live.url}events`)).text()
  expect(JSON.parse(eventsOf(text).at(-1)!.data).problem).toContain('not a')
  const { code, stderr } = await live.result
  expect(code).toBe(5)
  expect(stderr).toContain('text.pcap')
})

describe('when it cannot be served', () => {
  test('a port in use is one sentence', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as AddressInfo
    const { code, stdout, stderr } = await netkit(['live', '-r', office, '--web', '--port', String(port)])
    expect([code, stdout, stderr]).toEqual([
      1,
      '',
      `netkit: cannot listen on 127.0.0.1:${port}: the port is in use; --port takes another, and without it any that is free is taken\n`,
    ])
    server.close()
  })

  test.each([
    [['--web', '--port', '70000'], "--port: '70000' is not a port"],
    [['--web', '--port', 'http'], "--port: 'http' is not a whole number of at least 0"],
    [['--port', '8080'], '--web'],
    [['--web', '-o', 'x.csv'], '--output'],
    [['--web', '--plain'], '--plain'],
  ])('%j is a usage error', async (args, words) => {
    const { code, stdout, stderr } = await netkit(['live', '-r', office, ...args])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(words)
  })

  test('no such file is said before there is a page', async () => {
    const { code, stderr } = await netkit(['live', '-r', join(folder, 'none.pcap'), '--web'])
    expect(code).toBe(5)
    expect(stderr).not.toContain('the page is at')
  })

  test('another address than loopback comes with a warning', async () => {
    const live = await start(['-r', office, '--host', '0.0.0.0'])
    live.child.kill('SIGINT')
    expect((await live.result).stderr).toMatch(
      /^netkit: 0\.0\.0\.0 is not loopback: everybody who has the address below can read the page, and it travels unencrypted\n/,
    )
  })
})

describe.skipIf(missingBrowser !== null)('in Chromium', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterAll(() => browser.close())

  const status = (page: Page) => page.locator('.live-word')
  const ended = (page: Page) => status(page).filter({ hasText: 'has ended' }).waitFor()

  /** A capture that goes on until its stdin ends. */
  async function startRunning(): Promise<LivePage> {
    const live = await start(['-'])
    live.child.stdin.write(readFileSync(office))
    return live
  }

  const figure = (page: Page) => page.locator('.figures div', { hasText: 'Frames' }).locator('dd')
  const counted = (page: Page) =>
    figure(page)
      .filter({ hasText: String(OFFICE_FRAMES) })
      .waitFor()

  test('it runs, is held, goes on, and keeps what it has when netkit is gone', async () => {
    const live = await startRunning()
    const { page, requests, complaints } = await openPage(browser, live.url)
    await status(page).filter({ hasText: 'Live' }).waitFor()
    await counted(page)
    await page.getByRole('button', { name: 'Pause' }).click()
    await status(page).filter({ hasText: 'The picture is held; counting goes on' }).waitFor()
    await page.getByRole('button', { name: 'Go on' }).click()
    await status(page).filter({ hasText: 'Live' }).waitFor()
    expect([await page.locator('h1').textContent(), await page.title()]).toEqual(['stdin', 'stdin · netkit live'])
    live.child.stdin.end()
    await ended(page)
    const { code, stdout } = await live.result
    expect([code, stdout]).toEqual([0, 'stdin: 812 frames, 258.41 kB, drops not told\n'])
    await page.getByRole('searchbox').fill('voice.example.org')
    expect(await page.locator('tbody tr', { hasText: 'voice.example.org' }).count()).toBeGreaterThan(0)
    expect(await figure(page).textContent()).toBe(String(OFFICE_FRAMES))
    // Nothing was asked of anybody else, and nothing was forbidden.
    for (const url of requests) expect(url.startsWith(live.url) || url === 'data:,').toBe(true)
    expect(complaints).toEqual([])
    await page.context().close()
  })

  test('text from outside is text', async () => {
    const capture = join(folder, '<img src=x onerror=alert(2)>.pcapng')
    writeFileSync(capture, captureOf(Object.values(ATTACKS)))
    const live = await start(['-r', capture, '--by', 'interface', ...FAST])
    const { page, requests, complaints } = await openPage(browser, live.url)
    await ended(page)
    await page.getByRole('button', { name: 'Show all' }).first().click()
    expect(complaints).toEqual([])
    for (const url of requests) expect(url.startsWith(live.url) || url === 'data:,').toBe(true)
    const text = await page.locator('#report').innerText()
    expect(text).toContain('<script>alert(1)</script>')
    expect(await page.locator('h1').textContent()).toBe('<img src=x onerror=alert(2)>.pcapng')
    expect(await page.locator('script').count()).toBe(1)
    expect(await page.locator('img, iframe, object, a[href]').count()).toBe(0)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(text).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/)
    await page.context().close()
  })

  test('axe finds nothing while it runs, and when it is over; a telephone is wide enough', async () => {
    const live = await startRunning()
    const { page } = await openPage(browser, live.url)
    const violations = async () => {
      await page.evaluate(axe.source)
      return page.evaluate(
        'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes.map(({ html, any }) => [html, ...any.map(({ message }) => message)])]))',
      )
    }
    await counted(page)
    expect(await violations()).toEqual([])
    live.child.stdin.end()
    await ended(page)
    await page.emulateMedia({ colorScheme: 'dark' })
    expect(await violations()).toEqual([])
    await page.setViewportSize({ width: 400, height: 800 })
    const widths = (await page.evaluate('[document.documentElement.scrollWidth, innerWidth]')) as [number, number]
    expect(widths[0]).toBeLessThanOrEqual(widths[1])
    await page.context().close()
  })

  test('it comes back when the connection is lost, and has everything again', async () => {
    const live = await startRunning()
    const between = await startBetween(Number(new URL(live.url).port))
    const { page } = await openPage(browser, live.url.replace(/:\d+/, `:${between.port}`))
    await counted(page)
    between.breakAll()
    await status(page).filter({ hasText: 'The connection is lost; trying again' }).waitFor()
    await status(page).filter({ hasText: 'Live' }).waitFor()
    live.child.stdin.end()
    await ended(page)
    expect(await figure(page).textContent()).toBe(String(OFFICE_FRAMES))
    await page.context().close()
    between.close()
  })
})

/** Stands between page and server, as a tunnel does, and can be cut. */
async function startBetween(to: number) {
  const sockets = new Set<Socket>()
  const server = createTcpServer((near) => {
    const far = connect(to, '127.0.0.1')
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket)
      socket.pipe(other)
      socket.on('error', () => other.destroy())
      socket.on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
    }
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const breakAll = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: (server.address() as AddressInfo).port,
    breakAll,
    close() {
      breakAll()
      server.close()
    },
  }
}
