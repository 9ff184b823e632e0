import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NO_TIME } from '../../src/capture/frame-batch.ts'
import { parseBy } from '../../src/engine/by.ts'
import { Engine, type EngineOptions } from '../../src/engine/engine.ts'
import { FrameCounter } from '../../src/engine/frame-counter.ts'
import type { Counts, IdleRecord, SpanRecord } from '../../src/engine/records.ts'
import { createEndpointNamer } from '../../src/names/endpoint-names.ts'
import {
  createTestCounter,
  flowTable,
  frameBatch,
  renewTestModule,
  type TestFlow,
  type TestFrame,
} from '../support/frames.ts'
import { type NaiveRecord, naiveWindows, sumBy, sumOf } from '../support/naive-windows.ts'

const FLOWS: TestFlow[] = [
  { src: '10.0.0.1', dst: '10.0.0.2', protocol: 6 },
  { src: '10.0.0.2', dst: '10.0.0.1', protocol: 6 },
  { src: '10.0.0.1', dst: '10.0.0.1', protocol: 17 },
  { src: '2001:db8::1', dst: '2001:db8::2', protocol: 17 },
  { src: '02:00:00:00:00:01', dst: 'ff:ff:ff:ff:ff:ff', protocol: 0x806 },
  { protocol: 189 },
]
const TABLE = flowTable(FLOWS)
const SECOND = 1_000_000_000n

// Every run in a memory of its own: tallies are never given back.
fc.configureGlobal({ beforeEach: renewTestModule })

type Keys = (flow: number) => readonly string[]

/** The groups by hand, as text: what a person would say that the flow belongs to. */
/** A flow without addresses is the interface's. */
const sourceOf = (flow: number) => FLOWS[flow]!.src ?? 'interface 0'
const PAIRS: Keys = (flow) => [`${sourceOf(flow)} ${FLOWS[flow]!.dst ?? ''} ${FLOWS[flow]!.protocol}`]
const HOSTS: Keys = (flow) => [...new Set([sourceOf(flow), FLOWS[flow]!.dst ?? sourceOf(flow)])]

function createEngine(options: Partial<EngineOptions> & { readonly by?: string } = {}): Engine {
  const { by = 'pair', ...rest } = options
  const counter = createTestCounter()
  return new Engine({ table: TABLE, counter, grouping: parseBy(by), names: createEndpointNamer(), ...rest })
}

const batchOf = (frames: readonly TestFrame[]) => frameBatch(frames, TABLE)

function run(engine: Engine, frames: readonly TestFrame[]): (SpanRecord | IdleRecord)[] {
  engine.add(batchOf(frames))
  return [...engine.drain(), ...engine.finish()]
}

function spansOf(records: readonly (SpanRecord | IdleRecord)[]): SpanRecord[] {
  return records.filter((record) => record.type === 'span')
}

/** Records in the shape of the naive model; keys of pairs and hosts in its text. */
function plain(records: readonly (SpanRecord | IdleRecord)[]): NaiveRecord[] {
  return records.map((record) => {
    const { startNs, endNs } = record as { startNs: bigint; endNs: bigint }
    if (record.type === 'idle') return { startNs, endNs, idle: record.windows }
    const sums = Object.fromEntries(record.rows.map((row) => [naiveKey(row.key), counts(row)]))
    return { startNs, endNs, sums, total: record.total }
  })
}

function naiveKey(key: SpanRecord['rows'][number]['key']): string {
  if (key.length === 3) return `${key[0] ?? ''}`
  const numbers: Record<string, number> = { ARP: 0x806, USB_LINUX: 189 }
  return `${key[0] ?? ''} ${key[3] ?? ''} ${key[7] ?? numbers[String(key[6])]}`
}

function counts({ packets, bytes }: Counts): Counts {
  return { packets, bytes }
}

