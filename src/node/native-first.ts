/**
 * A decompressor of node:zlib, which is fast, with an exact one behind it. A fault of the first says nothing of where it is, and
 * takes sound bytes with it: then the input is read again by the exact one, which knows every byte before the damage.
 */
import { Readable, type Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ByteReader } from './byte-reader.ts'
import { StreamBytes } from './stream-bytes.ts'

const INPUT_SIZE = 64 * 1024
/** Bytes per call into node:zlib: 256 KiB gave 212 MB/s of gzip, the default of 16 KiB 131 MB/s (November 2026). */
export const OUTPUT_SIZE = 256 * 1024

export interface NativeFirstOptions {
  readonly input: ByteReader
  /** The same input from its start on. */
  readonly inputAgain: () => ByteReader
  readonly native: Transform
  readonly exact: (input: ByteReader) => ByteReader
}

export class NativeFirst implements ByteReader {
  readonly #options: NativeFirstOptions
  readonly #native: StreamBytes
  #exact: ByteReader | null = null

  constructor(options: NativeFirstOptions) {
    this.#options = options
    const { native } = options
    // The fault reaches us through the reading end.
    pipeline(Readable.from(this.#chunks(), { highWaterMark: 1 }), native).catch(() => {})
    this.#native = new StreamBytes('compressed', native)
  }

  async read(into: Uint8Array): Promise<number> {
    if (this.#exact !== null) return this.#exact.read(into)
    try {
      return await this.#native.read(into)
    } catch (error) {
      if (!isZlibError((error as Error).cause)) throw error
    }
    this.#exact = this.#options.exact(this.#options.inputAgain())
    await skip(this.#exact, this.#native.position)
    return this.#exact.read(into)
  }

  async close(): Promise<void> {
    await this.#native.close()
    await this.#exact?.close()
    await this.#options.input.close()
  }

  async *#chunks(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const chunk = new Uint8Array(INPUT_SIZE)
      const count = await this.#options.input.read(chunk)
      if (count === 0) return
      yield chunk.subarray(0, count)
    }
  }
}

async function skip(reader: ByteReader, length: number): Promise<void> {
  const scratch = new Uint8Array(Math.min(length, OUTPUT_SIZE))
  for (let left = length; left > 0; ) {
    const count = await reader.read(scratch.subarray(0, Math.min(left, scratch.length)))
    if (count === 0) return
    left -= count
  }
}

function isZlibError(error: unknown): boolean {
  return error instanceof Error && /^Z_/.test(String((error as NodeJS.ErrnoException).code))
}
