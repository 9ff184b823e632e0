import { existsSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { type Source, SourceUnavailable } from '../../src/capture/source.ts'
import { parseBy } from '../../src/engine/by.ts'
import type { Row, SpanRecord } from '../../src/engine/records.ts'
import { createEndpointNamer } from '../../src/names/endpoint-names.ts'
import { openFile } from '../../src/node/open-source.ts'
import { loadCaptureModule } from '../../src/node/wasm-module.ts'
import { type AnalyzeOptions, analyze } from '../../src/pipeline/analyze.ts'
import type { LiveFrame, LiveRow } from '../../src/pipeline/live-frame.ts'
import { LiveSession, type LiveSessionOptions } from '../../src/pipeline/live-session.ts'
import { pcapRecord } from '../support/build-capture.ts'
import { captureFiles, capturesFolder, readOracle } from '../support/captures.ts'
import { createFakeTime, type FakeTime } from '../support/fake-time.ts'
import { growWithEveryCount } from '../support/growing-memory.ts'
import { memorySource } from '../support/read-capture.ts'
import { START_SECONDS, sampleCapture, sampleRecords } from '../support/sample-capture.ts'

const OFFICE = `${capturesFolder}office.pcapng`
const SECOND = 1_000_000_000n
const names = createEndpointNamer()

function fileInput(path: string, repeatable = true) {
  // From memory where that is the same: then reading takes turns of the event loop, not time.
  const plain = /\.pcap(ng)?$/.test(path) && existsSync(path) ? readFileSync(path) : null
  const open = async () => (plain === null || path.includes('/compressed/') ? openFile(path) : memorySource(plain))
  return { name: path, repeatable, size: null, open }
}

function replay(path: string, options: Partial<LiveSessionOptions> = {}): { session: LiveSession; time: FakeTime } {
  const time = createFakeTime()
  const session = new LiveSession(loadCaptureModule(), fileInput(path), {
    names,
    lagMs: 0,
    localClock: false,
    replay: { speed: 1 },
    ...time,
    ...options,
  })
  session.start()
  return { session, time }
}

/** Played to its end, as fast as it goes. */
async function played(path: string, options: Partial<LiveSessionOptions> = {}): Promise<LiveSession> {
  const { session, time } = replay(path, { ...options, replay: { speed: 1000 } })
  for (let i = 0; i < 2000 && session.status().state !== 'ended'; i++) {
    await time.advance(100)
    // Decompression takes threads, and they take real time.
    if (i > 20) await sleep(5)
  }
  expect(session.status().state).toBe('ended')
  session.tick()
  return session
}

/** What `netkit analyze` says of the same file. */
async function analyzed(path: string, options: Partial<AnalyzeOptions>): Promise<SpanRecord[]> {
  const spans: SpanRecord[] = []
  const all = { grouping: parseBy('pair'), names, ...options }
  for await (const record of analyze(loadCaptureModule(), [fileInput(path)], all, [])) {
    if (record.type === 'span') spans.push(record)
  }
  return spans
}

const keyOf = ({ key }: { readonly key: readonly unknown[] }) => JSON.stringify(key)
const byKey = <T extends { readonly key: readonly unknown[] }>(rows: readonly T[]) =>
  new Map(rows.map((row) => [keyOf(row), row]))

describe('a recording against analyze', () => {
  test('every sliding window has the same rows, packets and bytes', async () => {
    const spans = new Map(
      (await analyzed(OFFICE, { windowNs: 5n * SECOND, stepNs: SECOND })).map((s) => [s.startNs, s]),
    )
    const { session, time } = replay(OFFICE)
    session.setView({ windowNs: 5n * SECOND })
    const compared = new Set<bigint>()
    for (let tick = 0; tick < 26 * 4; tick++) {
      await time.advance(250)
      const frame = session.tick()
      const span = frame === null ? undefined : spans.get(frame.startNs)
      if (frame === null || span === undefined) continue
      compared.add(frame.startNs)
      const seen = frame.rows.filter(({ packets }) => packets > 0)
      const numbers = ({ key, packets, bytes, bitsPerSecond }: Omit<LiveRow, 'group'> | Row) => ({
        key,
        packets,
        bytes,
        bitsPerSecond,
      })
      expect(byKey(seen.map(numbers))).toEqual(byKey(span.rows.map(numbers)))
      expect({ packets: frame.all.packets, bytes: frame.all.bytes }).toEqual(span.total)
    }
    // 23.02 s are 24 seconds begun, in which 20 windows of five lie. One is passed over: 22 ms after it the file ends.
    expect(compared.size).toBe(19)
  })

  test.each(['pair', 'flow', 'conversation', 'host', 'service', 'protocol', 'vlan', 'host/24', 'mac', 'interface'])(
    'totals by %s, chosen after everything was counted',
    async (by) => {
      const session = await played(OFFICE)
      session.setView({ grouping: parseBy(by), sort: 'total' })
      const [span] = await analyzed(OFFICE, { grouping: parseBy(by) })
      const totals = byKey(session.tick()!.rows.map(({ key, total }) => ({ key, ...total })))
      expect(totals).toEqual(byKey(span!.rows.map(({ key, packets, bytes }) => ({ key, packets, bytes }))))
    },
  )

  test('peaks and histories are the one-second windows', async () => {
    const spans = await analyzed(OFFICE, { windowNs: SECOND, idle: true })
    const session = await played(OFFICE)
    for (const row of session.tick()!.rows) {
      const rates = spans.map((span) => byKey(span.rows).get(keyOf(row))?.bitsPerSecond ?? 0)
      expect([...row.history.slice(-spans.length)]).toEqual(rates)
      expect([...row.history.slice(0, -spans.length)].every((rate) => rate === 0)).toBe(true)
      expect(row.peakBitsPerSecond).toBe(Math.max(...rates))
    }
  })
})

test.each(captureFiles().filter((path) => !path.startsWith('broken/')))('nothing is lost: %s', async (path) => {
  const session = await played(`${capturesFolder}${path}`)
  const { packets, bytes } = readOracle(path)
  expect(session.status()).toMatchObject({ frames: packets, bytes, fault: null })
  const frame = session.tick()
  if (packets === 0) return expect(frame).toBe(null)
  expect(frame!.all.total).toEqual({ packets, bytes })
  const total = frame!.rows.reduce((sum, row) => sum + row.total.packets, 0) + (frame!.other?.total.packets ?? 0)
  expect(total).toBe(packets)
})

describe('what is looked at', () => {
  const rates = ({ rows }: LiveFrame) => rows.map(({ bitsPerSecond }) => bitsPerSecond)
  const descending = (values: readonly number[]) => values.toSorted((a, b) => b - a)

  test('each order, and the same rows in all of them', async () => {
    const session = await played(OFFICE)
    session.setView({ windowNs: 10n * SECOND })
    const groups = new Set(session.tick()!.rows.map(({ group }) => group))
    expect(rates(session.tick()!)).toEqual(descending(rates(session.tick()!)))
    const columns: [Parameters<LiveSession['setView']>[0]['sort'] & string, (row: LiveRow) => number][] = [
      ['peak', (row) => row.peakBitsPerSecond],
      ['total', (row) => row.total.bytes],
      ['packets', (row) => row.packets],
    ]
    for (const [sort, value] of columns) {
      session.setView({ sort })
      const { rows } = session.tick()!
      expect(rows.map(value)).toEqual(descending(rows.map(value)))
      expect(new Set(rows.map(({ group }) => group))).toEqual(groups)
    }
    session.setView({ sort: 'name' })
    const texts = session.tick()!.rows.map(({ key }) => String(key[0]))
    expect(texts).toEqual(texts.toSorted())
  })

  test('what is not shown is in the other row, exactly', async () => {
    const session = await played(OFFICE)
    const all = session.tick()!
    session.setView({ top: 3 })
    const { rows, other } = session.tick()!
    expect(rows.map(({ group }) => group)).toEqual(all.rows.slice(0, 3).map(({ group }) => group))
    const rest = all.rows.slice(3)
    expect(other).toMatchObject({
      rows: rest.length,
      total: {
        packets: rest.reduce((sum, row) => sum + row.total.packets, 0),
        bytes: rest.reduce((sum, row) => sum + row.total.bytes, 0),
      },
    })
  })

  test('a filter looks at every row, not only at those that fit', async () => {
    const session = await played(OFFICE)
    session.setView({ top: 2, filter: (key) => key.includes('ARP') })
    const { rows, other } = session.tick()!
    expect(rows.map(({ key }) => key)).toEqual(
      [
        ['02:00:c0:a8:01:14', 'Ethernet', null, 'ff:ff:ff:ff:ff:ff', 'Broadcast', null, 'ARP', null],
        ['02:00:c0:a8:01:01', 'Ethernet', null, '02:00:c0:a8:01:14', 'Ethernet', null, 'ARP', null],
      ].slice(0, rows.length),
    )
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.length + other!.rows).toBe(29)
    session.setView({ filter: () => false })
    expect(session.tick()!.rows).toEqual([])
  })

  test('the same picture is the same object', async () => {
    const { session, time } = replay(OFFICE)
    await time.advance(2100)
    const frame = session.tick()
    await time.advance(200)
    expect(session.tick()).toBe(frame)
    await time.advance(1000)
    expect(session.tick()).not.toBe(frame)
  })

  test('windows are made of seconds', async () => {
    const { session } = replay(OFFICE)
    expect(() => session.setView({ windowNs: 500_000_000n })).toThrow('whole number of seconds')
    expect(session.choice.windowNs).toBe(SECOND)
  })
})