const anyTime = fc.oneof(
  { weight: 6, arbitrary: fc.bigInt(0n, 20n * SECOND).map((offset) => 1_700_000_000n * SECOND + offset) },
  { weight: 1, arbitrary: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n) },
  { weight: 1, arbitrary: fc.constantFrom(NO_TIME, NO_TIME + 1n, 2n ** 63n - 1n, 0n, -1n) },
)
const anyFrame: fc.Arbitrary<TestFrame> = fc.record({
  flow: fc.nat(FLOWS.length - 1),
  length: fc.oneof(fc.nat(1500), fc.constantFrom(0, 0xffffffff)),
  time: anyTime,
  caplen: fc.nat(1500),
  stop: fc.nat(3),
})
const anyFrames = fc.array(anyFrame, { maxLength: 60 })
const anyWindow = fc.record({
  stepNs: fc.oneof(
    fc.constantFrom(1n, 7n, SECOND, 5n * SECOND, 2n ** 52n, 2n ** 53n + 1n, 2n ** 62n),
    fc.bigInt(1n, 2n ** 60n),
  ),
  factor: fc.bigInt(1n, 5n),
  align: fc.constantFrom('start' as const, 'clock' as const),
})
/** Ranges that cover n frames: ends of the calls to add. */
const anyCuts = fc.array(fc.nat(60), { maxLength: 8 })

/** Rows that may wait: none, those of a few windows (each costs 20 and its flows), or as many as come. */
const anyBudget = fc.oneof(fc.nat(8), fc.nat(150), fc.constant(1_000_000))
/** Counted by one of two counters, or where they are merged. Behind the last of a few, windows may be written. */
const anyPieces = fc.array(
  fc.record({ frames: fc.array(anyFrame, { maxLength: 12 }), by: fc.nat(2), isEnd: fc.boolean() }),
  { maxLength: 8 },
)

/** Often a few, to which frames come again and again. */
const anyPiecesWindow = fc.oneof(
  anyWindow,
  anyWindow.map((window) => ({ ...window, stepNs: 3n * SECOND })),
)

/** Adds the frames in pieces: each a range of one batch that holds all of them. */
function addInPieces(engine: Engine, frames: readonly TestFrame[], cuts: readonly number[]): void {
  const batch = batchOf(frames)
  const ends = [...new Set(cuts.filter((cut) => cut < frames.length))].sort((a, b) => a - b)
  let start = 0
  for (const end of [...ends, frames.length]) {
    engine.add(batch, start, end)
    start = end
  }
}

function originOf(frames: readonly TestFrame[], align: 'start' | 'clock'): bigint {
  return align === 'clock' ? 0n : (frames.find((frame) => frame.time !== NO_TIME)?.time ?? 0n)
}

