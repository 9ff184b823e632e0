/**
 * A running capture, or a recording that is played, → the picture of this moment, in whatever view is asked for.
 *
 *     source ─▶ parser ─▶ LiveCounts (seconds of flow counts) ─▶ LiveView (rows of one grouping) ─▶ LiveFrame
 *
 * It knows no terminal. Reading never waits for whoever looks: pausing stops the picture, not the capture. Seconds of a capture
 * are closed as they are over (CaptureClock), looked at or not. A recording is read as its frames fall due by a clock of its own
 * (ReplayClock); to go back in it, it is read again from the start.
 */
import { KEY_ALL } from '../abi/key-fields.ts'
import type { Source } from '../capture/source.ts'
import type { CaptureStream } from '../capture/stream.ts'
import { parseBy } from '../engine/by.ts'
import type { Grouping } from '../engine/grouping.ts'
import type { KeyNames } from '../engine/key-parts.ts'
import { CaptureClock, type CaptureClockOptions } from './capture-clock.ts'
import type { InputProblem } from './input-problem.ts'
import { type Input, timeOf } from './inputs.ts'
import { type Closed, type CountsSoFar, SECOND_NS } from './live-counts.ts'
import type { LiveDetail, LiveFrame, LiveStatus } from './live-frame.ts'
import { LiveMembers } from './live-members.ts'
import { endOfDue, Reading } from './live-reading.ts'
import { LiveView, type RowChoice } from './live-view.ts'
import { createWorld, droppedOf, type World, type WorldOptions } from './live-world.ts'
import { ReplayClock } from './replay-clock.ts'

export interface LiveSessionOptions extends WorldOptions, CaptureClockOptions {
  /** Stop after this many frames. */
  readonly limit?: number | undefined
  /** Plays the input by the time of its packets, at so many seconds a second. */
  readonly replay?: { readonly speed: number } | undefined
  /** Frames lost, as the capture tool says itself: undefined until it does, null when it ended and did not. */
  readonly dropped?: () => number | null | undefined
  /** Seconds that are over, as they are; also when none of them had a frame. */
  readonly onClosed?: ((closed: Closed, world: World) => void) | undefined
  /** A test may have a clock of its own. */
  readonly pause: (ms: number) => Promise<void>
}

/** What is looked at, and how. */
export interface LiveViewChoice extends RowChoice {
  readonly grouping: Grouping
  /** Whole seconds, at least one. */
  readonly windowNs: bigint
}

/** How often seconds of a capture are looked at. */
const TICK_MS = 50
/** How often a recording looks whether its next frame is due. */
const REPLAY_POLL_MS = 40
/** A longer silence of a recording is passed over, up to a second before its end. */
const LONGEST_SILENCE_NS = 60n * SECOND_NS

const DEFAULT_CHOICE: Omit<LiveViewChoice, 'grouping'> = { windowNs: SECOND_NS, sort: 'rate', filter: null, top: 500 }