describe('one row taken apart', () => {
  async function rowOf(by: string, text: string) {
    const session = await played(OFFICE)
    session.setView({ grouping: parseBy(by), sort: 'total' })
    const { rows } = session.tick()!
    const find = (wanted: string) => rows.find((row) => row.key.join(' ').includes(wanted))!
    return { session, row: find(text), find }
  }

  test('a pair has what comes back beside it', async () => {
    const { session, row, find } = await rowOf('pair', '2001:db8:80::10 Documentation  fd00::20 Private Network  TCP')
    const back = find('fd00::20 Private Network  2001:db8:80::10 Documentation  TCP')
    const detail = session.detail(row.group)!
    // tshark: 104 frames with 101158 bytes there, 76 with 7322 back.
    expect([detail.forward.total, detail.backward!.total]).toEqual([row.total, back.total])
    expect([detail.forward.total.packets, detail.backward!.total.packets]).toEqual([104, 76])
    expect([...detail.backward!.history]).toEqual([...back.history])
    expect(detail.flows.reduce((sum, flow) => sum + flow.total.bytes, 0)).toBe(row.total.bytes)
    expect(detail.lastNs! - detail.firstNs!).toBeGreaterThan(0n)
  })

  test.each([
    ['conversation', '443'],
    ['host', '192.168.1.20'],
  ])('the directions of a %s are all of it', async (by, text) => {
    const { session, row } = await rowOf(by, text)
    const { forward, backward } = session.detail(row.group)!
    expect(forward.total.packets).toBeGreaterThan(0)
    expect(forward.total.packets + backward!.total.packets).toBe(row.total.packets)
    expect(forward.total.bytes + backward!.total.bytes).toBe(row.total.bytes)
  })

  test('a protocol has no directions', async () => {
    const { session, row } = await rowOf('protocol', 'UDP')
    const detail = session.detail(row.group)!
    expect([detail.backward, detail.forward.total]).toEqual([null, row.total])
    expect(detail.flowCount).toBeGreaterThan(detail.flows.length - 1)
  })

  test('there is nothing of a row that there is not', async () => {
    expect((await played(OFFICE)).detail(1_000_000)).toBe(null)
  })
})

