/** The bytes that are being rewritten: a frame's, copied out of the capture. */
import type { Anonymizer } from './anonymizer.ts'

export const MAC_LENGTH = 6
export const IPV4_LENGTH = 4
export const IPV6_LENGTH = 16

export class FrameBytes {
  bytes: Uint8Array<ArrayBuffer> = new Uint8Array(0)
  view: DataView<ArrayBuffer> = new DataView(this.bytes.buffer)
  readonly #anonymizer: Anonymizer

  constructor(anonymizer: Anonymizer) {
    this.#anonymizer = anonymizer
  }

  use(bytes: Uint8Array<ArrayBuffer>): void {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** Puts another address in place of the one of that length; what is no address of a known kind becomes zeros. */
  hide(at: number, length: number): void {
    this.bytes.set(this.#anonymizer.address(this.bytes.subarray(at, at + length)), at)
  }

  /** The same for a prefix of `bits` bits, whose other bits are 0. */
  hidePrefix(at: number, length: number, bits: number): void {
    this.hide(at, length)
    for (let i = 0; i < length; i++) {
      const kept = Math.min(8, Math.max(0, bits - 8 * i))
      this.bytes[at + i]! &= 0xff00 >> kept
    }
  }

  zero(start: number, end: number): void {
    if (end > start) this.bytes.fill(0, start, end)
  }
}
