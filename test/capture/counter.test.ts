import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Counter, type FlowCountRows, NUMBERS_PER_ROW, type TimeSpan } from '../../src/capture/counter.ts'
import { NO_TIME } from '../../src/capture/frame-batch.ts'
import { STOP_MALFORMED, STOP_NONE, STOP_TRUNCATED, STOP_UNSUPPORTED } from '../../src/decoders/frame.ts'
import { pcap } from '../support/build-capture.ts'
import { flowTable, type TestFlow, type TestFrame, TestModule } from '../support/frames.ts'
import { createParser, memorySource } from '../support/read-capture.ts'
import { udpFrame } from '../support/udp-frame.ts'

const EARLIEST = NO_TIME + 1n
const LATEST = 2n ** 63n - 1n
const EVER: TimeSpan = { firstNs: EARLIEST, lastNs: LATEST }
/** What a clock that stands nowhere says. */
const NEVER: TimeSpan = { firstNs: NO_TIME, lastNs: NO_TIME }

/** Flow, packets and bytes, in the order of first frames, without a bound on any of them. */
class Model {
  readonly #counts = new Map<number, [packets: bigint, bytes: bigint]>()

  count({ flow, length }: Pick<TestFrame, 'flow' | 'length'>): void {
    const [packets, bytes] = this.#counts.get(flow) ?? [0n, 0n]
    this.#counts.set(flow, [packets + 1n, bytes + BigInt(length)])
  }

  add(rows: readonly (readonly bigint[])[]): void {
    for (const [flow, packets, bytes] of rows) {
      const [morePackets, moreBytes] = this.#counts.get(Number(flow)) ?? [0n, 0n]
      this.#counts.set(Number(flow), [packets! + morePackets, bytes! + moreBytes])
    }
  }

