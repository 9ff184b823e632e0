/** Counts what the engine does not: frames per interface, and why decoding stopped. */
import type { Counts } from '../engine/records.ts'
import type { FrameRun } from './frame-run.ts'

/** More interfaces than the module keeps, see assembly/interfaces.ts. */
const MAX_INTERFACES = 1 << 16

export class FrameTally {
  #frames = new Float64Array(16)
  #bytes = new Float64Array(16)
  /** By STOP_ constant of the decoders. */
  readonly #stops = new Float64Array(4)

  add({ batch, start, end }: FrameRun): void {
    const { stop, origlen } = batch
    const interfaces = batch.interface
    for (let i = start; i < end; i++) {
      const id = interfaces[i]!
      if (id >= this.#frames.length) this.#grow(id)
      this.#frames[id]! += 1
      this.#bytes[id]! += origlen[i]!
      this.#stops[stop[i]!]! += 1
    }
  }

  /** Frames and original bytes of an interface. */
  of(interfaceId: number): Counts {
    return { packets: this.#frames[interfaceId] ?? 0, bytes: this.#bytes[interfaceId] ?? 0 }
  }

  /** Frames whose decoding stopped for this reason. */
  stopped(reason: number): number {
    return this.#stops[reason]!
  }

  #grow(id: number): void {
    const length = Math.min(MAX_INTERFACES, 2 ** Math.ceil(Math.log2(id + 1)))
    const grown = (old: Float64Array) => {
      const next = new Float64Array(length)
      next.set(old)
      return next
    }
    this.#frames = grown(this.#frames)
    this.#bytes = grown(this.#bytes)
  }
}
