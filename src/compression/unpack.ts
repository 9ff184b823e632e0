/** Stored bytes to a {@link Source}: the first bytes tell whether they are compressed, wherever they come from. */
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

/** How compressed bytes are read here. */
export interface Unpacking {
  /** What is in `bytes`, which begin with the magic of this compression. `layer` is 0 for the bytes as they are stored. */
  decompressor(compression: Compression, bytes: ByteReader, layer: number): Promise<ByteReader>
  /** Stored bytes that somebody else has read for us. */
  readonly position?: number
  /** Asked before each read; null: nothing to wait for. */
  turn?(): Promise<void> | null
}

export function unpack(stored: StoredBytes, unpacking: Unpacking): Source {
  return new UnpackedSource(stored, unpacking)
}

class UnpackedSource implements Source {
  readonly name: string
  readonly size: number | null
  compression: Compression | null = null
  readonly #stored: StoredBytes
  readonly #unpacking: Unpacking
  #bytes: ByteReader | null = null
  #fault: unknown = null
  #closed = false

  constructor(stored: StoredBytes, unpacking: Unpacking) {
    this.#unpacking = unpacking
    this.name = stored.name
    this.size = stored.size
    this.#stored = stored
  }

  get position(): number {
    return Math.max(this.#stored.position, this.#unpacking.position ?? 0)
  }

  get random(): RandomAccess | null {
    return this.#bytes !== null && this.compression === null ? (this.#stored.random ?? null) : null
  }

  async read(into: Uint8Array): Promise<number> {
    if (this.#closed) return 0
    if (this.#fault !== null) throw this.#fault
    const turn = this.#unpacking.turn?.() ?? null
    if (turn !== null) await turn
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
      bytes = await this.#unpacking.decompressor(compression, bytes, layer)
    }
    return bytes
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await this.#bytes?.close()
    await this.#stored.close()
  }
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