describe('windows', () => {
  it.each([
    ['pair', PAIRS],
    ['host', HOSTS],
  ])('by %s are those of a naive model, whatever the times, the window and the batches', (by, keys) => {
    fc.assert(
      fc.property(anyFrames, anyWindow, anyCuts, (frames, { stepNs, factor, align }, cuts) => {
        const windowNs = stepNs * factor
        const engine = createEngine({ by, windowNs, stepNs, align })
        addInPieces(engine, frames, cuts)
        const expected = naiveWindows(frames, { windowNs, stepNs, originNs: originOf(frames, align) }, keys)
        expect(plain([...engine.drain(), ...engine.finish()])).toEqual(expected)
      }),
      { numRuns: 300 },
    )
  })

  it('add up to the totals with the untimed and the late frames, however little may be held', () => {
    fc.assert(
      fc.property(anyFrames, anyWindow, anyBudget, anyCuts, (frames, { stepNs, align }, heldRowBudget, cuts) => {
        const engine = createEngine({ windowNs: stepNs, align, heldRowBudget })
        const records: (SpanRecord | IdleRecord)[] = []
        const batch = batchOf(frames)
        let start = 0
        for (const end of [...cuts.filter((cut) => cut < frames.length).sort((a, b) => a - b), frames.length]) {
          engine.add(batch, start, end)
          engine.settle()
          records.push(...engine.drain())
          start = end
        }
        records.push(...engine.finish())
        const { shown, undecoded, late, untimed } = engine.accounting()
        const inWindows = addUp(spansOf(records).map((span) => span.total))
        expect(addUp([shown, undecoded])).toEqual(inWindows)
        expect(addUp([inWindows, late, untimed])).toEqual(sumOf(frames))
        expect(untimed).toEqual(sumOf(frames.filter((frame) => frame.time === NO_TIME)))
        const starts = records.map((record) => record.startNs!)
        expect(starts).toEqual([...new Set(starts)].sort((a, b) => (a < b ? -1 : 1)))
        expect(counts(engine.total)).toEqual(sumOf(frames))
        expect(addUp(engine.protocols())).toEqual(sumOf(frames))
      }),
      { numRuns: 300 },
    )
  })

  it('are the same when pieces of the capture were counted elsewhere and merged in their order', () => {
    let late = 0
    fc.assert(
      fc.property(anyPieces, fc.option(anyPiecesWindow, { nil: null }), anyBudget, (pieces, window, heldRowBudget) => {
        const frames = pieces.flatMap((piece) => piece.frames)
        const { stepNs = null, factor = 1n, align = 'start' } = window ?? {}
        const options = { windowNs: stepNs && stepNs * factor, stepNs, align, heldRowBudget }
        const whole = createEngine(options)
        const merged = createEngine({ ...options, originNs: originOf(frames, align) })
        // As workers are: each counts a piece now and then, and is taken from after it.
        const parts = [0, 1].map(
          () => new FrameCounter({ ...merged.buckets, counter: createTestCounter(), heldRowBudget, isPart: true }),
        )
        for (const { frames, by, isEnd } of pieces) {
          const batch = batchOf(frames)
          whole.add(batch)
          const part = parts[by]
          if (part === undefined) merged.add(batch)
          else {
            part.add(batch, 0, batch.count)
            merged.merge(part.takeAll())
          }
          if (!isEnd) continue
          whole.settle()
          merged.settle()
          expect([...merged.drain()]).toEqual([...whole.drain()])
        }
        expect([...merged.finish()]).toEqual([...whole.finish()])
        const facts = (engine: Engine) => ({
          ...engine.accounting(),
          protocols: engine.protocols(),
          total: engine.total,
          cut: engine.cut,
          firstNs: engine.firstNs,
          lastNs: engine.lastNs,
          stops: [0, 1, 2, 3].map((reason) => engine.stopped(reason)),
        })
        expect(facts(merged)).toEqual(facts(whole))
        late += whole.accounting().late.packets
      }),
      { numRuns: 400 },
    )
    expect(late).toBeGreaterThan(0)
  })

  it('may be merged from counters that began anywhere', () => {
    const at = (ms: bigint): TestFrame => ({ flow: 0, length: 100, time: ms * 1_000_000n })
    const engine = createEngine({ windowNs: SECOND })
    engine.add(batchOf([at(250n)]))
    expect(engine.buckets).toEqual({ stepNs: SECOND, originNs: 250_000_000n })
    const part = new FrameCounter({ ...engine.buckets, counter: createTestCounter(), heldRowBudget: 0, isPart: true })
    part.add(batchOf([at(1249n), at(1250n), at(2249n)]), 0, 3)
    engine.merge(part.takeAll())
    const spans = spansOf([...engine.finish()])
    expect(spans.map(({ startNs, total }) => [startNs, total.packets])).toEqual([
      [250_000_000n, 2],
      [1_250_000_000n, 2],
    ])
  })

  it('show the largest rows and add up the others', () => {
    fc.assert(
      fc.property(anyFrames, fc.nat(4), fc.constantFrom('bytes' as const, 'packets' as const), (frames, top, sort) => {
        const all = createEngine({ windowNs: SECOND, sort })
        const cut = createEngine({ windowNs: SECOND, sort, top })
        const expected = spansOf(run(all, frames))
        const spans = spansOf(run(cut, frames))
        for (const [i, span] of spans.entries()) {
          const left = expected[i]!.rows.slice(top)
          expect(span.rows).toEqual(expected[i]!.rows.slice(0, top))
          if (left.length === 0) expect(span.other).toBeNull()
          else expect(span.other).toMatchObject({ ...addUp(left), rows: left.length })
          expect(addUp([...span.rows, ...(span.other ? [span.other] : [])])).toEqual(span.total)
        }
      }),
    )
  })

  it('cost nothing where nothing is: one record for a hundred years, one at a time when asked for', () => {
    const frames = [0n, 3_155_760_000n].map((second) => ({ flow: 0, length: 100, time: second * SECOND }))
    const records = run(createEngine({ windowNs: SECOND }), frames)
    expect(records[1]).toEqual({
      type: 'idle',
      startNs: SECOND,
      endNs: 3_155_760_000n * SECOND,
      windows: 3_155_759_999n,
    })
    expect(records).toHaveLength(3)

    const spelled = createEngine({ windowNs: SECOND, idle: true })
    spelled.add(batchOf(frames))
    const windows = spelled.finish()
    windows.next()
    const empty = { type: 'span', rows: [], other: null, total: { packets: 0, bytes: 0 } }
    expect(windows.next().value).toEqual({ ...empty, startNs: SECOND, endNs: 2n * SECOND })
    expect(windows.next().value).toEqual({ ...empty, startNs: 2n * SECOND, endNs: 3n * SECOND })
  })

  it('are written early, and frames for them counted as late, once more rows wait than may be held', () => {
    const engine = createEngine({ windowNs: SECOND, heldRowBudget: 0 })
    const at = (second: bigint, flow = 0) => ({ flow, length: 100, time: second * SECOND })
    engine.add(batchOf([at(0n), at(1n), at(0n)]))
    engine.settle()
    expect([...engine.drain()]).toEqual([])
    engine.add(batchOf([at(2n), at(3n), at(0n), at(0n, 5), at(3n)]))
    expect([...engine.drain()]).toEqual([])
    engine.settle()
    // The window of second 2 tells that the one of second 1 is complete.
    expect([...engine.drain()].map((record) => record.startNs)).toEqual([0n, SECOND])
    engine.add(batchOf([at(0n), at(2n), at(3n)]))
    expect(spansOf([...engine.finish()]).map((span) => span.total.packets)).toEqual([1, 3])
    expect(engine.accounting()).toEqual({
      shown: { packets: 8, bytes: 800 },
      undecoded: { packets: 1, bytes: 100 },
      late: { packets: 2, bytes: 200 },
      untimed: { packets: 0, bytes: 0 },
      evicted: { packets: 0, bytes: 0 },
    })
  })

  it('give rates over the length of the window', () => {
    const [span] = spansOf(run(createEngine({ windowNs: 5n * SECOND }), [{ flow: 0, length: 1000, time: 0n }]))
    expect(span!.rows[0]).toEqual({
      key: ['10.0.0.1', 'Private Network', null, '10.0.0.2', 'Private Network', null, 'TCP', 6],
      packets: 1,
      bytes: 1000,
      bitsPerSecond: 1600,
    })
  })
})

