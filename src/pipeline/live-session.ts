/**
 * A running capture, or a recording that is played, → the picture of this moment, in whatever view is asked for.
 *
 *     source ─▶ parser ─▶ LiveCounts (seconds of flow counts) ─▶ LiveView (rows of one grouping) ─▶ LiveFrame
 *
 * It knows no terminal. Reading never waits for whoever looks: pausing stops the picture, not the capture. A recording is read
 * as its frames fall due by a clock of its own (ReplayClock); to go back in it, it is read again from the start.
 */
import type { StreamBatch } from '../capture/frame-batch.ts'
import type { Source } from '../capture/source.ts'
import type { CaptureStream } from '../capture/stream.ts'
import { parseBy } from '../engine/by.ts'
import type { Grouping } from '../engine/grouping.ts'
import type { KeyNames } from '../engine/key-parts.ts'
import { type Input, timeOf } from './inputs.ts'
import { type CountsSoFar, SECOND_NS } from './live-counts.ts'
import type { LiveDetail, LiveFrame, LiveStatus } from './live-frame.ts'
import { LiveMembers } from './live-members.ts'
import { endOfDue, Reading } from './live-reading.ts'
import { LiveView, type RowChoice } from './live-view.ts'
import { ALL_KEY_FIELDS, createWorld, droppedOf, type World, type WorldOptions } from './live-world.ts'
import { ReplayClock } from './replay-clock.ts'

export interface LiveSessionOptions extends WorldOptions {
  /** Stop after this many frames. */
  readonly limit?: number | undefined
  /** How long after its end a second is closed. */
  readonly lagMs: number
  /** The capture's clock is this machine's, see WatchOptions. */
  readonly localClock: boolean
  /** Plays the input by the time of its packets, at so many seconds a second. */
  readonly replay?: { readonly speed: number } | undefined
  /** Frames lost so far, from who knows more than the capture itself; null when nobody does. */
  readonly dropped?: () => number | null
  /** Nanoseconds since 1970, and a pause: a test may have a clock of its own. */
  readonly now: () => bigint
  readonly pause: (ms: number) => Promise<void>
}

/** What is looked at, and how. */
export interface LiveViewChoice extends RowChoice {
  readonly grouping: Grouping
  /** Whole seconds, at least one. */
  readonly windowNs: bigint
}

const NS_PER_MS = 1_000_000n
/** How often a recording looks whether its next frame is due. */
const REPLAY_POLL_MS = 40
/** A longer silence of a recording is passed over, up to a second before its end. */
const LONGEST_SILENCE_NS = 60n * SECOND_NS

const DEFAULT_CHOICE: Omit<LiveViewChoice, 'grouping'> = { windowNs: SECOND_NS, sort: 'rate', filter: null, top: 500 }

export class LiveSession {
  readonly #module: WebAssembly.Module
  readonly #source: Source | Input
  readonly #options: LiveSessionOptions
  readonly #clock: ReplayClock | null
  #choice: LiveViewChoice = { ...DEFAULT_CHOICE, grouping: parseBy('pair') }
  #startedNs: bigint | null = null
  #endedNs: bigint | null = null
  #reading: Reading | null = null
  /** Everything that was counted, by the grouping that is looked at. Made anew when a recording is set back. */
  #world: World
  /** What is looked at while paused; null while it is the same as `#world`. */
  #frozen: { readonly counts: Frozen; readonly view: LiveView } | null = null
  #paused = false
  #frame: LiveFrame | null = null
  #stale = true
  #members: LiveMembers | null = null
  /** Where a recording is on its way to. */
  #seekingNs: bigint | null = null
  #error: unknown = null
  #closed = false

  constructor(module: WebAssembly.Module, source: Source | Input, options: LiveSessionOptions) {
    this.#module = module
    this.#source = source
    this.#options = options
    this.#clock = options.replay === undefined ? null : new ReplayClock(options.now, options.replay.speed)
    this.#world = this.#createWorld()
  }

