/** Compressions that are found by their magic bytes: RFC 1952, RFC 8878, LZ4 Frame Format 1.6. */
export type Compression = 'gzip' | 'zstd' | 'lz4'

/** A stored file whose bytes are the capture itself: any part of it can be read, by several readers at once. */
export interface RandomAccess {
  /** Of the open file, for the process that opened it. */
  readonly descriptor: number
  /** The next `read` begins at this offset. */
  seek(offset: number): void
}

/**
 * Where bytes come from: a file, stdin, a Blob. Decompressed: what `read` hands out is the capture itself.
 */
export interface Source {
  /** As the user knows it: the path, or `stdin`. */
  readonly name: string
  /** Bytes of the file as it is stored; null when nobody knows (a pipe). */
  readonly size: number | null
  /** Stored bytes consumed so far, for progress. */
  readonly position: number
  /** Found by magic bytes; settled when the first `read` has returned. */
  readonly compression: Compression | null
  /** Settled with `compression`; null for anything but a regular file that is not compressed. */
  readonly random?: RandomAccess | null
  /**
   * Writes at least one and at most `into.length` bytes to the start of `into` and returns how many; 0 at the end.
   * Throws {@link SourceDamage} where the stored bytes are damaged, after every byte before the damage was handed out.
   */
  read(into: Uint8Array): Promise<number>
  /** Ends it, and a read that waits. No error when it is closed already. */
  close(): Promise<void>
}

/** The stored bytes end too early (`cut`) or contradict themselves (a wrong checksum). The message says where. */
export class SourceDamage extends Error {
  override readonly name = 'SourceDamage'
  /** Which of the two. */
  readonly kind: 'cut' | 'damaged'

  constructor(message: string, kind: 'cut' | 'damaged' = 'damaged') {
    super(message)
    this.kind = kind
  }
}

/** There is nothing to read: no such file, no permission, a directory. The message names the source and the reason. */
export class SourceUnavailable extends Error {
  override readonly name = 'SourceUnavailable'
}