describe('without a window', () => {
  it('there is one span over everything, frames without a time among it', () => {
    fc.assert(
      fc.property(anyFrames, anyCuts, (frames, cuts) => {
        const engine = createEngine()
        addInPieces(engine, frames, cuts)
        const [span, ...rest] = spansOf([...engine.finish()])
        const times = frames.map((frame) => frame.time).filter((time) => time !== NO_TIME)
        const first = times.reduce<bigint | null>((a, b) => (a === null || b < a ? b : a), null)
        const last = times.reduce<bigint | null>((a, b) => (a === null || b > a ? b : a), null)
        expect(rest).toEqual([])
        expect(span).toMatchObject({ startNs: first, endNs: last, total: sumOf(frames), other: null })
        expect(Object.fromEntries(span!.rows.map((row) => [naiveKey(row.key), counts(row)]))).toEqual(
          sumBy(frames, PAIRS),
        )
        const undecoded = sumOf(frames.filter((frame) => frame.flow === 5))
        expect(engine.accounting()).toMatchObject({ undecoded, untimed: { packets: 0 }, late: { packets: 0 } })
      }),
    )
  })

  it('the rate is over the time from the first to the last frame, and unknown for a single one', () => {
    const frames = [0n, 2n * SECOND].map((time) => ({ flow: 0, length: 500, time, caplen: 64 }))
    const engine = createEngine()
    expect(spansOf(run(engine, frames))[0]!.rows[0]!.bitsPerSecond).toBe(4000)
    expect(engine.total).toEqual({ packets: 2, bytes: 1000, capturedBytes: 128 })
    expect(spansOf(run(createEngine(), frames.slice(1)))[0]!.rows[0]!.bitsPerSecond).toBeNull()
  })
})

describe('options', () => {
  it('that cannot be meant are refused in words', () => {
    expect(() => createEngine({ sort: 'dst_port' })).toThrow(
      "Cannot sort by 'dst_port'. Accepted: bytes, packets, src, src_name, src_name_source, dst, dst_name, dst_name_source, protocol, protocol_number",
    )
  })
})

