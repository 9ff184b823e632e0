/** What a session closes, as time passes → messages for pages: one for each second that had a frame, and one when time moved on without. */
import { NUMBERS_PER_ROW } from '../capture/counter.ts'
import type { NameBook } from '../names/name-book.ts'
import type { LiveState, LiveUpdate } from '../report/live-messages.ts'
import type { Closed } from './live-counts.ts'
import { type FeedTable, LiveFeed } from './live-feed.ts'
import type { LiveStatus } from './live-frame.ts'
import type { World } from './live-world.ts'

export interface LiveUpdatesOptions {
  readonly tables: readonly FeedTable[]
  /** Rows of each table and second. */
  readonly top: number
  readonly book?: NameBook | undefined
  /** Of the session, now. */
  readonly status: () => LiveStatus
}

export class LiveUpdates {
  readonly #options: LiveUpdatesOptions
  #feed: LiveFeed | null = null
  /** The first second that nobody was told of. */
  #told = Number.NEGATIVE_INFINITY
  #lateFrames = 0
  #lateBytes = 0

  constructor(options: LiveUpdatesOptions) {
    this.#options = options
  }

  /** Of a session that is not set back. */
  take({ seconds, stragglers }: Closed, world: World): LiveUpdate[] {
    const { tables, top, book } = this.#options
    for (let i = 0; i < stragglers.length; i += NUMBERS_PER_ROW) {
      this.#lateFrames += stragglers[i + 1]!
      this.#lateBytes += stragglers[i + 2]!
    }
    const { counts } = world
    const { end } = counts
    if (end === null || (end <= this.#told && seconds.length === 0)) return []
    this.#told = Math.max(this.#told, end)
    // A name holds from when it was seen: all of them, by now.
    book?.showBefore(counts.startOf(end))
    this.#feed ??= new LiveFeed(world, tables, top)
    const origin_ns = String(counts.startOf(0))
    const status = this.state(null)
    const updates: LiveUpdate[] = []
    for (const second of seconds) {
      updates.push({ origin_ns, until: second.number + 1, second: this.#feed.tell(second), status })
    }
    if ((updates.at(-1)?.until ?? Number.NEGATIVE_INFINITY) < end) {
      updates.push({ origin_ns, until: end, second: null, status })
    }
    return updates
  }

  /** `message`: why it ended by itself. */
  state(message: string | null): LiveState {
    const { state, frames, bytes, dropped, dropsToCome, elapsedNs, fault } = this.#options.status()
    return {
      state,
      frames,
      bytes,
      late_frames: this.#lateFrames,
      late_bytes: this.#lateBytes,
      dropped,
      drops_to_come: dropsToCome,
      elapsed_ns: String(elapsedNs),
      problem: message ?? fault,
    }
  }
}
