/** Stored bytes to a {@link Source}: the first bytes tell whether they are compressed, on files and pipes alike. */
import { type Compression, type RandomAccess, type Source, SourceUnavailable } from '../capture/source.ts'
import { type ByteReader, type StoredBytes, Unsupported } from './byte-reader.ts'

const MAGIC_SIZE = 4
/** A capture compressed twice is a slip that happens; three times is somebody testing us. */
const MAX_LAYERS = 2

/** What the first four bytes say. Skippable frames belong to zstd and to lz4: zstd(1) writes them (pzstd), lz4(1) does not. */
export function detectCompression(start: Uint8Array): Compression | null {
  if (start.length >= 2 && start[0] === 0x1f && start[1] === 0x8b) return 'gzip'
  if (start.length < MAGIC_SIZE) return null
  const magic = new DataView(start.buffer, start.byteOffset).getUint32(0, true)
  if (magic === 0xfd2fb528 || (magic & 0xfffffff0) === 0x184d2a50) return 'zstd'
  if (magic === 0x184d2204 || magic === 0x184c2102) return 'lz4'
  return null
}

/** `onThread`: a compressed file may be decompressed on another thread. */
export function decompress(stored: StoredBytes, onThread = false): Source {
  return new DecompressedSource(stored, onThread)
}

/** A file with less is decompressed before a thread has begun. */
const LEAST_FOR_THREAD = 4 << 20

class DecompressedSource implements Source {
  readonly name: string
  readonly size: number | null
  compression: Compression | null = null
  readonly #stored: StoredBytes
  #bytes: ByteReader | null = null
  #fault: unknown = null
  #closed = false
  readonly #onThread: boolean
  /** Stored bytes that another thread has read. */
  #threadPosition = 0

  constructor(stored: StoredBytes, onThread: boolean) {
    this.#onThread = onThread
    this.name = stored.name
    this.size = stored.size
    this.#stored = stored
  }

  get position(): number {
    return Math.max(this.#stored.position, this.#threadPosition)
  }

  get random(): RandomAccess | null {
    return this.#bytes !== null && this.compression === null ? (this.#stored.random ?? null) : null
  }

  async read(into: Uint8Array): Promise<number> {
    if (this.#closed) return 0
    if (this.#fault !== null) throw this.#fault
    try {
      this.#bytes ??= await this.#open()
      return await this.#bytes.read(into)
    } catch (error) {
      // Closing in the middle of a read leaves the decompressor without its input.
      if (this.#closed) return 0
      this.#fault =
        error instanceof Unsupported ? new SourceUnavailable(`cannot read ${this.name}: ${error.message}`) : error
      throw this.#fault
    }
  }

  async #open(): Promise<ByteReader> {
    let bytes: ByteReader = this.#stored
    for (let layer = 0; layer < MAX_LAYERS; layer++) {
      const start = await readStart(bytes)
      bytes = restart(bytes, start)
      const compression = detectCompression(start.bytes)
      if (compression === null) break
      if (layer === 0) this.compression = compression
      bytes = (layer === 0 ? await this.#openThread(compression) : null) ?? (await decompressorOf(compression, bytes))
    }
    return bytes
  }

  async #openThread(compression: Compression): Promise<ByteReader | null> {
    const { random, size, name } = this.#stored
    if (!this.#onThread || random === undefined || size === null || size < LEAST_FOR_THREAD) return null
    // node:zlib inflates on a thread of its own, and what it makes need not be handed from another to this one.
    if (compression === 'gzip') return null
    const { ThreadedReader } = await import('./threaded-reader.ts')
    return new ThreadedReader({ descriptor: random.descriptor, name, compression }, (position) => {
      this.#threadPosition = position
    })
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await this.#bytes?.close()
    await this.#stored.close()
  }
}

/** Loads the decompressor that is wanted: the three are two thirds of the code that reading a plain capture needs. */
export async function decompressorOf(compression: Compression, bytes: ByteReader): Promise<ByteReader> {
  if (compression === 'gzip') return (await import('./gzip.ts')).gunzip(bytes)
  if (compression === 'zstd') return new (await import('./zstd.ts')).ZstdReader(bytes)
  return new (await import('./lz4-frame.ts')).Lz4Reader(bytes)
}

interface Start {
  readonly bytes: Uint8Array
  /** What reading met behind these bytes. It is thrown when they have been handed out. */
  readonly fault: unknown
}

async function readStart(reader: ByteReader): Promise<Start> {
  const bytes = new Uint8Array(MAGIC_SIZE)
  let length = 0
  try {
    while (length < MAGIC_SIZE) {
      const count = await reader.read(bytes.subarray(length))
      if (count === 0) break
      length += count
    }
  } catch (fault) {
    if (length === 0) throw fault
    return { bytes: bytes.subarray(0, length), fault }
  }
  return { bytes: bytes.subarray(0, length), fault: null }
}

/** The reader as it was before its start was read. */
function restart(reader: ByteReader, start: Start): ByteReader {
  let left = start.bytes
  return {
    async read(into) {
      if (left.length > 0) {
        const part = left.subarray(0, into.length)
        into.set(part)
        left = left.subarray(part.length)
        return part.length
      }
      if (start.fault !== null) throw start.fault
      return reader.read(into)
    },
    close: () => reader.close(),
    ...(reader.fromStart && { fromStart: reader.fromStart }),
  }
}
