/**
 * Messages → server-sent events for any number of viewers (HTML, "Server-sent events").
 *
 * A message is made into bytes once, and kept once, in one list of the latest for all. A viewer is a place in that list: it is handed the
 * next message when its connection has taken the last one, and waits for nobody, as nobody waits for it. Whoever stays behind is told how many
 * it has lost and goes on with the newest. So a viewer costs one message in its socket, whether it reads or not.
 */

export interface EventHubOptions {
  /** A new viewer gets so many of the latest messages... */
  readonly mostEvents: number
  /** ...that are no longer than this together. */
  readonly mostBytes: number
  /** So many messages may wait for a viewer that was up to date. */
  readonly mostWaiting: number
  readonly mostViewers: number
  /** A comment is sent after so much silence, so that nobody between takes the connection for dead. */
  readonly heartbeatMs: number
}

export const HUB_DEFAULTS: EventHubOptions = {
  mostEvents: 600,
  mostBytes: 16 << 20,
  mostWaiting: 30,
  mostViewers: 16,
  heartbeatMs: 15_000,
}

/** Of a browser whose connection broke, before it tries again. */
const RETRY_MS = 2000

export class EventHub {
  readonly #options: EventHubOptions
  readonly #encoder = new TextEncoder()
  readonly #greeting: Uint8Array
  /** The latest messages; the first of them has the number `#first`. */
  readonly #events: Uint8Array[] = []
  #first = 0
  #bytes = 0
  #isOver = false
  #viewers = 0
  #onViewer: (() => void)[] = []
  #wake = new Set<() => void>()

  /** `greeting` is what every connection begins with. */
  constructor(greeting: { readonly event: string; readonly data: string }, options: Partial<EventHubOptions> = {}) {
    this.#options = { ...HUB_DEFAULTS, ...options }
    this.#greeting = this.#encode(greeting.event, greeting.data, `retry: ${RETRY_MS}\n`)
  }

  get viewers(): number {
    return this.#viewers
  }

  /** Resolves when the first viewer is there. */
  seen(): Promise<void> {
    if (this.#viewers > 0) return Promise.resolve()
    return new Promise((resolve) => this.#onViewer.push(resolve))
  }

  /** `data` is one line, as JSON is. */
  publish(event: string, data: string): void {
    if (this.#isOver) return
    const bytes = this.#encode(event, data, `id: ${this.#next}\n`)
    this.#events.push(bytes)
    this.#bytes += bytes.length
    const { mostEvents, mostBytes } = this.#options
    while (this.#events.length > mostEvents || (this.#bytes > mostBytes && this.#events.length > 1)) {
      this.#bytes -= this.#events.shift()!.length
      this.#first += 1
    }
    this.#wakeAll()
  }

  /** Nothing more will come: viewers get what is left, and that is the end of it. Resolves when none is left, after `graceMs` at the latest. */
  async end(graceMs: number): Promise<void> {
    this.#isOver = true
    this.#wakeAll()
    const until = Date.now() + graceMs
    while (this.#viewers > 0 && Date.now() < until) await this.#somethingHappens(Math.max(1, until - Date.now()))
  }

  /** The answer to one viewer. */
  respond(): Response {
    if (this.#viewers >= this.#options.mostViewers) {
      const headers = { 'Content-Type': 'text/plain; charset=utf-8', 'Retry-After': '10' }
      return new Response(`${this.#viewers} pages look on already.\n`, { status: 503, headers })
    }
    this.#viewers += 1
    for (const resolve of this.#onViewer.splice(0)) resolve()
    let place: number | null = null
    /** It has had all there was: from now on it may fall behind. */
    let isCurrent = false
    let isGone = false
    const leave = () => {
      if (isGone) return
      isGone = true
      this.#viewers -= 1
      this.#wakeAll()
    }
    const next = async (): Promise<Uint8Array | null> => {
      if (place === null) {
        place = this.#first
        return this.#greeting
      }
      const allowed = isCurrent ? Math.max(this.#first, this.#next - this.#options.mostWaiting) : this.#first
      if (place < allowed) {
        const newest = this.#next - 1
        const lost = newest - place
        place = newest
        isCurrent = true
        return this.#encode('lost', JSON.stringify({ updates: lost }))
      }
      while (place === this.#next) {
        isCurrent = true
        if (this.#isOver || isGone) return null
        const isNews = await this.#somethingHappens(this.#options.heartbeatMs)
        if (!isNews) return this.#encoder.encode(':\n\n')
      }
      return this.#events[place++ - this.#first] ?? null
    }
    const body = new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          const bytes = await next()
          if (isGone) return
          if (bytes !== null) controller.enqueue(bytes)
          else {
            leave()
            controller.close()
          }
        },
        cancel: leave,
      },
      // Nothing waits in the stream: the place is what waits.
      { highWaterMark: 0 },
    )
    // With the encoding named, the bridge to node:http hands on each message as it comes, and no first ones together.
    const headers = { 'Content-Type': 'text/event-stream; charset=utf-8', 'Transfer-Encoding': 'chunked' }
    return new Response(body, { headers })
  }

  get #next(): number {
    return this.#first + this.#events.length
  }

  /** False when it was silent for so long. */
  #somethingHappens(ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      const done = (isNews: boolean) => {
        clearTimeout(timer)
        this.#wake.delete(wake)
        resolve(isNews)
      }
      const wake = () => done(true)
      const timer = setTimeout(() => done(false), ms)
      this.#wake.add(wake)
    })
  }

  #wakeAll(): void {
    for (const wake of [...this.#wake]) wake()
  }

  #encode(event: string, data: string, before = ''): Uint8Array {
    return this.#encoder.encode(`${before}event: ${event}\ndata: ${data}\n\n`)
  }
}
