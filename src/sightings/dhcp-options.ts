/** What DHCP for IPv4 and for IPv6 have in common: a client's name in its request, and its address in the answer to that. */
import { readDnsName } from './dns-name.ts'
import { readNameText } from './name-text.ts'

/** Requests whose answer has not come; the oldest is forgotten for the newest. */
const MOST_PENDING = 1024

/** Names by transaction. */
export class PendingNames {
  readonly #names = new Map<string, string>()

  note(transaction: string, name: string): void {
    this.#names.delete(transaction)
    this.#names.set(transaction, name)
    if (this.#names.size <= MOST_PENDING) return
    for (const oldest of this.#names.keys()) {
      this.#names.delete(oldest)
      return
    }
  }

  get(transaction: string): string | null {
    return this.#names.get(transaction) ?? null
  }

  clear(): void {
    this.#names.clear()
  }
}

/** A domain name in wire form (RFC 1035 §3.1), perhaps without its end (RFC 4702 §3.1: then it is not fully qualified). */
export function readWireName(bytes: Uint8Array, start: number, end: number): string | null {
  const ended = new Uint8Array(end - start + 1)
  ended.set(bytes.subarray(start, end))
  // No pointer leads anywhere from a name that stands at the beginning.
  return readDnsName(ended, 0)
}

/** Text, and the zeros that some clients put behind it. */
export function readPaddedText(bytes: Uint8Array, start: number, end: number): string | null {
  let last = end
  while (last > start && bytes[last - 1] === 0) last--
  return readNameText(bytes, start, last)
}

export function hexOf(bytes: Uint8Array): string {
  let hex = ''
  for (const byte of bytes) hex += (byte + 0x100).toString(16).slice(1)
  return hex
}
