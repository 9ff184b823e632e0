/** Where a log goes on in another file: what was asked for, and the frames at which it happens. */
import type { StreamBatch } from '../capture/frame-batch.ts'
import { timeOf } from './inputs.ts'

export interface Rotation {
  /** Most bytes of a file; a single record may be longer. */
  readonly bytes?: number | undefined
  /** Each file holds the frames of so much time, counted from the first frame of all. */
  readonly ns?: bigint | undefined
}

export class FileCuts {
  readonly #rotation: Rotation
  /** Bytes and frames of the file at hand. */
  #bytes = 0
  #frames = 0
  #startNs: bigint | null = null
  /** The first frame of that time or later begins a file. */
  #cutNs: bigint | null = null

  constructor(rotation: Rotation) {
    this.#rotation = rotation
  }

  /** The first of the frames [start, end) that belongs to another file; `end` when none does. */
  cutIn(batch: StreamBatch, start: number, end: number): number {
    const { ns } = this.#rotation
    if (ns === undefined) return end
    for (let i = start; i < end; i++) {
      const time = timeOf(batch, i)
      if (time === null) continue
      if (this.#startNs === null || this.#cutNs === null) {
        this.#startNs = time
        this.#cutNs = time + ns
      } else if (time >= this.#cutNs) {
        this.#cutNs += ((time - this.#cutNs) / ns + 1n) * ns
        return i
      }
    }
    return end
  }

  /** A file without frames takes any number of bytes. */
  isFull(nextBytes: number): boolean {
    const { bytes } = this.#rotation
    return bytes !== undefined && this.#frames > 0 && this.#bytes + nextBytes > bytes
  }

  begin(): void {
    this.#bytes = 0
    this.#frames = 0
  }

  add(bytes: number, frames: number): void {
    this.#bytes += bytes
    this.#frames += frames
  }
}
