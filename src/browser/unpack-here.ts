/** Stored bytes → a {@link Source}, with the decompressors that run anywhere: each is loaded when a file needs it. */
import type { Compression, Source } from '../capture/source.ts'
import type { ByteReader, StoredBytes } from '../compression/byte-reader.ts'
import { unpack } from '../compression/unpack.ts'
import { createTurns } from './take-turn.ts'

/** Whoever reads to the end leaves others their turn: a few stored bytes may be gigabytes, with nothing to wait for. */
export function unpackHere(stored: StoredBytes): Source {
  return unpack(stored, { decompressor: decompressorOf, turn: createTurns() })
}

/**
 * gzip is not read by DecompressionStream: it takes one member and no more (Compression Streams §4, "additional input" is an error), and
 * loses what it had inflated before damage.
 */
async function decompressorOf(compression: Compression, bytes: ByteReader): Promise<ByteReader> {
  if (compression === 'gzip') return new (await import('../compression/gzip-exact.ts')).ExactGunzip(bytes)
  if (compression === 'zstd') return new (await import('../compression/zstd.ts')).ZstdReader(bytes)
  return new (await import('../compression/lz4-frame.ts')).Lz4Reader(bytes)
}