export class LiveSession {
  readonly #module: WebAssembly.Module
  readonly #source: Source | Input
  readonly #options: LiveSessionOptions
  /** Of a recording. */
  readonly #clock: ReplayClock | null
  /** Of a running capture, from its start on. */
  #captureClock: CaptureClock | null = null
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
  #work: Promise<void> = Promise.resolve()
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
    if (this.#clock === null) {
      this.#captureClock = new CaptureClock(this.#options)
      void this.#closeAsTimePasses(this.#captureClock)
    }
    this.#read()
  }

  /** Ends reading and closes the source; what comes of it then is nobody's. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#reading?.close()
  }

  /** Resolves when there is nothing left to read and all of it is counted. Never rejects: {@link tick} throws what went wrong. */
  async drained(): Promise<void> {
    for (let work: Promise<void> | null = null; work !== this.#work; ) {
      work = this.#work
      await work
    }
  }

  /** What was wrong with the bytes; null when nothing was. */
  get problem(): InputProblem | null {
    return this.#reading?.problem ?? null
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
    this.#paused = paused
    this.#members = null
    const { counts, view, names } = this.#world
    if (paused) {
      const still = counts.freeze()
      this.#frozen = { counts: still, view: view.freeze(still, KEY_ALL, names) }
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
   * The picture of the last seconds that are over; null before the first frame. The same object as long as it is the same
   * picture. Throws what reading threw.
   */
  tick(): LiveFrame | null {
    if (this.#error !== null) throw this.#error
    this.#closePlayed()
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
    const nowNs = this.#clock === null ? (this.#captureClock?.nowNs ?? null) : this.#positionNs
    const begin = this.#clock === null ? this.#startedNs : counts.firstNs
    const end = this.#clock === null ? (this.#endedNs ?? this.#options.now()) : nowNs
    const stream = this.#reading?.stream ?? null
    const told = this.#options.dropped?.()
    const isToolToTell = this.#options.dropped !== undefined && told === undefined
    return {
      state: this.#world.ended ? 'ended' : packets === 0 ? 'waiting' : 'running',
      paused: this.paused,
      nowNs,
      elapsedNs: begin === null || end === null || end < begin ? 0n : end - begin,
      frames: packets,
      bytes,
      dropped: told ?? droppedOf(parser),
      dropsToCome: !this.#world.ended && (isToolToTell || stream?.format !== 'pcap'),
      fault: stream?.fault?.message ?? null,
      replay:
        this.#clock === null
          ? null
          : {
              speed: this.#clock.speed,
              seeking: this.#seekingNs !== null,
              position: stream?.source.position ?? 0,
              size: stream?.source.size ?? null,
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
    return new LiveView(counts, grouping, KEY_ALL, names, Number(windowNs / SECOND_NS))
  }

  #draw(counts: Frozen, view: LiveView): LiveFrame {
    const { grouping, windowNs } = this.#choice
    const { columns, bidirectional } = grouping
    const end = counts.end ?? 0
    this.#options.book?.showBefore(counts.startOf(end))
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
    this.#work = work().then(
      () => this.#end(reading),
      (error: unknown) => {
        if (reading === this.#reading && !this.#closed) this.#error = error
      },
    )
  }

  #end({ world }: Reading): void {
    this.#note(world, world.counts.closeAll())
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
    const { counts, namesRead } = reading.world
    let left = this.#options.limit ?? Number.POSITIVE_INFINITY
    for (let batch = await stream.next(); batch !== null && !reading.closed; batch = await stream.next()) {
      const count = Math.min(batch.count, left)
      left -= count
      const loading = namesRead?.scan({ stream, start: 0, end: count }) ?? null
      if (loading !== null) {
        await loading
        batch = stream.batch
      }
      namesRead?.note()
      if (this.#clock === null) {
        // Before they are counted: that may grow the memory, and the batch with it is gone.
        const newestNs = timeOf(batch, count - 1)
        counts.add(batch, 0, count)
        if (newestNs !== null) this.#captureClock?.saw(newestNs)
      } else {
        await this.#play(this.#clock, stream, count, reading)
        this.#closePlayed()
      }
      if (left === 0) return
    }
  }

  /** Adds the frames of a batch as they fall due. */
  async #play(clock: ReplayClock, stream: CaptureStream, count: number, reading: Reading): Promise<void> {
    const { counts } = reading.world
    for (let next = 0; next < count && !reading.closed; ) {
      const { batch } = stream
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

  /** Also when nobody looks: what is over is to be summed up, not held. */
  async #closeAsTimePasses(clock: CaptureClock): Promise<void> {
    try {
      while (!this.#world.ended && !this.#closed && this.#error === null) {
        await this.#options.pause(TICK_MS)
        const overNs = clock.overBefore()
        if (overNs !== null) this.#closeBefore(overNs)
      }
    } catch (error) {
      this.#error = error
    }
  }

  /** Up to the moment of the recording that is shown, as far as it is read. */
  #closePlayed(): void {
    const position = this.#clock?.positionNs ?? null
    const readTo = this.#reading?.nextDueNs ?? this.#world.counts.lastNs
    if (position === null || readTo === null) return
    this.#closeBefore(position < readTo ? position : readTo)
  }

  #closeBefore(ns: bigint): void {
    if (this.#world.ended) return
    const { counts } = this.#world
    const before = counts.end
    this.#note(this.#world, counts.closeBefore(ns))
    if (counts.end !== before && this.#frozen === null) this.#stale = true
  }

  #note(world: World, closed: Closed): void {
    world.view.add(closed)
    this.#options.onClosed?.(closed, world)
  }
}

type Frozen = CountsSoFar & { startOf(second: number): bigint }
