/**
 * A decompressor of node:zlib, which is fast, with an exact one behind it. A fault of the first says nothing of where it is, and
 * takes sound bytes with it: then the input is read again by the exact one, which knows every byte before the damage.
 */
import type { Transform } from 'node:stream'
import type { ByteReader } from '../compression/byte-reader.ts'
import { StreamBytes } from './stream-bytes.ts'

/** Bytes per call into node:zlib, both ways. With 64 KiB in and 256 KiB out it took a fifth more CPU time (November 2026). */
export const CHUNK_SIZE = 512 * 1024

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
    this.#native = new StreamBytes('compressed', native)
    // Whoever reads is told, then or later.
    native.on('error', () => {})
    void this.#feed(native)
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

  /** One chunk is decompressed, by a thread of Node, while the next is read. */
  async #feed(native: Transform): Promise<void> {
    const chunks = [new Uint8Array(CHUNK_SIZE), new Uint8Array(CHUNK_SIZE)]
    let taken: Promise<unknown> = Promise.resolve()
    try {
      for (let i = 0; !native.destroyed; i = 1 - i) {
        const chunk = chunks[i]!
        const count = await this.#options.input.read(chunk)
        await taken
        if (count === 0) {
          native.end()
          return
        }
        taken = new Promise((resolve) => native.write(chunk.subarray(0, count), resolve))
      }
    } catch (error) {
      native.destroy(error as Error)
    }
  }
}

async function skip(reader: ByteReader, length: number): Promise<void> {
  const scratch = new Uint8Array(Math.min(length, CHUNK_SIZE))
  for (let left = length; left > 0; ) {
    const count = await reader.read(scratch.subarray(0, Math.min(left, scratch.length)))
    if (count === 0) return
    left -= count
  }
}

function isZlibError(error: unknown): boolean {
  return error instanceof Error && /^Z_/.test(String((error as NodeJS.ErrnoException).code))
}
