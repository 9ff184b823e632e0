import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Source } from '../../src/capture/source.ts'
import { parseBy } from '../../src/engine/by.ts'
import type { AnalysisRecord, CaptureRecord } from '../../src/engine/records.ts'
import { createEndpointNamer } from '../../src/names/endpoint-names.ts'
import { loadCaptureModule } from '../../src/node/wasm-module.ts'
import type { InputProblem } from '../../src/pipeline/input-problem.ts'
import { type WatchOptions, watch } from '../../src/pipeline/watch.ts'
import { pcapHeader, pcapng, pcapRecord } from '../support/build-capture.ts'
import { projectFolder } from '../support/captures.ts'
import { createFakeTime, type FakeTime } from '../support/fake-time.ts'
import { growWithEveryCount } from '../support/growing-memory.ts'
import { memorySource } from '../support/read-capture.ts'
import { udpFrame } from '../support/udp-frame.ts'

const START_MS = 1_700_000_000_000
const FRAME = udpFrame({ payload: new Uint8Array(58) })

/** A source that a test feeds. */
class Fed implements Source {
  readonly name = 'va'
  readonly size = null
  readonly compression = null
  position = 0
  closed = false
  #bytes: Buffer = Buffer.from(pcapHeader({ form: 'nanoseconds' }))
  #ended = false
  #wake = () => {}

  /** Frames of 100 bytes at these milliseconds after START_MS. */
  frames(...times: number[]): void {
    const records = times.map((ms) => {
      const seconds = Math.floor((START_MS + ms) / 1000)
      const fraction = (START_MS + ms - seconds * 1000) * 1e6
      return pcapRecord({ seconds, fraction, data: FRAME }, { form: 'nanoseconds' })
    })
    this.bytes(Buffer.concat(records))
  }

