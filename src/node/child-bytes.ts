import type { Readable } from 'node:stream'
import type { StoredBytes } from '../compression/byte-reader.ts'

/**
 * The stdout of a running child as stored bytes, read as it comes: a child that cannot write loses frames, and one whose
 * pipe is closed on a quiet network never ends. So reading never waits for the caller unless far too much is waiting, and
 * closing goes on reading and throws away.
 *
 * One `read` hands out as much as has come: dumpcap writes frame by frame, and a call for each would cost more than parsing.
 */
export class ChildBytes implements StoredBytes {
  readonly name: string
  readonly size = null
  /** Resolves to true with the first bytes, to false when there were none. */
  readonly started: Promise<boolean>
  readonly #stream: Readable
  readonly #onClose: () => void
  readonly #most: number
  /** What has come and was not handed out; the first `#taken` bytes of the first chunk were. */
  readonly #chunks: Uint8Array[] = []
  #taken = 0
  #waiting = 0
  #position = 0
  #ended = false
  #closed = false
  #wake = () => {}

  /** `onClose`: closed before its end. `most`: bytes held here before the pipe is left to fill up. */
  constructor(name: string, stream: Readable, onClose: () => void, most = 32 << 20) {
    this.name = name
    this.#stream = stream
    this.#onClose = onClose
    this.#most = most
    this.started = new Promise((resolve) => {
      stream.once('data', () => resolve(true))
      stream.once('close', () => resolve(false))
    })
    stream.on('data', (chunk: Uint8Array) => this.#take(chunk))
    const end = () => {
      this.#ended = true
      this.#wake()
    }
    // A fault of the pipe is its end: why the child ended is told by the child.
    stream.on('end', end).on('error', end).on('close', end)
  }

  get position(): number {
    return this.#position
  }

  #take(chunk: Uint8Array): void {
    if (this.#closed) return
    this.#chunks.push(chunk)
    this.#waiting += chunk.length
    if (this.#waiting >= this.#most) this.#stream.pause()
    this.#wake()
  }

  async read(into: Uint8Array): Promise<number> {
    while (this.#waiting === 0) {
      if (this.#ended || this.#closed) return 0
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    const length = this.#copy(into)
    this.#waiting -= length
    this.#position += length
    if (this.#stream.isPaused() && this.#waiting <= this.#most / 2) this.#stream.resume()
    return length
  }

  #copy(into: Uint8Array): number {
    let length = 0
    let whole = 0
    while (length < into.length && whole < this.#chunks.length) {
      const chunk = this.#chunks[whole]!
      const part = chunk.subarray(this.#taken, this.#taken + into.length - length)
      into.set(part, length)
      length += part.length
      this.#taken += part.length
      if (this.#taken < chunk.length) break
      this.#taken = 0
      whole++
    }
    this.#chunks.splice(0, whole)
    return length
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#chunks.length = 0
    this.#waiting = 0
    this.#stream.resume()
    this.#wake()
    if (!this.#ended) this.#onClose()
  }
}
