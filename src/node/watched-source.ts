/** A source that keeps a copy of its first bytes and tells when it is asked for more. */
import type { Compression, Source } from '../capture/source.ts'

export class WatchedSource implements Source {
  /** The first bytes; zeros where there are not as many, or not yet. */
  readonly start: Uint8Array
  readonly #source: Source
  readonly #beforeRead: () => void
  #length = 0

  /** `beforeRead`: whatever was read before has been dealt with. */
  constructor(source: Source, startLength: number, beforeRead: () => void) {
    this.#source = source
    this.#beforeRead = beforeRead
    this.start = new Uint8Array(startLength)
  }

  get name(): string {
    return this.#source.name
  }

  get size(): number | null {
    return this.#source.size
  }

  get position(): number {
    return this.#source.position
  }

  get compression(): Compression | null {
    return this.#source.compression
  }

  async read(into: Uint8Array): Promise<number> {
    this.#beforeRead()
    const bytes = await this.#source.read(into)
    if (this.#length < this.start.length) {
      const part = into.subarray(0, Math.min(bytes, this.start.length - this.#length))
      this.start.set(part, this.#length)
      this.#length += part.length
    }
    return bytes
  }

  close(): Promise<void> {
    return this.#source.close()
  }
}
