/** Variable-length integers of QUIC (RFC 9000 §16), one after the other. */
export class VarintReader {
  readonly #bytes: Uint8Array
  at: number
  /** Something was read, or passed over, that is not there. It stays so. */
  isOver = false

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes
    this.at = at
  }

  /** 0 behind the end. Above 2^53 not exact, which no length inside a datagram is. */
  next(): number {
    const length = 1 << ((this.#bytes[this.at] ?? 0) >> 6)
    if (this.at + length > this.#bytes.length) {
      this.isOver = true
      return 0
    }
    let value = this.#bytes[this.at]! & 0x3f
    for (let i = 1; i < length; i++) value = value * 256 + this.#bytes[this.at + i]!
    this.at += length
    return value
  }

  skip(count: number): void {
    if (count > this.#bytes.length - this.at) this.isOver = true
    else this.at += count
  }
}
