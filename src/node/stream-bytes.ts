import type { Readable } from 'node:stream'
import type { StoredBytes } from '../compression/byte-reader.ts'
import { unavailable } from './system-error.ts'

/**
 * A Node stream (a pipe, a socket, stdin, the output of a capture tool) as stored bytes. The stream is only asked for more
 * when the caller asks, so a slow reader slows the writer; what has come is handed out at once, so a live capture is not delayed.
 */
export class StreamBytes implements StoredBytes {
  readonly name: string
  readonly size = null
  readonly #stream: Readable
  readonly #chunks: AsyncIterator<Uint8Array>
  #chunk: Uint8Array = new Uint8Array(0)
  #position = 0
  #closed = false

  constructor(name: string, stream: Readable) {
    this.name = name
    this.#stream = stream
    this.#chunks = stream[Symbol.asyncIterator]()
  }

  get position(): number {
    return this.#position
  }

  async read(into: Uint8Array): Promise<number> {
    while (this.#chunk.length === 0) {
      const next = await this.#next()
      if (next === null) return 0
      this.#chunk = next
    }
    const part = this.#chunk.subarray(0, into.length)
    into.set(part)
    this.#chunk = this.#chunk.subarray(part.length)
    this.#position += part.length
    return part.length
  }

  async #next(): Promise<Uint8Array | null> {
    if (this.#closed) return null
    try {
      const { done, value } = await this.#chunks.next()
      return done ? null : value
    } catch (error) {
      // Closing ends a read that is still waiting: its premature end is no fault.
      if (this.#closed) return null
      throw unavailable('read', this.name, error)
    }
  }

  /** Destroys the stream, not the iterator: the iterator's `return` would wait behind a read that may never end. */
  async close(): Promise<void> {
    this.#closed = true
    this.#stream.destroy()
  }
}