describe('the time of a recording', () => {
  const at = (session: LiveSession) => Number((session.status().nowNs ?? 0n) / 1_000_000n)

  test('frames come when they are due, at the speed that was asked for', async () => {
    const { session, time } = replay(OFFICE, { replay: { speed: 4 } })
    await time.advance(100)
    expect(session.status().state).toBe('running')
    const start = at(session)
    await time.advance(2000)
    expect(at(session) - start).toBe(8000)
    const counted = (await analyzed(OFFICE, { windowNs: SECOND })).slice(0, 8)
    const expected = counted.reduce((sum, { total }) => sum + total.packets, 0)
    expect(session.tick()!.all.total.packets).toBe(expected)
  })

  test('stands while it is paused', async () => {
    const { session, time } = replay(OFFICE)
    await time.advance(3000)
    session.setPaused(true)
    const before = session.status()
    await time.advance(5000)
    expect(session.status()).toEqual(before)
    expect(before).toMatchObject({ paused: true, state: 'running' })
    session.setPaused(false)
    await time.advance(1000)
    expect(session.status().elapsedNs - before.elapsedNs).toBe(SECOND)
  })

  test('moves by a window and stops there', async () => {
    const { session, time } = replay(OFFICE)
    session.setView({ windowNs: 5n * SECOND })
    await time.advance(2050)
    const before = session.status().nowNs!
    session.step()
    await time.advance(500)
    expect(session.status()).toMatchObject({ nowNs: before + 5n * SECOND, paused: true })
  })

  test('goes back to a picture that is the same as it was', async () => {
    const { session, time } = replay(OFFICE)
    await time.advance(6000)
    session.setPaused(true)
    const { rows, all, startNs } = session.tick()!
    session.setPaused(false)
    await time.advance(10_000)
    session.setPaused(true)
    expect(session.tick()!.startNs).toBe(startNs + 10n * SECOND)
    expect(session.jump(-10n * SECOND)).toBe(true)
    await time.advance(1000)
    const again = session.tick()!
    expect(again.startNs).toBe(startNs)
    expect(again.all).toEqual(all)
    expect(again.rows).toEqual(rows)
    expect(session.status().replay).toMatchObject({ seeking: false })
  })

  test('goes no further back than its start, no further on than its end, and back from there', async () => {
    const { session, time } = replay(OFFICE)
    await time.advance(3000)
    session.jump(60n * SECOND)
    await time.advance(500)
    expect(session.status()).toMatchObject({ state: 'ended', frames: 812 })
    await time.advance(5000)
    expect(session.status().elapsedNs).toBe(23_022_306_734n)
    session.jump(-60n * SECOND)
    await time.advance(1500)
    expect(session.status()).toMatchObject({ state: 'running', paused: false })
    expect(session.status().elapsedNs).toBeLessThan(2n * SECOND)
  })

  test('a pipe cannot be set back', async () => {
    const time = createFakeTime()
    const session = new LiveSession(loadCaptureModule(), fileInput(OFFICE, false), {
      names,
      lagMs: 0,
      localClock: false,
      replay: { speed: 1 },
      ...time,
    })
    session.start()
    await time.advance(3000)
    const before = session.status().nowNs
    expect([session.jump(-SECOND), session.status().nowNs]).toEqual([false, before])
    expect(session.jump(SECOND)).toBe(true)
  })

  test('a century of silence is passed over', async () => {
    const { session, time } = replay(`${capturesFolder}time-gap-of-a-century.pcap`)
    await time.advance(30_000)
    expect(session.status().state).toBe('ended')
  })
})

