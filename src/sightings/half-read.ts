/** What is begun and waits for more bytes, by flow. The oldest is dropped for others, not for itself. */
import { Gathered } from './gathered.ts'

const MOST_ENTRIES = 4096
/** 16 MiB: with all entries full there are 4 KiB for each, which is twice the hello of a browser. */
const MOST_BYTES = 16 << 20

export class HalfRead<State> {
  readonly #entries = new Map<string | number, Begun<State>>()
  #bytes = 0

  get(flow: string | number): Begun<State> | undefined {
    return this.#entries.size === 0 ? undefined : this.#entries.get(flow)
  }

  /** In place of what there was for the flow. */
  begin(flow: string | number, state: State, limit: number): Begun<State> {
    this.drop(flow)
    const begun = { state, gathered: new Gathered(limit) }
    this.#entries.set(flow, begun)
    if (this.#entries.size > MOST_ENTRIES) this.#dropOldest(begun)
    return begun
  }

  /** As {@link Gathered.add}, for an entry of this table. */
  add(begun: Begun<State>, offset: number, bytes: Uint8Array): boolean {
    const before = begun.gathered.held
    const hasGrown = begun.gathered.add(offset, bytes)
    this.#bytes += begun.gathered.held - before
    while (this.#bytes > MOST_BYTES && this.#entries.size > 1) this.#dropOldest(begun)
    return hasGrown
  }

  /** As {@link Gathered.consume}. */
  consume(begun: Begun<State>, count: number): void {
    const before = begun.gathered.held
    begun.gathered.consume(count)
    this.#bytes += begun.gathered.held - before
  }

  drop(flow: string | number): void {
    const begun = this.#entries.get(flow)
    if (begun === undefined) return
    this.#entries.delete(flow)
    this.#bytes -= begun.gathered.held
  }

  clear(): void {
    this.#entries.clear()
    this.#bytes = 0
  }

  #dropOldest(except: Begun<State>): void {
    for (const [flow, begun] of this.#entries) {
      if (begun === except) continue
      this.drop(flow)
      return
    }
  }
}

export interface Begun<State> {
  readonly state: State
  readonly gathered: Gathered
}
