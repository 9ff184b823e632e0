/** The full screen of `netkit live`: a session in, keys in, pictures out, until the user quits. */
import type { ReadStream, WriteStream } from 'node:tty'
import type { KeyColumn } from '../engine/records.ts'
import { groupNoun } from '../loggers/key-text.ts'
import type { Units } from '../loggers/units.ts'
import { isWorthAsking } from '../names/askable-labels.ts'
import { SECOND_NS } from '../pipeline/live-counts.ts'
import type { LiveDetail, LiveFrame } from '../pipeline/live-frame.ts'
import type { LiveSession } from '../pipeline/live-session.ts'
import type { HostNames } from '../pipeline/resolve-names.ts'
import { type Action, type Choices, type Key, react } from './choices.ts'
import { GROUPINGS, type NamedGrouping } from './groupings.ts'
import { Painter } from './painter.ts'
import { layOut, renderScreen } from './render-screen.ts'
import { arrowOf, createReadKey, keyLine } from './row-key.ts'
import type { ScreenState } from './screen-state.ts'
import { createScreenStyle, wantsColours } from './screen-style.ts'
import { ScreenTerminal } from './screen-terminal.ts'
import { firstRow } from './table-lines.ts'

export interface ScreenOptions {
  /** The interface, the file: what is looked at. */
  readonly title: string
  readonly units: Units
  readonly stdin: ReadStream
  readonly stdout: WriteStream
  /** Ends the screen as `q` does. */
  readonly signal?: AbortSignal | undefined
  /** Why the capture ended by itself; null while it runs, and when it ended well. */
  readonly ending?: (() => string | null) | undefined
  /** Asked for the hosts of the rows on the screen, in the background, while names are shown. */
  readonly hostNames?: HostNames | undefined
}

/** 4 Hz: capture tools hand frames on every 250 ms. */
const REFRESH_MS = 250
const NOTICE_MS = 3000
const SLOWEST = 1 / 64
const FASTEST = 1024
/** Questions about names under way. */
const MOST_QUESTIONS = 64

/**
 * Starts the session and shows it, in the view that it was given before. Resolves, with the terminal as it was, when the user
 * quits, when `signal` says so, when the process is asked to end or the terminal is gone; rejects with what went wrong,
 * then too with the terminal as it was. The session is left open: whoever made it ends it.
 */
export function runScreen(session: LiveSession, options: ScreenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const screen = new Screen(session, options, (error) => (error === null ? resolve() : reject(error)))
    screen.run()
  })
}

class Screen {
  readonly #session: LiveSession
  readonly #options: ScreenOptions
  readonly #done: (error: unknown) => void
  readonly #terminal: ScreenTerminal
  readonly #painter = new Painter()
  readonly #style = createScreenStyle(wantsColours())
  readonly #groupings: readonly NamedGrouping[]
  #choices: Choices
  #timer: NodeJS.Timeout | null = null
  #drawSoon: NodeJS.Immediate | null = null
  #notice: { readonly text: string; readonly until: number } | null = null
  #detail: { readonly frame: LiveFrame | null; readonly group: number; readonly found: LiveDetail | null } | null = null
  readonly #asked = new Set<string>()
  #ended = false

