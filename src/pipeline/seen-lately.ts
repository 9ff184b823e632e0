/** Ids, second by second → how many different ones the last so many seconds had. Eight bytes an id, and a step for each that is seen. */
export class SeenLately {
  /** Ids of the last seconds, each counted where it was seen last. */
  count = 0
  readonly #seconds: number
  /** By id: the second it was seen in last. */
  #last: Float64Array = new Float64Array(0)
  /** A ring: by second, how many ids were seen last in it. */
  readonly #ids: Float64Array
  #now = Number.NEGATIVE_INFINITY

  constructor(seconds: number) {
    this.#seconds = seconds
    this.#ids = new Float64Array(seconds)
  }

  /** Goes forward only. */
  moveTo(second: number): void {
    if (second <= this.#now) return
    const steps = Math.min(this.#seconds, second - this.#now)
    for (let i = 0; i < steps; i++) {
      const place = this.#place(second - i)
      this.count -= this.#ids[place]!
      this.#ids[place] = 0
    }
    this.#now = second
  }

  /** The id is seen now. Returns when it was before: negative infinity for never. */
  add(id: number): number {
    this.#reserve(id)
    const before = this.#last[id]!
    if (before === this.#now) return before
    if (before > this.#now - this.#seconds) this.#ids[this.#place(before)]! -= 1
    else this.count += 1
    this.#ids[this.#place(this.#now)]! += 1
    this.#last[id] = this.#now
    return before
  }

  #place(second: number): number {
    const place = second % this.#seconds
    return place < 0 ? place + this.#seconds : place
  }

  #reserve(id: number): void {
    const { length } = this.#last
    if (id < length) return
    const grown = new Float64Array(Math.max(1024, id + 1, length * 2)).fill(Number.NEGATIVE_INFINITY)
    grown.set(this.#last)
    this.#last = grown
  }
}
