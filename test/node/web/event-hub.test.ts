import { get, type IncomingMessage } from 'node:http'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { EventHub, type EventHubOptions } from '../../../src/node/web/event-hub.ts'
import { startWebServer, type WebServer } from '../../../src/node/web/server.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const GREETING = { event: 'start', data: '{"hello":1}' }
const servers: WebServer[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

async function serve(options: Partial<EventHubOptions> = {}): Promise<{ hub: EventHub; url: string }> {
  const hub = new EventHub(GREETING, options)
  const routes = new Map([['events', () => hub.respond()]])
  const server = await startWebServer({ token: false, policy: "default-src 'none'", assets: new Map(), routes })
  servers.push(server)
  return { hub, url: `${server.url}events` }
}

/** A real connection. Paused, it reads nothing: what it is sent fills the sockets and then waits. */
class Viewer {
  text = ''
  ended = false
  readonly response: IncomingMessage

  constructor(response: IncomingMessage) {
    this.response = response
    response.setEncoding('utf8').on('data', (data) => {
      this.text += data
    })
    response.on('close', () => {
      this.ended = true
    })
  }

  get events(): { event: string; data: string; id: string | undefined }[] {
    return this.text
      .split('\n\n')
      .map((block) => Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s).slice(0, 2))))
      .filter(({ event }) => event !== undefined)
  }
}

function view(url: string): Promise<Viewer> {
  return new Promise((resolve, reject) => {
    get(url, (response) => resolve(new Viewer(response))).on('error', reject)
  })
}

const numbers = ({ events }: Viewer) => events.filter(({ event }) => event === 'update').map(({ data }) => Number(data))
const upTo = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i)

describe('viewers', () => {
  test('all get the same, in order; whoever comes later gets what was before', async () => {
    const { hub, url } = await serve()
    const early = await view(url)
    for (let i = 0; i < 5; i++) hub.publish('update', String(i))
    const late = await view(url)
    for (let i = 5; i < 10; i++) hub.publish('update', String(i))
    await vi.waitFor(() => expect(numbers(early)).toEqual(upTo(0, 10)))
    await vi.waitFor(() => expect(numbers(late)).toEqual(upTo(0, 10)))
    expect(late.text).toBe(early.text)
    expect(early.response.headers['content-type']).toBe('text/event-stream; charset=utf-8')
    expect(early.text).toMatch(/^retry: 2000\nevent: start\ndata: \{"hello":1\}\n\nid: 0\nevent: update\ndata: 0\n\n/)
  })

  test('one that has left is counted no more', async () => {
    const { hub, url } = await serve()
    const viewer = await view(url)
    expect(hub.viewers).toBe(1)
    viewer.response.destroy()
    await vi.waitFor(() => expect(hub.viewers).toBe(0))
  })

  test('no more than so many', async () => {
    const { hub, url } = await serve({ mostViewers: 2 })
    const first = await view(url)
    await view(url)
    const third = await view(url)
    expect([third.response.statusCode, hub.viewers]).toEqual([503, 2])
    await vi.waitFor(() => expect(third.text).toBe('2 pages look on already.\n'))
    first.response.destroy()
    await vi.waitFor(() => expect(hub.viewers).toBe(1))
    expect((await view(url)).response.statusCode).toBe(200)
  })

  test('the past is bounded, by number and by size', async () => {
    const { hub, url } = await serve({ mostEvents: 4, mostBytes: 1000 })
    for (let i = 0; i < 100; i++) hub.publish('update', String(i))
    const few = await view(url)
    await vi.waitFor(() => expect(numbers(few)).toEqual(upTo(96, 100)))
    hub.publish('update', `${' '.repeat(900)}100`)
    const fewer = await view(url)
    await vi.waitFor(() => expect(numbers(fewer).at(-1)).toBe(100))
    expect(numbers(fewer).length).toBeLessThan(4)
  })

  test('silence is broken by comments', async () => {
    const { url } = await serve({ heartbeatMs: 20 })
    const viewer = await view(url)
    await vi.waitFor(() => expect(viewer.text.split(':\n\n').length).toBeGreaterThan(3))
  })

  test('the first one is waited for', async () => {
    const { hub, url } = await serve()
    let seen = false
    const waiting = hub.seen().then(() => {
      seen = true
    })
    await new Promise((resolve) => setImmediate(resolve))
    expect(seen).toBe(false)
    await view(url)
    await waiting
    await hub.seen()
  })
})

describe('a viewer that stays behind', () => {
  // More than the sockets of both ends take.
  const LARGE = ' '.repeat(200_000)

  test('is told how much it lost, and costs the others nothing', { timeout: 30_000 }, async () => {
    const { hub, url } = await serve({ mostWaiting: 10, mostBytes: 4_000_000 })
    const quick = await view(url)
    const stalled = await view(url)
    stalled.response.pause()
    const COUNT = 400
    for (let i = 0; i < COUNT; i++) {
      hub.publish('update', `${LARGE}${i}`)
      // The quick one keeps up.
      await vi.waitFor(() => expect(quick.events.length).toBe(i + 2), { interval: 1 })
      quick.text = quick.text.replaceAll(LARGE, '')
    }
    expect(numbers(quick)).toEqual(upTo(0, COUNT))
    expect(quick.text).not.toContain('event: lost')
    stalled.response.resume()
    await vi.waitFor(() => expect(numbers(stalled).at(-1)).toBe(COUNT - 1), { timeout: 10_000 })
    const lost = stalled.events.filter(({ event }) => event === 'lost').map(({ data }) => JSON.parse(data).updates)
    expect(lost).toHaveLength(1)
    // Nothing is missing that was not told.
    const seen = numbers(stalled)
    expect(seen.length + lost[0]).toBe(COUNT)
    expect(lost[0]).toBeGreaterThan(COUNT / 2)
    // From there on it has everything again.
    hub.publish('update', String(COUNT))
    await vi.waitFor(() => expect(numbers(stalled).at(-1)).toBe(COUNT))
  })

  test('publishing waits for nobody, and memory does not grow with those who do not read', async () => {
    const { hub, url } = await serve({ mostBytes: 1_000_000 })
    const stalled = await Promise.all(Array.from({ length: 8 }, () => view(url)))
    for (const { response } of stalled) response.pause()
    collect()
    const before = process.memoryUsage().arrayBuffers
    for (let i = 0; i < 1000; i++) {
      hub.publish('update', `${LARGE}${i}`)
      if (i % 50 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    collect()
    // 1000 × 200 kB were published, for eight of them.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(60_000_000)
    for (const { response } of stalled) response.destroy()
  })
})

describe('the end', () => {
  test('viewers get what is left, and then their connection ends', async () => {
    const { hub, url } = await serve()
    const viewer = await view(url)
    hub.publish('update', '0')
    hub.publish('end', '{}')
    await hub.end(5000)
    await vi.waitFor(() => expect(viewer.ended).toBe(true))
    expect(viewer.events.map(({ event }) => event)).toEqual(['start', 'update', 'end'])
    hub.publish('update', '1')
    const late = await view(url)
    await vi.waitFor(() => expect(late.ended).toBe(true))
    expect(late.text).toBe(viewer.text)
  })

  test('is not waited for longer than said, for one who does not read', async () => {
    const { hub, url } = await serve()
    const stalled = await view(url)
    stalled.response.pause()
    for (let i = 0; i < 400; i++) {
      hub.publish('update', `${' '.repeat(150_000)}${i}`)
      // Its sockets are to be full.
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    const began = performance.now()
    await hub.end(100)
    expect(performance.now() - began).toBeLessThan(5000)
    expect(hub.viewers).toBe(1)
  })
})
