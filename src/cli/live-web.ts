/**
 * `live --web`: a running capture, or a recording, → a page on loopback. Loaded only when it is asked for.
 *
 *     LiveSession ─second─▶ LiveUpdates ─message─▶ EventHub ─▶ each viewer
 *
 * The capture is counted once, whoever looks, and waits for nobody who does.
 */
import { basename } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { printable } from '../loggers/printable.ts'
import { formatBytes, formatCount, type Units } from '../loggers/units.ts'
import type { NameBook } from '../names/name-book.ts'
import type { CaptureEnd } from '../node/capture-child.ts'
import { findInputs } from '../node/inputs.ts'
import { LIVE_PAGE_POLICY, loadLivePage } from '../node/live-page.ts'
import { openStdout } from '../node/output.ts'
import { packageVersion } from '../node/package-version.ts'
import { loadCaptureModule } from '../node/wasm-module.ts'
import { EventHub } from '../node/web/event-hub.ts'
import type { WebServer } from '../node/web/server.ts'
import type { InputProblem } from '../pipeline/input-problem.ts'
import type { GivenNames } from '../pipeline/key-names.ts'
import { feedTables } from '../pipeline/live-feed.ts'
import { LiveSession, type LiveSessionOptions } from '../pipeline/live-session.ts'
import { LiveUpdates } from '../pipeline/live-updates.ts'
import type { LiveStart, LiveState } from '../report/live-messages.ts'
import { shellWords } from '../report/shell-words.ts'
import { usageError } from './exit-codes.ts'
import type { LiveView } from './live-flags.ts'
import type { ChosenSource } from './live-source.ts'
import type { LiveMetrics } from './metrics-flags.ts'
import { type ServerFlags, serve } from './web-flags.ts'

/** Rows of each table, in each second and on the page, unless --top says otherwise. */
const ROWS = 100
const MOST_ROWS = 500
/** How often it is looked whether something went wrong, and whether it is over. */
const TICK_MS = 100
/** How long viewers have to take what is left. */
const GRACE_MS = 1000

export interface PageOptions {
  readonly flags: ServerFlags & { readonly by: string; readonly top?: string | undefined }
  readonly view: LiveView
  readonly units: Units
  readonly book: NameBook | undefined
  readonly names: GivenNames
  /** What a recording is called, in place of its file's name. */
  readonly title?: string | undefined
  readonly metrics?: LiveMetrics | null
  /** What stands behind `netkit live`. */
  readonly args: readonly string[]
  readonly signal: AbortSignal
  /** One sentence on stderr. */
  readonly say: (sentence: string) => void
}

/** How it went, for whoever has the exit code. */
interface PageEnd {
  readonly problems: readonly InputProblem[]
  /** Why the capture ended by itself and not well; one sentence. */
  readonly message: string | null
}

/** Serves a capture that runs until it ends; whoever has it stops it. What it came to is one line on stdout. */
export async function serveCapture(
  { live, title, localClock, lagMs }: ChosenSource,
  options: PageOptions,
): Promise<PageEnd> {
  let end: CaptureEnd | null = null
  void live.end.then((said) => {
    end = said
  })
  const page = new LivePage(title, 'capture', live.source, options, {
    localClock,
    lagMs,
    dropped: () => (end === null ? undefined : end.dropped),
  })
  try {
    await page.open()
    await page.play(() => live.stop())
    const { message } = await live.end
    await page.close(message)
    const { frames, bytes, dropped } = page.session.status()
    const drops = dropped === null ? 'drops not told' : `drops ${dropped}`
    const output = openStdout()
    await output.write(`${printable(title)}: ${formatCount(frames, 'frame')}, ${formatBytes(bytes)}, ${drops}\n`)
    await output.finish()
    return { problems: page.problems, message }
  } catch (error) {
    // Otherwise it would go on capturing for nobody.
    live.kill()
    await page.close((error as Error).message)
    throw error
  } finally {
    await page.abandon()
  }
}

/**
 * Plays a file from the moment that somebody looks, and serves what it came to until it is told to stop: it may be shorter than it takes to
 * open a page.
 */
