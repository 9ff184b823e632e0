/** Stored bytes to a {@link Source}, decompressed by what Node has, on another thread where that can be. */
import type { Compression, Source } from '../capture/source.ts'
import type { ByteReader, StoredBytes } from '../compression/byte-reader.ts'
import { type Unpacking, unpack } from '../compression/unpack.ts'

/** A file with less is decompressed before a thread has begun. */
const LEAST_FOR_THREAD = 4 << 20

/** `onThread`: a compressed file may be decompressed on another thread. */
export function decompress(stored: StoredBytes, onThread = false): Source {
  return unpack(stored, onThread ? new ThreadUnpacking(stored) : { decompressor: decompressorOf })
}

class ThreadUnpacking implements Unpacking {
  /** Stored bytes that another thread has read. */
  position = 0
  readonly #stored: StoredBytes

  constructor(stored: StoredBytes) {
    this.#stored = stored
  }

  async decompressor(compression: Compression, bytes: ByteReader, layer: number): Promise<ByteReader> {
    return (layer === 0 ? await this.#openThread(compression) : null) ?? decompressorOf(compression, bytes)
  }

  async #openThread(compression: Compression): Promise<ByteReader | null> {
    const { random, size, name } = this.#stored
    if (random === undefined || size === null || size < LEAST_FOR_THREAD) return null
    // node:zlib inflates on a thread of its own, and what it makes need not be handed from another to this one.
    if (compression === 'gzip') return null
    const { ThreadedReader } = await import('./threaded-reader.ts')
    return new ThreadedReader({ descriptor: random.descriptor, name, compression }, (position) => {
      this.position = position
    })
  }
}

/** Loads the decompressor that is wanted: the three are two thirds of the code that reading a plain capture needs. */
export async function decompressorOf(compression: Compression, bytes: ByteReader): Promise<ByteReader> {
  if (compression === 'gzip') return (await import('./gzip.ts')).gunzip(bytes)
  if (compression === 'zstd') return new (await import('../compression/zstd.ts')).ZstdReader(bytes)
  return new (await import('../compression/lz4-frame.ts')).Lz4Reader(bytes)
}
