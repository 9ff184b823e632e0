import type { ByteReader } from './byte-reader.ts'

const BUFFER_SIZE = 64 * 1024

/** Exact amounts of bytes from a reader that gives any amount, for formats made of sized fields. */
export class BufferedReader {
  readonly #input: ByteReader
  readonly #buffer = new Uint8Array(BUFFER_SIZE)
  #start = 0
  #end = 0
  #position = 0

  constructor(input: ByteReader) {
    this.#input = input
  }

  /** Bytes handed out so far, for messages. */
  get position(): number {
    return this.#position
  }

  /** Fills `into` and returns how many bytes it got: fewer than `into.length` only at the end of the input. */
  async fill(into: Uint8Array): Promise<number> {
    let count = 0
    while (count < into.length) {
      if (this.#start === this.#end) {
        this.#start = 0
        this.#end = await this.#input.read(this.#buffer)
        if (this.#end === 0) break
      }
      const part = this.#buffer.subarray(this.#start, Math.min(this.#end, this.#start + into.length - count))
      into.set(part, count)
      count += part.length
      this.#start += part.length
    }
    this.#position += count
    return count
  }

  close(): Promise<void> {
    return this.#input.close()
  }
}