  bytes(bytes: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, bytes])
    this.#wake()
  }

  end(): void {
    this.#ended = true
    this.#wake()
  }

  async read(into: Uint8Array): Promise<number> {
    while (this.#bytes.length === 0) {
      if (this.#ended || this.closed) return 0
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    const length = Math.min(into.length, this.#bytes.length)
    into.set(this.#bytes.subarray(0, length))
    this.#bytes = this.#bytes.subarray(length)
    this.position += length
    return length
  }

  async close(): Promise<void> {
    this.closed = true
    this.#wake()
  }
}

interface Watched {
  readonly time: FakeTime
  /** What has come so far: windows as `start+length packets`, in seconds after START_MS; `facts` at the end. */
  readonly said: string[]
  readonly problems: InputProblem[]
  readonly end: Promise<CaptureRecord>
}

function start(source: Source, options: Partial<WatchOptions> = {}): Watched {
  const time = createFakeTime(BigInt(START_MS) * 1_000_000n)
  const problems: InputProblem[] = []
  const said: string[] = []
  const watching = {
    grouping: parseBy('pair'),
    names: createEndpointNamer(),
    windowNs: 1_000_000_000n,
    stepNs: 1_000_000_000n,
    lagMs: 300,
    localClock: true,
    now: time.now,
    pause: time.pause,
    ...options,
  }
  const read = async () => {
    let last: AnalysisRecord | null = null
    for await (const record of watch(loadCaptureModule(), source, watching, problems)) {
      last = record
      if (record.type !== 'capture') said.push(textOf(record))
    }
    return last as unknown as CaptureRecord
  }
  const end = read()
  return { time, said, problems, end }
}

function textOf(record: Exclude<AnalysisRecord, CaptureRecord>): string {
  const seconds = (ns: bigint) => Number(ns - BigInt(START_MS) * 1_000_000n) / 1e9
  const at = `${seconds(record.startNs!)}+${Number(record.endNs! - record.startNs!) / 1e9}`
  return record.type === 'idle' ? `${at} idle ${record.windows}` : `${at} ${record.total.packets}`
}

async function finish({ time, end }: Watched): Promise<CaptureRecord> {
  await time.advance(100)
  return end
}

describe('a capture of this machine', () => {
  test('a window comes the lag after its end, with or without frames, and the last one at the end', async () => {
    const source = new Fed()
    const watched = start(source)
    const { time, said } = watched
    source.frames(100, 900)
    await time.advance(1250)
    expect(said).toEqual([])
    source.frames(999, 1100)
    await time.advance(100)
    expect(said).toEqual(['0+1 3'])
    await time.advance(1000)
    expect(said).toEqual(['0+1 3', '1+1 1'])
    await time.advance(1000)
    source.frames(3200)
    source.end()
    const facts = await finish(watched)
    expect(said).toEqual(['0+1 3', '1+1 1', '2+1 0', '3+1 1'])
    expect(facts).toMatchObject({ frames: 5, bytes: 500, accounting: { late: { packets: 0 } } })
    expect(source.closed).toBe(true)
  })

  test('what was before it is not reported as quiet', async () => {
    const watched = start(new Fed())
    await watched.time.advance(5000)
    expect(watched.said).toEqual(['0+1 0', '1+1 0', '2+1 0', '3+1 0'])
  })

  test('a sliding window ends with the present second, at the end too', async () => {
    const source = new Fed()
    const watched = start(source, { windowNs: 3_000_000_000n })
    source.frames(500)
    await watched.time.advance(1400)
    expect(watched.said).toEqual(['-2+3 1'])
    source.frames(1350)
    source.end()
    await finish(watched)
    expect(watched.said).toEqual(['-2+3 1', '-1+3 2'])
  })

  test('held up for three seconds, it gives each frame to its window', async () => {
    const source = new Fed()
    const watched = start(source)
    source.frames(500)
    await watched.time.advance(950)
    source.frames(980, 1500, 2500)
    await watched.time.advance(3000, 3000)
    source.frames(3100, 3900)
    await watched.time.advance(1500)
    expect(watched.said).toEqual(['0+1 2', '1+1 1', '2+1 1', '3+1 2', '4+1 0'])
    source.end()
    expect((await finish(watched)).accounting.late.packets).toBe(0)
  })

  test('what comes later than the lag is late', async () => {
    const source = new Fed()
    const watched = start(source)
    await watched.time.advance(1400)
    source.frames(600, 1300)
    source.end()
    const { frames, accounting } = await finish(watched)
    expect([frames, accounting.late.packets, accounting.shown.packets]).toEqual([2, 1, 1])
    expect(watched.said).toEqual(['0+1 0', '1+1 1'])
  })

  test('a machine that slept for a day says so in one record', async () => {
    const watched = start(new Fed())
    await watched.time.advance(1400)
    await watched.time.advance(86_400_000, 86_400_000)
    await watched.time.advance(100)
    expect(watched.said).toEqual(['0+1 0', '1+86400 idle 86400'])
  })
})

test('the memory may grow whenever frames are counted', async () => {
  const times = growWithEveryCount()
  const source = new Fed()
  const watched = start(source)
  source.frames(100, 900, 1100, 950, 3200)
  await watched.time.advance(3500)
  source.frames(3300)
  source.end()
  const { frames, accounting } = await finish(watched)
  expect([frames, accounting.shown.packets, watched.said]).toEqual([6, 6, ['0+1 3', '1+1 1', '2+1 0', '3+1 2']])
  expect(times()).toBeGreaterThan(5)
})

describe('nobody takes the windows', () => {
  test('reading waits once there are too many, and nothing of what waited is late', async () => {
    const source = new Fed()
    const time = createFakeTime(BigInt(START_MS) * 1_000_000n)
    let blocked = 0
    const records = watch(
      loadCaptureModule(),
      source,
      {
        ...time,
        grouping: parseBy('pair'),
        names: createEndpointNamer(),
        windowNs: 1_000_000_000n,
        stepNs: 1_000_000_000n,
        lagMs: 300,
        localClock: true,
        mostWaitingRows: 20,
        onBlocked: () => blocked++,
      },
      [],
    )
    const first = records.next()
    source.frames(500)
    await time.advance(1400)
    expect((await first).value).toMatchObject({ type: 'span', total: { packets: 1 } })

    const sent = 100
    for (let second = 1; second <= sent; second++) {
      source.frames(second * 1000 + 350)
      await time.advance(1000)
    }
    // Rows are counted before they are made, so some earlier than twenty.
    const taken = (source.position - 24) / 116 - 1
    expect(taken).toBeGreaterThanOrEqual(9)
    expect(taken).toBeLessThanOrEqual(21)
    expect(blocked).toBe(1)

    source.end()
    const packets: number[] = []
    let facts: CaptureRecord | null = null
    const takeAll = async () => {
      for await (const record of { [Symbol.asyncIterator]: () => records }) {
        if (record.type === 'capture') facts = record
        else if (record.type === 'span') packets.push(record.total.packets)
      }
    }
    const all = takeAll()
    await time.advance(2000)
    await all
    expect(packets).toEqual(Array.from({ length: sent }, () => 1))
    expect(facts).toMatchObject({ frames: sent + 1, accounting: { late: { packets: 0 } } })
  })

  test('nor does it keep anybody waiting who stops', async () => {
    const source = new Fed()
    const time = createFakeTime(BigInt(START_MS) * 1_000_000n)
    const options = { ...time, grouping: parseBy('pair'), names: createEndpointNamer(), lagMs: 300, localClock: true }
    const secondNs = 1_000_000_000n
    const watching = { ...options, windowNs: secondNs, stepNs: secondNs, mostWaitingRows: 1 }
    const records = watch(loadCaptureModule(), source, watching, [])
    const first = records.next()
    source.frames(500)
    await time.advance(1400)
    await first
    for (let second = 1; second <= 5; second++) {
      source.frames(second * 1000 + 350)
      await time.advance(1000)
    }
    expect(source.position).toBeLessThan(24 + 6 * 116)
    await records.return(undefined)
    expect(source.closed).toBe(true)
  })
})

describe('its end', () => {
  test('after so many frames, wherever they are in a batch', async () => {
    const source = new Fed()
    let calls = 0
    const watched = start(source, { limit: 3, onLimit: () => calls++ })
    source.frames(10, 20)
    await watched.time.advance(50)
    source.frames(30, 40, 50)
    expect((await finish(watched)).frames).toBeGreaterThanOrEqual(3)
    expect([watched.said, calls, source.closed]).toEqual([['0+1 3'], 1, true])
  })

  test('nobody wants the rest: the source is closed', async () => {
    const source = new Fed()
    const time = createFakeTime(BigInt(START_MS) * 1_000_000n)
    const options = { ...time, grouping: parseBy('pair'), names: createEndpointNamer(), lagMs: 300, localClock: true }
    const secondNs = 1_000_000_000n
    const records = watch(loadCaptureModule(), source, { ...options, windowNs: secondNs, stepNs: secondNs }, [])
    const first = records.next()
    await time.advance(1400)
    expect((await first).value).toMatchObject({ type: 'span' })
    await records.return(undefined)
    expect(source.closed).toBe(true)
  })

  test('in the middle of a record is told, and what came before is shown', async () => {
    const source = new Fed()
    const watched = start(source)
    source.frames(10, 20)
    source.bytes(Buffer.alloc(7))
    source.end()
    expect((await finish(watched)).frames).toBe(2)
    expect(watched.problems).toMatchObject([{ file: 'va', kind: 'cut', partial: true }])
  })

  test('an error of the source is thrown', async () => {
    const source = new Fed()
    source.read = async () => {
      throw new Error('the disk is on fire')
    }
    const watched = start(source)
    const end = expect(watched.end).rejects.toThrow('the disk is on fire')
    await watched.time.advance(100)
    await end
  })

  test('counters of the tool stand in for those that pcap cannot hold', async () => {
    const source = new Fed()
    const watched = start(source, { toolCounts: async () => ({ received: 1, dropped: 7 }) })
    source.frames(10)
    source.end()
    expect((await finish(watched)).interfaces).toMatchObject([{ received: 1, dropped: 7 }])
  })

  test('but not for those that pcapng holds', async () => {
    const { section, interface: link, statistics } = pcapng()
    const source = new Fed()
    source.read = async (into) => {
      const bytes = Buffer.concat([section(), link(), statistics({ received: 5n, dropped: 2n })])
      into.set(bytes)
      source.read = async () => 0
      return bytes.length
    }
    const watched = start(source, { toolCounts: async () => ({ received: 1, dropped: 7 }) })
    expect((await finish(watched)).interfaces).toMatchObject([{ received: 5, dropped: 2 }])
  })
})

describe('what others captured', () => {
  test('of a clock that is 90 s behind: windows are those of its clock, and come in time', async () => {
    const source = new Fed()
    const watched = start(source, { localClock: false, lagMs: 500 })
    await watched.time.advance(2000)
    expect(watched.said).toEqual([])
    source.frames(-88_000)
    await watched.time.advance(800)
    source.frames(-87_200)
    await watched.time.advance(800)
    expect(watched.said).toEqual(['-88+1 2'])
  })

  test('a hundred years between two frames are one record', async () => {
    const source = memorySource(readFileSync(`${projectFolder}test/pcaps/time-gap-of-a-century.pcap`))
    const watched = start(source, { localClock: false, lagMs: 500 })
    await watched.time.advance(1000)
    const { frames, accounting } = await finish(watched)
    expect(watched.said.length).toBeLessThan(10)
    expect(watched.said.some((text) => text.includes('idle'))).toBe(true)
    expect(accounting.shown.packets).toBe(frames)
  })
})