  constructor(session: LiveSession, options: ScreenOptions, done: (error: unknown) => void) {
    this.#session = session
    this.#options = options
    this.#done = done
    const { grouping, windowNs, sort } = session.choice
    const own = nameGrouping(session)
    this.#groupings = GROUPINGS.includes(own) ? GROUPINGS : [own, ...GROUPINGS]
    this.#choices = {
      page: 'table',
      grouping: own,
      sort,
      windowSeconds: Number(windowNs / SECOND_NS),
      units: options.units,
      names: true,
      filter: '',
      typing: false,
      selected: null,
      scroll: 0,
    }
    if (own.grouping !== grouping) session.setView({ grouping: own.grouping })
    this.#terminal = new ScreenTerminal(options.stdin, options.stdout, {
      key: (key) => this.#guard(() => this.#onKey(key)),
      redraw: () => {
        this.#painter.forget()
        this.#soon()
      },
      end: () => this.#end(null),
      fail: (error) => this.#end(error ?? new Error('unknown error')),
    })
  }

  run(): void {
    this.#guard(() => {
      if (this.#options.signal?.aborted) return this.#end(null)
      this.#options.signal?.addEventListener('abort', this.#onAbort, { once: true })
      this.#terminal.open()
      this.#session.start()
      this.#timer = setInterval(() => this.#guard(() => this.#draw()), REFRESH_MS)
      this.#draw()
    })
  }

  readonly #onAbort = (): void => this.#end(null)

  #end(error: unknown): void {
    if (this.#ended) return
    this.#ended = true
    if (this.#timer !== null) clearInterval(this.#timer)
    if (this.#drawSoon !== null) clearImmediate(this.#drawSoon)
    this.#options.signal?.removeEventListener('abort', this.#onAbort)
    this.#terminal.close()
    this.#done(error)
  }

  /** Nothing may be thrown into the event loop while the terminal is ours. */
  #guard(act: () => void): void {
    try {
      act()
    } catch (error) {
      this.#end(error)
    }
  }

  #onKey(key: Key): void {
    const state = this.#state()
    const { page, maxScroll } = layOut(state, this.#terminal.columns, this.#terminal.rows)
    const before = this.#choices
    const { choices, action } = react(before, key, {
      groups: state.frame?.rows.map(({ group }) => group) ?? [],
      page,
      maxScroll,
      groupings: this.#groupings,
      isReplay: state.status.replay !== null,
    })
    this.#choices = choices
    this.#applyView(before, choices)
    if (action !== null) this.#act(action)
    this.#soon()
  }

  #applyView(before: Choices, after: Choices): void {
    const { grouping, windowSeconds, sort, filter } = after
    const isFiltered = filter !== before.filter || (grouping !== before.grouping && filter !== '')
    if (grouping === before.grouping && windowSeconds === before.windowSeconds && sort === before.sort && !isFiltered) {
      return
    }
    this.#session.setView({
      grouping: grouping.grouping,
      windowNs: BigInt(windowSeconds) * SECOND_NS,
      sort,
      ...(isFiltered && { filter: filter === '' ? null : this.#matcher(grouping, filter) }),
    })
  }

  /** Rows with the text in them, whether or not the screen has room to show that part of the row. */
  #matcher({ grouping }: NamedGrouping, filter: string) {
    const { columns, bidirectional } = grouping
    const analysis = { columns, bidirectional, windowNs: null, basis: 'frame' } as const
    const readKey = createReadKey(analysis, this.#nameOf)
    const wanted = filter.toLowerCase()
    return (key: Parameters<typeof readKey>[0]) =>
      keyLine(readKey(key, { names: true, long: true }), arrowOf(analysis))
        .toLowerCase()
        .includes(wanted)
  }

  #act(action: Action): void {
    const session = this.#session
    switch (action.do) {
      case 'quit':
        this.#end(null)
        break
      case 'suspend':
        this.#terminal.suspend()
        break
      case 'redraw':
        this.#painter.forget()
        break
      case 'pause':
        session.setPaused(!session.paused)
        break
      case 'step':
        session.step()
        break
      case 'jump': {
        const moved = session.jump(BigInt(action.seconds) * SECOND_NS)
        if (!moved) this.#say('cannot go back: this input can be read only once')
        break
      }
      case 'speed': {
        const { replay } = session.status()
        if (replay !== null) session.setSpeed(Math.min(FASTEST, Math.max(SLOWEST, replay.speed * action.factor)))
      }
    }
  }

  #say(text: string): void {
    this.#notice = { text, until: performance.now() + NOTICE_MS }
  }

  readonly #nameOf = (address: string): string | null => this.#options.hostNames?.known(address) ?? null

  #state(): ScreenState {
    const frame = this.#session.tick()
    if (this.#notice !== null && performance.now() > this.#notice.until) this.#notice = null
    return {
      title: this.#options.title,
      frame,
      status: this.#session.status(),
      detail: this.#detailOf(frame),
      choices: this.#choices,
      notice: this.#notice?.text ?? null,
      ending: this.#options.ending?.() ?? null,
      nameOf: this.#nameOf,
      style: this.#style,
    }
  }

  #detailOf(frame: LiveFrame | null): LiveDetail | null {
    const { page, selected } = this.#choices
    if (page !== 'detail' || selected === null) return null
    if (this.#detail?.frame !== frame || this.#detail.group !== selected) {
      this.#detail = { frame, group: selected, found: this.#session.detail(selected) }
    }
    return this.#detail.found
  }

  #soon(): void {
    if (this.#ended) return
    this.#drawSoon ??= setImmediate(() => {
      this.#drawSoon = null
      this.#guard(() => this.#draw())
    })
  }

  #draw(): void {
    const state = this.#state()
    this.#ask(state)
    if (!this.#terminal.ready) return
    this.#terminal.write(this.#painter.paint(renderScreen(state, this.#terminal.columns, this.#terminal.rows)))
  }

  /** For the names of the hosts that are on the screen, each once. Answers show with the next picture. */
  #ask(state: ScreenState): void {
    const { hostNames } = this.#options
    const { frame, choices } = state
    if (hostNames === undefined || frame === null || !choices.names) return
    const { page } = layOut(state, this.#terminal.columns, this.#terminal.rows)
    const first = firstRow(state, page)
    for (const { key } of frame.rows.slice(first, first + page)) {
      for (const [address, name, source] of namedEnds(frame.analysis.columns)) {
        const text = key[address]
        const label = key[name]
        if (typeof text !== 'string' || typeof label !== 'string' || !isWorthAsking(label)) continue
        if (typeof key[source] === 'string') continue
        if (this.#asked.size >= MOST_QUESTIONS || this.#asked.has(text) || hostNames.known(text) !== undefined) continue
        this.#asked.add(text)
        void hostNames.lookup(text).finally(() => this.#asked.delete(text))
      }
    }
  }
}

const ENDS: readonly (readonly [KeyColumn, KeyColumn, KeyColumn])[] = [
  ['src', 'src_name', 'src_name_source'],
  ['dst', 'dst_name', 'dst_name_source'],
  ['host', 'host_name', 'host_name_source'],
]

function namedEnds(columns: readonly KeyColumn[]): (readonly [number, number, number])[] {
  const at = (column: KeyColumn) => columns.indexOf(column)
  return ENDS.map(([address, name, source]) => [at(address), at(name), at(source)] as const).filter(
    ([address, name]) => address >= 0 && name >= 0,
  )
}

/** One of ours when it has the same columns, else one of its own, named by what a row is. */
function nameGrouping({ choice: { grouping } }: LiveSession): NamedGrouping {
  const same = GROUPINGS.find(
    (known) => known.grouping.sides === grouping.sides && known.grouping.columns.join() === grouping.columns.join(),
  )
  if (same !== undefined && !grouping.columns.includes('subnet')) return same
  const { columns, bidirectional } = grouping
  return { name: groupNoun({ columns, bidirectional, windowNs: null, basis: 'frame' }), grouping }
}
