/** A Blob (a File that somebody chose) as stored bytes, read piece by piece: it may be larger than memory. */
import { SourceDamage, SourceUnavailable } from '../capture/source.ts'
import type { ByteReader, StoredBytes } from '../compression/byte-reader.ts'

/** Some bytes of a Blob, from its start on; null at the end. Never two calls at a time. */
interface Pieces {
  next(): Promise<Uint8Array | null>
  close(): void
}

export class BlobBytes implements StoredBytes {
  readonly name: string
  readonly size: number
  readonly #blob: Blob
  readonly #pieces: Pieces
  #piece: Uint8Array = new Uint8Array(0)
  /** The piece behind it, on its way while this one is counted. */
  #coming: Promise<Uint8Array | null> | null = null
  #position = 0
  #closed = false

  constructor(name: string, blob: Blob) {
    this.name = name
    this.size = blob.size
    this.#blob = blob
    this.#pieces = streamOf(blob) ?? slicesOf(blob)
  }

  get position(): number {
    return this.#position
  }

  /** Fills `into` while there is something: pieces are small, and each turn of the parser costs. */
  async read(into: Uint8Array): Promise<number> {
    let count = 0
    while (count < into.length && !this.#closed && this.#position < this.size) {
      if (this.#piece.length === 0) this.#piece = await this.#nextPiece()
      const part = this.#piece.subarray(0, into.length - count)
      into.set(part, count)
      this.#piece = this.#piece.subarray(part.length)
      this.#position += part.length
      count += part.length
    }
    return this.#closed ? 0 : count
  }

  async #nextPiece(): Promise<Uint8Array> {
    if (this.#coming === null) this.#fetch()
    const coming = this.#coming
    this.#coming = null
    let piece: Uint8Array | null
    try {
      piece = await coming
    } catch (cause) {
      // Closing ends a read that is still waiting.
      if (this.#closed) return new Uint8Array(0)
      throw new SourceUnavailable(`cannot read ${this.name}: ${reasonOf(cause)}`, { cause })
    }
    if (this.#closed) return new Uint8Array(0)
    if (piece !== null) {
      if (this.#position + piece.length < this.size) this.#fetch()
      return piece
    }
    throw new SourceDamage(`became shorter while it was read: ${this.#position} of ${this.size} bytes`, 'cut')
  }

  #fetch(): void {
    this.#coming = this.#pieces.next()
    // Whoever reads on is told; nobody may.
    this.#coming.catch(() => {})
  }

  fromStart(): ByteReader {
    return new BlobBytes(this.name, this.#blob)
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#piece = new Uint8Array(0)
    this.#pieces.close()
  }
}

const BUFFER_BYTES = 1 << 20

/**
 * Into buffers of our own, where the stream of a Blob takes them: Chromium reads a gigabyte in 1.2 s so, and in 3 s in slices of 4 MiB
 * (November 2026, two busy cores). Null where it does not.
 */
function streamOf(blob: Blob): Pieces | null {
  let reader: ReadableStreamBYOBReader
  try {
    reader = blob.stream().getReader({ mode: 'byob' })
  } catch {
    return null
  }
  // A piece is taken when the one before it is used up, and then the next is asked for: so of two buffers one is always free.
  let free: ArrayBuffer[] = [new ArrayBuffer(BUFFER_BYTES), new ArrayBuffer(BUFFER_BYTES)]
  let last: ArrayBuffer | null = null
  return {
    async next() {
      const into = free.pop() ?? new ArrayBuffer(BUFFER_BYTES)
      const { done, value } = await reader.read(new Uint8Array(into))
      if (last !== null) free = [last]
      last = value?.buffer ?? null
      return done || value === undefined ? null : value
    },
    close: () => void reader.cancel().catch(() => {}),
  }
}

/** Chromium took a millisecond for each, however small. */
const SLICE_BYTES = 4 << 20

function slicesOf(blob: Blob): Pieces {
  let at = 0
  return {
    async next() {
      if (at >= blob.size) return null
      const bytes = new Uint8Array(await blob.slice(at, at + SLICE_BYTES).arrayBuffer())
      at += bytes.length
      return bytes.length === 0 ? null : bytes
    },
    close() {},
  }
}

/** By File API §6.3: a file that has changed or gone since it was chosen cannot be read any more. */
function reasonOf(error: unknown): string {
  const name = error instanceof DOMException ? error.name : ''
  if (name === 'NotReadableError') return 'it was changed, or lost its permission, after it was chosen'
  if (name === 'NotFoundError') return 'it is no longer there, or it is a folder'
  if (name === 'SecurityError') return 'the browser does not allow it'
  return error instanceof Error && error.message !== '' ? error.message : 'unknown error'
}