/** A capture that a test writes frame by frame. */
function liveSource() {
  const chunks: Uint8Array[] = []
  let wake = () => {}
  let ended = false
  const source: Source = {
    name: 'test',
    size: null,
    position: 0,
    compression: null,
    async read(into) {
      while (chunks.length === 0) {
        if (ended) return 0
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      const chunk = chunks.shift()!
      into.set(chunk)
      return chunk.length
    },
    async close() {
      ended = true
      wake()
    },
  }
  return {
    source,
    write(chunk: Uint8Array) {
      chunks.push(chunk)
      wake()
    },
    end() {
      ended = true
      wake()
    },
  }
}

const HEADER = sampleCapture.subarray(0, 24)
const [request, answer, multicast] = sampleRecords.map((record) => record.data)

function live(options: Partial<LiveSessionOptions> = {}) {
  const time = createFakeTime(BigInt(START_SECONDS) * SECOND)
  const { source, write, end } = liveSource()
  const session = new LiveSession(loadCaptureModule(), source, {
    names,
    lagMs: 300,
    localClock: true,
    ...time,
    ...options,
  })
  session.start()
  write(HEADER)
  /** At so many seconds after the start, to the microsecond. */
  const frame = (at: number, data: Uint8Array) =>
    write(pcapRecord({ seconds: START_SECONDS + Math.floor(at), fraction: Math.round((at % 1) * 1e6), data }))
  return { session, time, frame, end }
}

describe('the memory may grow whenever frames are counted', () => {
  test('of a running capture', async () => {
    const times = growWithEveryCount()
    const { session, time, frame, end } = live()
    for (const at of [0.1, 0.5, 1.2, 0.9]) frame(at, request!)
    await time.advance(1400)
    frame(1.3, answer!)
    end()
    await time.advance(3000)
    expect(session.status()).toMatchObject({ state: 'ended', frames: 5, bytes: 1400 })
    expect(session.tick()!.all.total.packets).toBe(5)
    expect(times()).toBeGreaterThan(3)
  })

  test('of a recording', async () => {
    const pictures = async () => {
      const { session, time } = replay(OFFICE)
      const seen: [frames: number, packets: number | undefined][] = []
      for (let quarter = 0; quarter < 20; quarter++) {
        await time.advance(250)
        seen.push([session.status().frames, session.tick()?.all.total.packets])
      }
      await session.close()
      return seen
    }
    const expected = await pictures()
    const times = growWithEveryCount()
    expect(await pictures()).toEqual(expected)
    expect(times()).toBeGreaterThan(20)
  })
})

describe('a running capture', () => {
  test('nothing, then a picture for each second as soon as it is over', async () => {
    const { session, time, frame } = live()
    await time.advance(100)
    expect([session.tick(), session.status().state]).toEqual([null, 'waiting'])
    frame(0.1, request!)
    frame(0.5, answer!)
    await time.advance(1150)
    expect(session.tick()!.all.packets).toBe(0)
    await time.advance(100)
    const picture = session.tick()!
    expect(picture.startNs).toBe(BigInt(START_SECONDS) * SECOND)
    expect(picture.rows.map(({ key, bytes, bitsPerSecond }) => [key[0], bytes, bitsPerSecond])).toEqual([
      ['90.130.70.73', 1000, 8000],
      ['10.0.0.1', 100, 800],
    ])
    await time.advance(1000)
    // Quiet: the row stays, with its total, and says 0.
    expect(session.tick()!.rows.map(({ bitsPerSecond, total }) => [bitsPerSecond, total.bytes])).toEqual([
      [0, 1000],
      [0, 100],
    ])
    expect(session.status()).toMatchObject({ state: 'running', frames: 2, bytes: 1100, dropped: null })
  })

  test('a frame that comes too late for its second is in the totals', async () => {
    const { session, time, frame } = live()
    frame(0.1, request!)
    await time.advance(2400)
    frame(0.2, request!)
    frame(2.3, request!)
    await time.advance(1000)
    const { all, rows } = session.tick()!
    expect([all.packets, all.total.packets, rows[0]!.total.bytes]).toEqual([1, 3, 300])
  })

  test('pausing stops the picture, in any view; the capture goes on', async () => {
    const { session, time, frame } = live()
    frame(0.1, request!)
    await time.advance(1400)
    session.setPaused(true)
    const still = session.tick()!
    frame(1.5, answer!)
    await time.advance(3000)
    expect(session.tick()).toBe(still)
    expect(session.status()).toMatchObject({ frames: 2, paused: true })
    session.setView({ grouping: parseBy('host'), windowNs: 5n * SECOND })
    const regrouped = session.tick()!
    expect(regrouped.endNs).toBe(still.endNs)
    expect(regrouped.all.total.packets).toBe(1)
    expect(session.detail(regrouped.rows[0]!.group)!.forward.total.packets).toBe(1)
    session.setPaused(false)
    expect(session.tick()!.all.total.packets).toBe(2)
    expect(session.tick()!.endNs - still.endNs).toBe(3n * SECOND)
  })

  test('peaks stay when the picture was paused, and the window changed', async () => {
    const { session, time, frame } = live()
    frame(0.1, answer!)
    await time.advance(1400)
    session.setPaused(true)
    await time.advance(2000)
    session.setPaused(false)
    session.setView({ windowNs: 10n * SECOND })
    expect(session.tick()!.rows[0]).toMatchObject({ peakBitsPerSecond: 8000, bitsPerSecond: 800 })
  })

  test('what this machine received and sent', async () => {
    const { session, time, frame } = live({ localAddresses: new Set(['10.0.0.1']) })
    frame(0.1, request!)
    frame(0.2, answer!)
    frame(0.3, multicast!)
    await time.advance(1400)
    expect(session.tick()!.inOut).toEqual({ bitsPerSecondIn: 8000, bitsPerSecondOut: 1600 })
  })

  test('another clock than ours: windows close by the frame with the least delay', async () => {
    const { session, time, frame } = live({ localClock: false })
    // Stamped by a clock that is an hour ahead.
    frame(3600.2, request!)
    await time.advance(400)
    expect(session.tick()?.all.total.packets ?? 0).toBe(0)
    await time.advance(800)
    expect(session.tick()!.all.total.packets).toBe(1)
    expect(session.status().nowNs! / SECOND).toBe(BigInt(START_SECONDS + 3601))
  })

  test('another clock that drifts: a millisecond a second for ten minutes, and no frame is late', async () => {
    const { session, time, frame } = live({ localClock: false })
    for (let second = 0; second < 600; second++) {
      frame(3600 + second * 0.999, request!)
      await time.advance(1000, 250)
    }
    await time.advance(2000)
    const { all } = session.tick()!
    expect(all.total.packets).toBe(600)
    // Late frames are in no second.
    expect(all.history.reduce((sum, bits) => sum + bits, 0)).toBeGreaterThanOrEqual(58 * 800)
  })

  test('a capture tool that is behind is waited for: its frames are in their seconds', async () => {
    const { session, time, frame } = live()
    await time.advance(950)
    // Held up for two seconds, then all at once, some milliseconds apart.
    await time.advance(2000, 2000)
    for (const at of [0.99, 1.2, 1.9, 2.1, 2.8]) {
      frame(at, request!)
      await time.advance(20, 20)
    }
    await time.advance(3000)
    const { all } = session.tick()!
    expect(all.total.packets).toBe(5)
    expect([...all.history].filter((bits) => bits > 0)).toEqual([800, 1600, 1600])
  })

  test('seconds are summed up while nobody looks', async () => {
    const { session, time, frame } = live()
    frame(0.1, request!)
    await time.advance(3400)
    const { startNs, all } = session.tick()!
    expect([startNs, all.packets, all.total.packets]).toEqual([BigInt(START_SECONDS + 2) * SECOND, 0, 1])
  })

  test('drained: what had come is counted', async () => {
    const { session, time, frame, end } = live()
    frame(0.1, request!)
    frame(0.2, request!)
    end()
    const drained = session.drained()
    await time.advance(100)
    await drained
    expect(session.status()).toMatchObject({ state: 'ended', frames: 2 })
    expect(session.problem).toBeNull()
  })

  test('its end closes every second, and what was shown stays', async () => {
    const { session, time, frame, end } = live()
    frame(0.1, request!)
    await time.advance(200)
    end()
    await time.advance(50)
    expect(session.tick()!.all.packets).toBe(1)
    const { elapsedNs } = session.status()
    await time.advance(1000)
    expect(session.status()).toMatchObject({ state: 'ended', elapsedNs })
  })

  test('no more frames than asked for', async () => {
    const { session, time, frame } = live({ limit: 2 })
    for (const at of [0.1, 0.2, 0.3]) frame(at, request!)
    await time.advance(300)
    expect(session.status()).toMatchObject({ state: 'ended', frames: 2 })
  })

  test('closing it closes the source', async () => {
    const { session, time } = live()
    await time.advance(100)
    await session.close()
    await time.advance(100)
    expect(session.status().state).toBe('ended')
  })
})

function attempt(act: () => unknown): unknown {
  try {
    return act()
  } catch (error) {
    return error
  }
}

describe('what goes wrong', () => {
  test('drops that the capture reports', async () => {
    // The Interface Statistics Blocks of the file: 1000000007 and 0.
    expect((await played(`${capturesFolder}pcapng-drops.pcapng`)).status().dropped).toBe(1_000_000_007)
  })

  test('drops from who knows better', async () => {
    expect((await played(OFFICE, { dropped: () => 7 })).status().dropped).toBe(7)
  })

  test.each([
    ['a tool that has not ended', () => undefined, true],
    ['a tool that ended and did not tell', () => null, false],
    ['no tool', undefined, false],
  ])('drops of pcap, which has no place for them: %s', async (_who, dropped, toCome) => {
    const { session, time, frame, end } = live(dropped === undefined ? {} : { dropped })
    frame(0.1, request!)
    await time.advance(100)
    expect(session.status()).toMatchObject({ dropped: null, dropsToCome: toCome })
    end()
    await time.advance(100)
    expect(session.status()).toMatchObject({ dropped: null, dropsToCome: false })
  })

  test('a cut file keeps what was before the cut, and says so', async () => {
    const cut = readFileSync(OFFICE).subarray(0, 5000)
    const time = createFakeTime()
    const input = { name: 'cut', repeatable: true, size: null, open: async () => memorySource(cut) }
    const options = { names, lagMs: 0, localClock: false, replay: { speed: 1000 }, ...time }
    const session = new LiveSession(loadCaptureModule(), input, options)
    session.start()
    await time.advance(1000)
    expect(session.status().fault).toMatch(/^cut in the record header at byte \d+/)
    expect(session.tick()!.all.total.packets).toBe(session.status().frames)
    expect(session.status().frames).toBeGreaterThan(0)
    expect(session.problem).toMatchObject({ kind: 'cut', partial: true })
  })

  test('a file that is not there is thrown by tick', async () => {
    const { session, time } = replay('/nowhere/capture.pcap')
    await expect
      .poll(async () => {
        await time.advance(50)
        return attempt(() => session.tick())
      })
      .toBeInstanceOf(SourceUnavailable)
  })
})
