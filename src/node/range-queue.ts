/** Which range is counted next: a few numbers that all threads share. */

const NEXT = 0
/** Ranges that were taken over, in order. */
const DONE = 1
const CLOSED = 2
const LENGTH = 3

export class RangeQueue {
  readonly shared: SharedArrayBuffer
  readonly #numbers: Int32Array
  /** Counts that wait to be merged are memory: nobody is further ahead than this. */
  readonly #mostAhead: number

  /** `shared` is another thread's. */
  constructor(shared?: SharedArrayBuffer, mostAhead = 8) {
    this.shared = shared ?? new SharedArrayBuffer(LENGTH * Int32Array.BYTES_PER_ELEMENT)
    this.#numbers = new Int32Array(this.shared)
    this.#mostAhead = mostAhead
  }

  /** Index of a range that nobody else takes; null when there are no more. Waits, blocking the thread, while too many wait. */
  take(count: number): number | null {
    const index = Atomics.add(this.#numbers, NEXT, 1)
    if (index >= count) return null
    for (;;) {
      const done = Atomics.load(this.#numbers, DONE)
      if (Atomics.load(this.#numbers, CLOSED) !== 0) return null
      if (index < done + this.#mostAhead) return index
      Atomics.wait(this.#numbers, DONE, done)
    }
  }

  /** The same, but null rather than waiting. */
  tryTake(count: number): number | null {
    const index = Atomics.load(this.#numbers, NEXT)
    if (index >= count || index >= Atomics.load(this.#numbers, DONE) + this.#mostAhead) return null
    return Atomics.compareExchange(this.#numbers, NEXT, index, index + 1) === index ? index : this.tryTake(count)
  }

  /** One more range was taken over. */
  done(): void {
    Atomics.add(this.#numbers, DONE, 1)
    Atomics.notify(this.#numbers, DONE)
  }

  /** Nobody takes any more, and whoever waits stops waiting. */
  close(): void {
    Atomics.store(this.#numbers, CLOSED, 1)
    Atomics.store(this.#numbers, NEXT, 0x3fffffff)
    // Who has looked and is about to wait sees another number.
    this.done()
  }

  get isClosed(): boolean {
    return Atomics.load(this.#numbers, CLOSED) !== 0
  }
}