  take(): bigint[][] {
    const rows = Array.from(this.#counts, ([flow, counts]) => [BigInt(flow), ...counts])
    this.#counts.clear()
    return rows
  }
}

function exact(rows: FlowCountRows): bigint[][] {
  return Array.from({ length: rows.length / NUMBERS_PER_ROW }, (_, i) =>
    Array.from(rows.subarray(i * NUMBERS_PER_ROW, (i + 1) * NUMBERS_PER_ROW), BigInt),
  )
}

const anyTime = fc.oneof(
  fc.bigInt(-5n, 5n),
  fc.bigInt(EARLIEST, LATEST),
  fc.constantFrom(NO_TIME, EARLIEST, EARLIEST + 1n, LATEST - 1n, LATEST),
)
const anyLength = fc.oneof(fc.nat(1500), fc.constantFrom(0, 0x80000000, 0xffffffff))
const anyFrame: fc.Arbitrary<TestFrame> = fc.record({
  flow: fc.oneof(fc.nat(3), fc.constantFrom(16382, 16383)),
  length: anyLength,
  time: anyTime,
  caplen: anyLength,
  origlen: anyLength,
  interface: fc.nat(2),
  stop: fc.nat(3),
})
const anyFrames = fc.array(anyFrame, { maxLength: 40 })
const anySpan: fc.Arbitrary<TimeSpan> = fc.oneof(
  fc
    .tuple(anyTime, anyTime)
    .filter(([a, b]) => a !== NO_TIME && b !== NO_TIME)
    .map(([a, b]) => (a < b ? { firstNs: a, lastNs: b } : { firstNs: b, lastNs: a })),
  fc.constantFrom(EVER, NEVER),
)

describe('count', () => {
  it('takes frames as long as they are in the span or have no time, to the ends of 64 bits', () => {
    const module = new TestModule()
    const counter = module.createCounter()
    const tallies = [counter.createTally(), counter.createTally()]
    fc.assert(
      fc.property(anyFrames, fc.array(anySpan, { minLength: 1, maxLength: 5 }), (frames, spans) => {
        counter.reset()
        const batch = module.frameBatch(frames)
        const models = tallies.map(() => new Model())
        const untimed = new Model()
        const times: bigint[] = []
        let at = 0
        for (let turn = 0; at < frames.length; turn++) {
          const span = spans[turn % spans.length]!
          const start = at
          for (; at < frames.length; at++) {
            const frame = frames[at]!
            if (frame.time === NO_TIME) untimed.count(frame)
            else if (frame.time < span.firstNs || frame.time > span.lastNs || span === NEVER) break
            else {
              models[turn % 2]!.count(frame)
              times.push(frame.time)
            }
          }
          expect(counter.count(batch, start, frames.length, tallies[turn % 2]!, span)).toBe(at)
          // Nobody's: the next turn begins behind it.
          if (turn % spans.length === spans.length - 1) at++
        }
        expect(tallies.map((tally) => exact(tally.take()))).toEqual(models.map((model) => model.take()))
        expect(exact(counter.untimed.take())).toEqual(untimed.take())
        const [lowest, highest] = [times.reduce(least, LATEST), times.reduce(most, EARLIEST)]
        expect([counter.firstNs, counter.lastNs]).toEqual(times.length === 0 ? [null, null] : [lowest, highest])
      }),
      { numRuns: 1000 },
    )
  })

  it('adds to what the tally has, and to the range of times, call by call', () => {
    const module = new TestModule()
    const counter = module.createCounter()
    const tally = counter.createTally()
    const at = (time: bigint, flow = 0, length = 0xffffffff): TestFrame => ({ flow, length, time })
    const batch = module.frameBatch([at(5n), at(9n, 7), at(NO_TIME), at(-4n), at(6n, 1, 0)])
    expect([counter.firstNs, counter.lastNs]).toEqual([null, null])
    expect(counter.count(batch, 0, 0, tally, EVER)).toBe(0)
    expect(counter.count(batch, 2, 3, tally, EVER)).toBe(3)
    expect([counter.firstNs, counter.lastNs, tally.size]).toEqual([null, null, 0])
    expect(counter.count(batch, 0, 5, tally, { firstNs: 0n, lastNs: 9n })).toBe(3)
    expect([counter.firstNs, counter.lastNs]).toEqual([5n, 9n])
    expect(counter.count(batch, 3, 5, tally, EVER)).toBe(5)
    expect([counter.firstNs, counter.lastNs]).toEqual([-4n, 9n])
    expect([...tally.take()]).toEqual([0, 2, 2 * 0xffffffff, 7, 1, 0xffffffff, 1, 1, 0])
    expect([...counter.untimed.take()]).toEqual([0, 2, 2 * 0xffffffff])
  })
})

describe('note', () => {
  it('counts what a tally does not: bytes, captured bytes, cut frames, why decoding stopped, and interfaces', () => {
    fc.assert(
      fc.property(anyFrames, fc.nat(40), fc.nat(40), (frames, one, other) => {
        const [start, end] = [Math.min(one, other, frames.length), Math.min(Math.max(one, other), frames.length)]
        const module = new TestModule({ interfaces: 3 })
        const counter = module.createCounter()
        const batch = module.frameBatch(frames)
        counter.note(batch, start, end)
        counter.note(batch, 0, frames.length)
        const noted = [...frames.slice(start, end), ...frames]
        expect(counter.bytes).toBe(sum(noted, ({ length }) => length))
        expect(counter.capturedBytes).toBe(sum(noted, ({ caplen }) => caplen!))
        expect(counter.cut).toBe(sum(noted, ({ caplen, origlen }) => (caplen! < origlen! ? 1 : 0)))
        for (const reason of [STOP_NONE, STOP_TRUNCATED, STOP_MALFORMED, STOP_UNSUPPORTED]) {
          expect(counter.stopped(reason)).toBe(sum(noted, ({ stop }) => (stop === reason ? 1 : 0)))
        }
        for (const id of [0, 1, 2]) {
          const mine = noted.filter((frame) => frame.interface === id)
          const bytes = BigInt(sum(mine, ({ origlen }) => origlen!))
          expect(module.interfaceCounts(id)).toEqual({ packets: BigInt(mine.length), bytes })
        }
        expect([counter.firstNs, counter.lastNs]).toEqual([null, null])
      }),
    )
  })

  it('sums by family and protocol, however many there are', () => {
    // The table of sums has 256 places at first, and is to be half empty.
    const kinds = 1000
    const flows: TestFlow[] = Array.from({ length: kinds }, (_, i) => {
      if (i % 4 === 0) return { protocol: i }
      if (i % 4 === 1) return { src: '02:00:00:00:00:01', dst: 'ff:ff:ff:ff:ff:ff', protocol: 0xffff - i }
      return i % 4 === 2
        ? { src: '10.0.0.1', dst: '10.0.0.2', protocol: i % 256 }
        : { src: '::1', dst: '::2', protocol: i % 256 }
    })
    const table = flowTable(flows)
    const module = new TestModule()
    const counter = module.createCounter()
    expect(counter.protocols()).toEqual([])
    for (const used of [kinds, 100]) {
      const expected = new Map<string, [packets: bigint, bytes: bigint]>()
      for (let turn = 0; turn < 3; turn++) {
        // Runs of one protocol, and turns of many.
        const frames = Array.from({ length: 4000 }, (_, i) => {
          const flow = (turn === 0 ? Math.floor(i / 7) : i * 7919) % used
          return { flow, length: i % 3 === 0 ? 0xffffffff : i, time: 0n }
        })
        for (const { flow, length } of frames) {
          const { family, protocol } = table.row(flow)
          const [packets, bytes] = expected.get(`${family} ${protocol}`) ?? [0n, 0n]
          expected.set(`${family} ${protocol}`, [packets + 1n, bytes + BigInt(length)])
        }
        counter.note(module.frameBatch(frames, table), 0, frames.length)
      }
      const sums = counter
        .protocols()
        .map(
          ({ family, protocol, packets, bytes }) =>
            [`${family} ${protocol}`, [BigInt(packets), BigInt(bytes)]] as const,
        )
      expect(sums).toHaveLength(expected.size)
      expect(new Map(sums)).toEqual(expected)
      counter.reset()
      expect(counter.protocols()).toEqual([])
    }
  })

  it('knows as many interfaces as the module does', () => {
    const module = new TestModule({ interfaces: 65536 })
    const ids = [0, 15, 16, 17, 255, 256, 1000, 65535]
    const frames = ids.map((id) => ({ flow: 0, length: 1, origlen: id + 1, time: 0n, interface: id }))
    module.createCounter().note(module.frameBatch(frames), 0, frames.length)
    for (const id of ids) expect(module.interfaceCounts(id)).toEqual({ packets: 1n, bytes: BigInt(id + 1) })
    expect(module.interfaceCounts(18)).toEqual({ packets: 0n, bytes: 0n })
  })

  it('counters know nothing of each other; reset forgets, the interfaces keep theirs', () => {
    const module = new TestModule()
    const [one, other] = [module.createCounter(), module.createCounter()]
    const tally = one.createTally()
    const batch = module.frameBatch([{ flow: 0, length: 100, caplen: 60, time: 7n, stop: STOP_MALFORMED }])
    const facts = (counter: Counter) => [
      counter.bytes,
      counter.capturedBytes,
      counter.cut,
      counter.firstNs,
      counter.lastNs,
      counter.stopped(STOP_MALFORMED),
    ]
    one.note(batch, 0, 1)
    one.count(batch, 0, 1, tally, EVER)
    expect(facts(one)).toEqual([100, 60, 1, 7n, 7n, 1])
    expect(facts(other)).toEqual([0, 0, 0, null, null, 0])
    one.reset()
    expect(facts(one)).toEqual(facts(other))
    expect(module.interfaceCounts(0)).toEqual({ packets: 1n, bytes: 100n })
    expect([...tally.take()]).toEqual([0, 1, 100])
  })
})

describe('Tally', () => {
  it('is taken in the order of first frames, however many flows it has, and is empty then', () => {
    const module = new TestModule()
    const counter = module.createCounter()
    const tally = counter.createTally()
    // More than cross at once; 7919 is prime to the number of flows, so that each comes, in no order.
    const flows = 10_000
    for (const turn of [1, 2]) {
      const model = new Model()
      for (let start = 0; start < 3 * flows; start += 4000) {
        const frames = Array.from({ length: Math.min(4000, 3 * flows - start) }, (_, i) => ({
          flow: ((start + i) * 7919) % flows,
          length: (start + i) * turn,
          time: 0n,
        }))
        for (const frame of frames) model.count(frame)
        counter.count(module.frameBatch(frames), 0, frames.length, tally, EVER)
      }
      expect(tally.size).toBe(flows)
      expect(exact(tally.take())).toEqual(model.take())
      expect(tally.size).toBe(0)
      expect(tally.take()).toEqual(new Float64Array(0))
    }
  })

  it('adds rows that were taken elsewhere as it adds frames', () => {
    const module = new TestModule()
    const counter = module.createCounter()
    const [tally, other] = [counter.createTally(), counter.createTally()]
    const anyRows = fc
      .array(fc.tuple(fc.nat(5), fc.integer({ min: 1, max: 9 }), fc.oneof(fc.nat(9), fc.nat(2 ** 45))), {
        maxLength: 20,
      })
      .map((list) => Float64Array.from(list.flat()))
    fc.assert(
      fc.property(anyRows, anyFrames, anyRows, (before, frames, after) => {
        const model = new Model()
        const timed = frames.map((frame) => ({ ...frame, time: 0n }))
        tally.add(before)
        model.add(exact(before))
        counter.count(module.frameBatch(timed), 0, timed.length, tally, EVER)
        for (const frame of timed) model.count(frame)
        tally.add(after)
        model.add(exact(after))
        // There and back.
        other.add(tally.take())
        expect(tally.size).toBe(0)
        expect(exact(other.take())).toEqual(model.take())
      }),
    )
    // More than cross at once, in any order.
    const many = Float64Array.from({ length: 20_000 * NUMBERS_PER_ROW }, (_, i) => {
      const row = Math.floor(i / NUMBERS_PER_ROW)
      return [(row * 7919) % 10_000, 1 + (row % 3), row][i % NUMBERS_PER_ROW]!
    })
    const model = new Model()
    tally.add(many)
    model.add(exact(many))
    expect(exact(tally.take())).toEqual(model.take())
    tally.add(new Float64Array(0))
    expect(tally.size).toBe(0)
  })

  it('holds all flows of the table, and its counts when the memory grows under it', async () => {
    // Pages of a tally have 16384 flows: full at the end of a page, and one beyond.
    for (const flows of [16_383, 16_384, 16_385, 40_000]) {
      const parser = createParser({ keyFields: 1, chunkBytes: 1 << 16 })
      const counter = parser.createCounter()
      const tallies = [counter.createTally(), counter.createTally()]
      const models = [new Model(), new Model()]
      const records = Array.from({ length: flows + 5000 }, (_, i) => {
        const n = i % flows
        return { seconds: Math.floor(i / 1000), data: udpFrame({ src: `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}` }) }
      })
      const stream = parser.open(memorySource(pcap(records)))
      let detached = 0
      for (let batch = await stream.next(); batch !== null; batch = await stream.next()) {
        const times = Array.from({ length: batch.count }, (_, i) => counter.timeAt(batch!, i))
        for (let i = 0; i < batch.count; i++) {
          models[Number(times[i]! / 1_000_000_000n) % 2]!.count({ flow: batch.flow[i]!, length: batch.length[i]! })
        }
        for (let at = 0; at < batch.count; ) {
          const second = counter.timeAt(batch, at) / 1_000_000_000n
          const span = { firstNs: second * 1_000_000_000n, lastNs: (second + 1n) * 1_000_000_000n - 1n }
          at = counter.count(batch, at, batch.count, tallies[Number(second % 2n)]!, span)
        }
        if (batch.time.length === 0) detached++
        expect(Array.from({ length: batch.count }, (_, i) => counter.timeAt(batch!, i))).toEqual(times)
      }
      expect(parser.flows.size).toBe(flows)
      if (flows > 16_384) expect(detached).toBeGreaterThan(0)
      const elsewhere = counter.createTally()
      const taken = tallies.map((tally) => tally.take())
      elsewhere.add(taken[1]!)
      expect(elsewhere.take()).toEqual(taken[1])
      expect(taken.map(exact)).toEqual(models.map((model) => model.take()))
      expect([counter.firstNs, counter.lastNs]).toEqual([
        0n,
        BigInt(Math.floor((flows + 4999) / 1000)) * 1_000_000_000n,
      ])
    }
  })
})

function sum<T>(items: readonly T[], measure: (item: T) => number): number {
  return items.reduce((total, item) => total + measure(item), 0)
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}

function most(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}
