import type { RandomAccess } from '../capture/source.ts'

/** Bytes on their way through, pulled by whoever needs them: a stored file, a pipe, or what a decompressor makes of either. */
export interface ByteReader {
  /**
   * Writes at least one and at most `into.length` bytes to the start of `into` and returns how many; 0 at the end.
   * Never two calls at a time.
   */
  read(into: Uint8Array): Promise<number>
  close(): Promise<void>
  /** A second reader over the same bytes from the first one on, where that is possible: regular files. */
  fromStart?(): ByteReader
}

/** Bytes as they are stored, before any decompression. */
export interface StoredBytes extends ByteReader {
  /** As the user knows it: the path, or `stdin`. */
  readonly name: string
  /** Null when nobody knows (a pipe). */
  readonly size: number | null
  /** Bytes read so far. */
  readonly position: number
  readonly random?: RandomAccess
}

/** The bytes may be sound, but netkit cannot read them. The message completes the sentence "cannot read FILE: …". */
export class Unsupported extends Error {
  override readonly name = 'Unsupported'
}
