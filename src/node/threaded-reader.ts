/** Decompressed bytes of a file from another thread, so that they are made while those before them are counted. */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { type Compression, SourceDamage, SourceUnavailable } from '../capture/source.ts'
import { type ByteReader, Unsupported } from '../compression/byte-reader.ts'

/** What the thread is given: an open regular file, which stays ours. */
export interface DecompressJob {
  readonly descriptor: number
  readonly name: string
  readonly compression: Compression
}

/** Bytes that were made: at least one; or the end; or what went wrong after the bytes before. */
export interface DecompressedPiece {
  readonly bytes: Uint8Array<ArrayBuffer> | null
  readonly fault: {
    readonly name: string
    readonly kind: 'cut' | 'damaged' | undefined
    readonly message: string
  } | null
  /** Stored bytes that were read for it. */
  readonly position: number
}

/** Buffers under way: while one is counted, others are filled. */
const BUFFERS = 4
const BUFFER_BYTES = 1 << 20

/** The same two steps up from src/node (tests), from dist/node (the library) and from the bundle's folders. */
const WORKER = new URL('../../build/workers/decompress-worker.js', import.meta.url)

export class ThreadedReader implements ByteReader {
  readonly #worker: Worker
  readonly #waiting: DecompressedPiece[] = []
  readonly #onPosition: (position: number) => void
  #piece: Uint8Array<ArrayBuffer> = new Uint8Array(0)
  #taken = 0
  #wake = () => {}
  #failure: Error | null = null

  constructor(job: DecompressJob, onPosition: (position: number) => void) {
    this.#onPosition = onPosition
    this.#worker = new Worker(WORKER, { workerData: job })
    this.#worker.on('message', (piece: DecompressedPiece) => {
      this.#waiting.push(piece)
      this.#wake()
    })
    this.#worker.on('error', (error) => {
      this.#failure = error as Error
      this.#wake()
    })
    for (let i = 0; i < BUFFERS; i++) this.#give(new ArrayBuffer(BUFFER_BYTES))
  }

  async read(into: Uint8Array): Promise<number> {
    if (this.#taken === this.#piece.length) {
      if (this.#piece.length > 0) this.#give(this.#piece.buffer)
      this.#piece = await this.#nextPiece()
      this.#taken = 0
    }
    const part = this.#piece.subarray(this.#taken, this.#taken + into.length)
    into.set(part)
    this.#taken += part.length
    return part.length
  }

  /** The thread ends by itself: to terminate one that runs WebAssembly hangs once in thousands of times (nodejs/node#47748). */
  async close(): Promise<void> {
    if (this.#worker.threadId === -1) return
    const ended = once(this.#worker, 'exit')
    this.#worker.postMessage(null)
    await ended
  }

  /** Empty at the end, and from then on. */
  async #nextPiece(): Promise<Uint8Array<ArrayBuffer>> {
    while (this.#waiting.length === 0) {
      if (this.#failure !== null) throw this.#failure
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    const [piece] = this.#waiting as [DecompressedPiece]
    this.#onPosition(piece.position)
    // The end, and a fault, stay what comes next.
    if (piece.fault !== null) throw errorOf(piece.fault)
    if (piece.bytes === null) return new Uint8Array(0)
    this.#waiting.shift()
    return piece.bytes
  }

  #give(buffer: ArrayBuffer): void {
    this.#worker.postMessage(buffer, [buffer])
  }
}

function errorOf({ name, kind, message }: NonNullable<DecompressedPiece['fault']>): Error {
  if (name === 'SourceDamage') return new SourceDamage(message, kind)
  if (name === 'SourceUnavailable') return new SourceUnavailable(message)
  return name === 'Unsupported' ? new Unsupported(message) : new Error(message)
}
