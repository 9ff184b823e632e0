/**
 * The segments last seen that began nothing. One of them may be the second part of a hello whose first part comes later.
 *
 * Segments change places with neighbours, so that few are enough: 64 of at most 2 kB, in one buffer of 128 kB.
 */
const SLOTS = 64
const SLOT_BYTES = 2048

interface Held {
  readonly flow: string | number
  readonly sequence: number
  readonly length: number
}

export class EarlySegments {
  #bytes: Uint8Array | null = null
  readonly #held: (Held | undefined)[] = new Array(SLOTS)
  #next = 0

  /** Longer segments are not kept. */
  keep(flow: string | number, sequence: number, bytes: Uint8Array): void {
    if (bytes.length === 0 || bytes.length > SLOT_BYTES) return
    this.#bytes ??= new Uint8Array(SLOTS * SLOT_BYTES)
    this.#bytes.set(bytes, this.#next * SLOT_BYTES)
    this.#held[this.#next] = { flow, sequence, length: bytes.length }
    this.#next = (this.#next + 1) % SLOTS
  }

  /** Those of a flow, oldest first. The bytes are valid until the next {@link keep}. */
  visit(flow: string | number, onSegment: (sequence: number, bytes: Uint8Array) => void): void {
    for (let i = 0; i < SLOTS; i++) {
      const slot = (this.#next + i) % SLOTS
      const held = this.#held[slot]
      if (held === undefined || held.flow !== flow) continue
      const start = slot * SLOT_BYTES
      onSegment(held.sequence, this.#bytes!.subarray(start, start + held.length))
    }
  }

  clear(): void {
    this.#held.fill(undefined)
  }
}