  /** Begins to read. A second call does nothing. */
  start(): void {
    if (this.#startedNs !== null) return
    this.#startedNs = this.#options.now()
    this.#read()
  }

  /** Ends reading and closes the source. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#reading?.close()
  }

  get choice(): LiveViewChoice {
    return this.#choice
  }

  /** Throws an Error in the user's terms for a window that is not made of seconds. */
  setView(change: Partial<LiveViewChoice>): void {
    const before = this.#choice
    const after = { ...before, ...change }
    if (after.windowNs < SECOND_NS || after.windowNs % SECOND_NS !== 0n) {
      throw new Error('The window of a live view is a whole number of seconds')
    }
    this.#choice = after
    this.#stale = true
    const seconds = Number(after.windowNs / SECOND_NS)
    if (after.grouping !== before.grouping) {
      this.#members = null
      this.#world.view = this.#createView(this.#world.counts)
      if (this.#frozen !== null) {
        this.#frozen = { counts: this.#frozen.counts, view: this.#createView(this.#frozen.counts) }
      }
    }
    this.#world.view.setWindow(seconds)
    this.#frozen?.view.setWindow(seconds)
  }

  get paused(): boolean {
    return this.#clock === null ? this.#paused : this.#clock.paused
  }

  /** The picture stands still. A recording stands still itself; a capture goes on and is counted. */
  setPaused(paused: boolean): void {
    this.#stale = true
    if (this.#clock !== null) {
      this.#clock.setPaused(paused)
      return
    }
    if (paused === this.#paused) return
    this.#closeSeconds()
    this.#paused = paused
    this.#members = null
    const { counts, view, names } = this.#world
    if (paused) {
      const still = counts.freeze()
      this.#frozen = { counts: still, view: view.freeze(still, ALL_KEY_FIELDS, names) }
    } else this.#frozen = null
  }

  /** Of a recording; nothing happens to a capture. */
  setSpeed(speed: number): void {
    this.#clock?.setSpeed(speed)
  }

  /** Pauses a recording and moves it on by the length of a window. */
  step(): void {
    this.#clock?.setPaused(true)
    this.jump(this.#choice.windowNs)
  }

  /**
   * Moves a recording by so many nanoseconds, no further than its ends. Says whether it can: going back needs an input that
   * can be read again.
   */
  jump(byNs: bigint): boolean {
    const clock = this.#clock
    const position = this.#positionNs
    const { firstNs } = this.#world.counts
    if (clock === null || position === null || firstNs === null) return false
    const from = this.#seekingNs ?? position
    const to = from + byNs < firstNs ? firstNs : from + byNs
    if (to >= from) {
      if (this.#world.ended) return true
      this.#seekingNs = to
      clock.moveTo(to)
      return true
    }
    if (!('open' in this.#source) || !this.#source.repeatable) return false
    this.#seekingNs = to
    clock.moveTo(to)
    this.#world = this.#createWorld()
    this.#members = null
    const before = this.#reading
    this.#reading = null
    void before?.close()
    this.#read()
    return true
  }

  /**
   * Closes the seconds that are over and gives the picture of the last ones; null before the first frame. The same object as
   * long as it is the same picture. Throws what reading threw.
   */
  tick(): LiveFrame | null {
    if (this.#error !== null) throw this.#error
    this.#closeSeconds()
    if (this.#seekingNs !== null && this.#frame !== null) return this.#frame
    const { counts, view } = this.#frozen ?? this.#world
    if (!this.#stale || counts.end === null) return this.#frame
    this.#stale = false
    this.#frame = this.#draw(counts, view)
    return this.#frame
  }

  /** One row, taken apart; null when there is no such row now. */
  detail(group: number): LiveDetail | null {
    const { counts, view } = this.#frozen ?? this.#world
    if (this.#members?.group !== group || this.#members.groups !== view.groups) {
      this.#members = new LiveMembers(group, view.groups, counts, this.#world.names)
    }
    const found = this.#members.describe(view)
    if (found === null) return null
    const { firstSecond, lastSecond, ...detail } = found
    const seen = firstSecond <= lastSecond
    return {
      ...detail,
      firstNs: seen ? counts.startOf(firstSecond) : null,
      lastNs: seen ? counts.startOf(lastSecond + 1) : null,
    }
  }

  status(): LiveStatus {
    const { counts, parser } = this.#world
    const { packets, bytes } = counts.added
    const nowNs = this.#clock === null ? this.#captureNow() : this.#positionNs
    const begin = this.#clock === null ? this.#startedNs : counts.firstNs
    const end = this.#clock === null ? (this.#endedNs ?? this.#options.now()) : nowNs
    const reading = this.#reading
    return {
      state: this.#world.ended ? 'ended' : packets === 0 ? 'waiting' : 'running',
      paused: this.paused,
      nowNs,
      elapsedNs: begin === null || end === null || end < begin ? 0n : end - begin,
      frames: packets,
      bytes,
      dropped: this.#options.dropped?.() ?? droppedOf(parser),
      fault: reading?.stream?.fault?.message ?? null,
      replay:
        this.#clock === null
          ? null
          : {
              speed: this.#clock.speed,
              seeking: this.#seekingNs !== null,
              position: reading?.stream?.source.position ?? 0,
              size: reading?.stream?.source.size ?? null,
            },
    }
  }

  #createWorld(): World {
    // Windows of a recording begin with its first frame, as those of `analyze` do; live ones with the clock's seconds.
    const originNs = this.#clock === null ? 0n : null
    return createWorld(this.#module, originNs, this.#options, (counts, names) => this.#createView(counts, names))
  }

  #createView(counts: CountsSoFar, names: KeyNames = this.#world.names): LiveView {
    const { grouping, windowNs } = this.#choice
    return new LiveView(counts, grouping, ALL_KEY_FIELDS, names, Number(windowNs / SECOND_NS))
  }

  #draw(counts: Frozen, view: LiveView): LiveFrame {
    const { grouping, windowNs } = this.#choice
    const { columns, bidirectional } = grouping
    const end = counts.end ?? 0
    const sum = (field: 'bytesIn' | 'bytesOut') => view.window.reduce((total, second) => total + second[field], 0)
    return {
      analysis: { columns, windowNs, basis: this.#options.basis ?? 'frame', bidirectional },
      startNs: counts.startOf(end - view.windowSeconds),
      endNs: counts.startOf(end),
      ...view.rows(this.#choice),
      all: view.all(),
      inOut:
        this.#options.localAddresses === undefined
          ? null
          : {
              bitsPerSecondIn: view.bitsPerSecond(sum('bytesIn')),
              bitsPerSecondOut: view.bitsPerSecond(sum('bytesOut')),
            },
    }
  }

  #read(): void {
    const reading = new Reading(this.#world)
    this.#reading = reading
    const work = async () => {
      const source = 'open' in this.#source ? await this.#source.open() : this.#source
      await reading.open(source, (stream) => this.#readFrames(stream, reading))
    }
    work().then(
      () => this.#end(reading),
      (error: unknown) => {
        if (reading === this.#reading && !this.#closed) this.#error = error
      },
    )
  }

  #end({ world }: Reading): void {
    world.view.add(world.counts.closeAll())
    world.ended = true
    if (world !== this.#world) return
    this.#seekingNs = null
    this.#stale = true
    this.#endedNs = this.#options.now()
  }

  /** The moment of a recording that is shown: it does not run on behind its last frame. */
  get #positionNs(): bigint | null {
    const { ended, counts } = this.#world
    return ended ? counts.lastNs : (this.#clock?.positionNs ?? null)
  }

  async #readFrames(stream: CaptureStream, reading: Reading): Promise<void> {
    const { counts } = reading.world
    let left = this.#options.limit ?? Number.POSITIVE_INFINITY
    for (let batch = await stream.next(); batch !== null && !reading.closed; batch = await stream.next()) {
      const count = Math.min(batch.count, left)
      left -= count
      if (this.#clock === null) {
        counts.add(batch, 0, count)
        this.#noteDelay(reading.world)
      } else await this.#play(this.#clock, batch, count, reading)
      // Also when nobody looks: what is over is to be summed up, not held.
      this.#closeSeconds()
      if (left === 0) return
    }
  }

  /** Adds the frames of a batch as they fall due. */
  async #play(clock: ReplayClock, batch: StreamBatch, count: number, reading: Reading): Promise<void> {
    const { counts } = reading.world
    for (let next = 0; next < count && !reading.closed; ) {
      const end = endOfDue(batch, next, count, clock.positionNs)
      if (end > next) {
        counts.add(batch, next, end)
        next = end
        continue
      }
      const dueNs = timeOf(batch, next)!
      const position = clock.positionNs
      if (position === null) clock.moveTo(dueNs)
      else {
        if (this.#seekingNs !== null && reading === this.#reading) {
          // Reading up to here took a while, in which the clock ran on.
          clock.moveTo(this.#seekingNs)
          this.#seekingNs = null
          this.#stale = true
        } else if (!clock.paused && dueNs - position > LONGEST_SILENCE_NS) clock.moveTo(dueNs - SECOND_NS)
        reading.nextDueNs = dueNs
        await this.#options.pause(REPLAY_POLL_MS)
        reading.nextDueNs = null
      }
    }
  }

  #closeSeconds(): void {
    const now = this.#captureNow()
    if (now === null || this.#world.ended) return
    const { counts, view } = this.#world
    const before = counts.end
    const lag = this.#clock === null ? BigInt(this.#options.lagMs) * NS_PER_MS : 0n
    view.add(counts.closeBefore(now - lag))
    if (counts.end !== before && this.#frozen === null) this.#stale = true
  }

  /** Now, by the clock that stamps the frames, and no later than everything is read up to; null as long as that is not known. */
  #captureNow(): bigint | null {
    if (this.#clock !== null) {
      const position = this.#clock.positionNs
      const readTo = this.#reading?.nextDueNs ?? this.#world.counts.lastNs
      if (position === null || readTo === null) return null
      return position < readTo ? position : readTo
    }
    if (this.#options.localClock) return this.#options.now()
    const { leastDelayNs } = this.#world
    return leastDelayNs === null ? null : this.#options.now() - leastDelayNs
  }

  #noteDelay(world: World): void {
    const { lastNs } = world.counts
    if (lastNs === null) return
    const delay = this.#options.now() - lastNs
    if (world.leastDelayNs === null || delay < world.leastDelayNs) world.leastDelayNs = delay
  }
}

type Frozen = CountsSoFar & { startOf(second: number): bigint }
