/** Chunks of any length (a ReadableStream of a download, an async iterable) as stored bytes, pulled when they are asked for. */
import { type Source, SourceUnavailable } from '../capture/source.ts'
import type { StoredBytes } from '../compression/byte-reader.ts'
import { unpackHere } from './unpack-here.ts'

/** What browsers hand out in pieces: `response.body`, or anything that is iterated. */
export type Chunks = AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>

/**
 * A capture that comes in chunks, read once: what is compressed with gzip, zstd or lz4 is decompressed. `name` is how messages
 * call it. Reading throws {@link SourceUnavailable} when the chunks fail. Closing the source cancels them.
 */
export function openChunks(chunks: Chunks, name: string): Source {
  return unpackHere(new StreamBytes(name, chunks))
}

class StreamBytes implements StoredBytes {
  readonly name: string
  readonly size = null
  readonly #chunks: AsyncIterator<Uint8Array>
  #chunk: Uint8Array = new Uint8Array(0)
  #position = 0
  #closed = false

  constructor(name: string, chunks: Chunks) {
    this.name = name
    this.#chunks = Symbol.asyncIterator in chunks ? chunks[Symbol.asyncIterator]() : iteratorOf(chunks)
  }

  get position(): number {
    return this.#position
  }

  async read(into: Uint8Array): Promise<number> {
    while (this.#chunk.length === 0) {
      if (this.#closed) return 0
      let next: IteratorResult<Uint8Array>
      try {
        next = await this.#chunks.next()
      } catch (cause) {
        // Closing ends a read that is still waiting: its premature end is no fault.
        if (this.#closed) return 0
        const reason = cause instanceof Error && cause.message !== '' ? cause.message : 'unknown error'
        throw new SourceUnavailable(`cannot read ${this.name}: ${reason}`, { cause })
      }
      if (next.done) return 0
      this.#chunk = next.value
    }
    const part = this.#chunk.subarray(0, into.length)
    into.set(part)
    this.#chunk = this.#chunk.subarray(part.length)
    this.#position += part.length
    return part.length
  }

  async close(): Promise<void> {
    this.#closed = true
    // Not waited for: it would stand behind a read that may never end.
    void Promise.resolve(this.#chunks.return?.()).catch(() => {})
  }
}

/** Streams of Safari cannot be iterated. */
function iteratorOf(stream: ReadableStream<Uint8Array>): AsyncIterator<Uint8Array> {
  const reader = stream.getReader()
  return {
    async next() {
      const { done, value } = await reader.read()
      return done ? { done: true, value: undefined } : { done: false, value }
    },
    async return() {
      await reader.cancel()
      return { done: true, value: undefined }
    },
  }
}