export async function serveRecording(name: string, speed: number, options: PageOptions): Promise<PageEnd> {
  const inputs = await findInputs([name])
  const [input] = inputs
  if (input === undefined || inputs.length > 1) throw usageError('--read: one file at a time can be played')
  const { signal } = options
  const page = new LivePage(options.title ?? basename(name), 'recording', input, options, {
    localClock: false,
    lagMs: 0,
    replay: { speed },
  })
  try {
    await page.open()
    options.say('the recording begins when the page is opened; Ctrl-C ends it')
    const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
    if (!signal.aborted) await Promise.race([page.seen(), stopped])
    if (!signal.aborted) {
      const stop = () => void page.session.close()
      signal.addEventListener('abort', stop, { once: true })
      await page.play(stop)
      page.sayEnd(null)
      // Of what is no capture there is nothing to look at.
      if (!signal.aborted && page.session.status().frames > 0) await stopped
    }
    await page.close(null)
    return { problems: page.problems, message: null }
  } finally {
    await page.abandon()
  }
}

type Differences = Pick<LiveSessionOptions, 'localClock' | 'lagMs' | 'dropped' | 'replay'>

class LivePage {
  readonly session: LiveSession
  readonly #options: PageOptions
  readonly #hub: EventHub
  readonly #updates: LiveUpdates
  #server: WebServer | null = null
  #hasEnded = false

  constructor(
    title: string,
    source: LiveStart['source'],
    from: ConstructorParameters<typeof LiveSession>[1],
    options: PageOptions,
    differences: Differences,
  ) {
    const { flags, view, units, book, names, args } = options
    this.#options = options
    const basis = view.basis ?? 'frame'
    const top = flags.top === undefined ? ROWS : Math.min(MOST_ROWS, view.top ?? MOST_ROWS)
    const tables = feedTables(flags.by.trim().toLowerCase(), view.grouping, basis)
    const start: LiveStart = {
      netkit_version: packageVersion(),
      command: shellWords(['netkit', 'live', ...args]),
      title,
      source,
      units,
      basis,
      tables: tables.map(({ grouping: _, ...table }) => table),
      top,
      sort: view.sort === 'packets' ? 'packets' : 'bytes',
    }
    this.#hub = new EventHub({ event: 'start', data: JSON.stringify(start) })
    this.#updates = new LiveUpdates({ tables, top, book, status: () => this.session.status() })
    this.session = new LiveSession(loadCaptureModule(), from, {
      ...differences,
      names,
      book,
      basis,
      inner: view.inner ?? false,
      filter: view.filter,
      limit: view.limit,
      now: () => BigInt(Date.now()) * 1_000_000n,
      pause,
      onClosed: (closed, world) => {
        options.metrics?.onClosed(closed, world)
        for (const update of this.#updates.take(closed, world)) this.#hub.publish('update', JSON.stringify(update))
      },
    })
    // The picture of a screen is not looked at: no more of it than must be.
    this.session.setView({ top: 1 })
  }

  get problems(): InputProblem[] {
    const { problem } = this.session
    return problem === null ? [] : [problem]
  }

  async open(): Promise<void> {
    const { flags, say } = this.#options
    const routes = new Map([['events', () => this.#hub.respond()]])
    const assets = loadLivePage()
    this.#server = await serve(flags, { token: true, policy: LIVE_PAGE_POLICY, assets, routes }, say)
  }

  seen(): Promise<void> {
    return this.#hub.seen()
  }

  /** Until there is nothing left to count; `stop` is called then, too. Throws what reading threw. */
  async play(stop: () => void): Promise<void> {
    this.session.start()
    try {
      while (this.session.status().state !== 'ended') {
        await pause(TICK_MS)
        this.session.tick()
      }
    } finally {
      stop()
    }
    await this.session.drained()
  }

  sayEnd(message: string | null): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    this.#hub.publish('end', JSON.stringify({ ...this.#updates.state(message), state: 'ended' } satisfies LiveState))
  }

  /** Viewers are told that it is over, and what they have stays theirs. */
  async close(message: string | null): Promise<void> {
    this.sayEnd(message)
    await this.#hub.end(GRACE_MS)
    await this.abandon()
  }

  async abandon(): Promise<void> {
    await this.session.close()
    await this.#server?.close()
  }
}