function addUp(all: readonly Counts[]): Counts {
  return {
    packets: all.reduce((sum, { packets }) => sum + packets, 0),
    bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
  }
}

describe('a live view', () => {
  const BASE = 1_700_000_000n
  const anyMoment = fc.oneof(
    { weight: 9, arbitrary: fc.bigInt(0n, 20n * SECOND) },
    { weight: 1, arbitrary: fc.bigInt(0n, 500n * SECOND) },
  )
  const anyEvent = fc.record({
    kind: fc.constantFrom('frame' as const, 'frame' as const, 'close' as const),
    time: anyMoment.map((offset) => BASE * SECOND + offset),
    flow: fc.nat(FLOWS.length - 1),
    length: fc.nat(1500),
  })

  it('reports a window once it is over, with what came in time, and counts the rest as late', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 60 }), fc.bigInt(1n, 4n), (events, factor) => {
        const engine = createEngine({ windowNs: factor * SECOND, stepNs: SECOND, align: 'clock', live: true })
        const inTime: TestFrame[] = []
        const late: TestFrame[] = []
        const records: (SpanRecord | IdleRecord)[] = []
        let over: bigint | null = null
        for (const { kind, ...frame } of events) {
          const second = frame.time / SECOND
          if (kind === 'frame') {
            engine.add(batchOf([frame]))
            if (over === null || second >= over) inTime.push(frame)
            else late.push(frame)
            continue
          }
          records.push(...engine.closeBefore(frame.time))
          if (over === null || second > over) over = second
          if (records.length > 0) expect(records.at(-1)!.endNs).toBe(over * SECOND)
        }
        records.push(...engine.finish())

        for (const [i, record] of records.entries()) {
          const count = record.type === 'idle' ? record.windows : 1n
          if (i > 0) expect(record.startNs).toBe(startAfter(records[i - 1]!))
          expect(record.endNs! - record.startNs!).toBe((factor + count - 1n) * SECOND)
          const inside = inTime.filter(({ time }) => time >= record.startNs! && time < record.endNs!)
          expect(record.type === 'span' ? record.total : { packets: 0, bytes: 0 }).toEqual(sumOf(inside))
        }
        const last = inTime.reduce((most, { time }) => (time > most ? time : most), 0n)
        if (inTime.length > 0) expect(records.at(-1)!.endNs! > last).toBe(true)
        const { shown, undecoded, late: counted } = engine.accounting()
        expect(counted).toEqual(sumOf(late))
        expect(addUp([shown, undecoded])).toEqual(sumOf(inTime))
        if (factor === 1n) expect(addUp(spansOf(records).map(({ total }) => total))).toEqual(sumOf(inTime))
      }),
      { numRuns: 500 },
    )
  })

  function startAfter(record: SpanRecord | IdleRecord): bigint {
    return record.startNs! + (record.type === 'idle' ? record.windows : 1n) * SECOND
  }

  it('closes nothing where there are no windows, or none that begin at a known time', () => {
    const whole = createEngine()
    const unaligned = createEngine({ windowNs: SECOND })
    for (const engine of [whole, unaligned]) {
      expect([...engine.closeBefore(5n * SECOND)]).toEqual([])
      engine.add(batchOf([{ flow: 0, length: 100, time: SECOND }]))
    }
    expect([...whole.closeBefore(5n * SECOND)]).toEqual([])
    expect([...unaligned.closeBefore(5n * SECOND)].map(({ endNs }) => endNs)).toEqual([2n * SECOND, 5n * SECOND])
  })

  it('goes on counting after a window was closed under its last frame', () => {
    const engine = createEngine({ windowNs: SECOND, align: 'clock', live: true })
    const at = (ms: bigint) => ({ flow: 0, length: 100, time: ms * 1_000_000n })
    engine.add(batchOf([at(500n), at(1500n), at(900n)]))
    expect([...engine.closeBefore(1_100_000_000n)].map((record) => record.type === 'span' && record.total)).toEqual([
      { packets: 2, bytes: 200 },
    ])
    engine.add(batchOf([at(999n), at(1999n), at(1000n)]))
    expect(spansOf([...engine.finish()]).map(({ total }) => total.packets)).toEqual([3])
    expect(engine.accounting().late).toEqual({ packets: 1, bytes: 100 })
  })
})
