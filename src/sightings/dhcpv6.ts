/**
 * DHCP for IPv6 (RFC 8415 §8, §21; Client FQDN RFC 4704 §4) → the names that clients give themselves, by the addresses that the
 * server's Reply grants them.
 *
 *     message type 1 | transaction id 3 | options: code 2, length 2, content
 *
 * What relays pass on (RFC 8415 §9) is inside their option 9; the client's own link has it without.
 */
import { hexOf, PendingNames, readWireName } from './dhcp-options.ts'
import type { OnName } from './sighting.ts'

const OPTIONS = 4
const OPTION_HEAD_LEN = 4
const SOLICIT = 1
const REPLY = 7
/** Request, Confirm, Renew, Rebind: what a client sends. */
const LAST_REQUEST = 6

const OPTION_CLIENT_ID = 1
const OPTION_IA_NA = 3
const OPTION_IA_ADDRESS = 5
const OPTION_CLIENT_FQDN = 39

/** Of an IA: its id and two times, then options. */
const IA_OPTIONS = 12
const ADDRESS_LEN = 16
/** Of an address: itself and two lifetimes. */
const IA_ADDRESS_LEN = 24

export class Dhcpv6Names {
  readonly #onName: OnName
  readonly #pending = new PendingNames()

  constructor(onName: OnName) {
    this.#onName = onName
  }

  read(bytes: Uint8Array): void {
    const type = bytes[0]!
    const isRequest = type >= SOLICIT && type <= LAST_REQUEST
    if (bytes.length < OPTIONS || !(isRequest || type === REPLY)) return
    let transaction = hexOf(bytes.subarray(1, OPTIONS))
    let name: string | null = null
    const addresses: Uint8Array[] = []
    visitOptions(bytes, OPTIONS, bytes.length, (code, start, end) => {
      // RFC 8415 §11: an identifier has at most 130 octets.
      if (code === OPTION_CLIENT_ID) transaction += hexOf(bytes.subarray(start, Math.min(end, start + 130)))
      else if (code === OPTION_CLIENT_FQDN && end > start + 1) name = readWireName(bytes, start + 1, end)
      else if (code === OPTION_IA_NA && !isRequest) {
        visitOptions(bytes, start + IA_OPTIONS, end, (inner, at, innerEnd) => {
          if (inner === OPTION_IA_ADDRESS && isValid(bytes, at, innerEnd)) {
            addresses.push(bytes.subarray(at, at + ADDRESS_LEN))
          }
        })
      }
    })
    name ??= isRequest ? null : this.#pending.get(transaction)
    if (name === null) return
    if (isRequest) this.#pending.note(transaction, name)
    for (const address of addresses) this.#onName(address, name, 'dhcp')
  }

  clear(): void {
    this.#pending.clear()
  }
}

/** A valid lifetime of 0 takes the address back (RFC 8415 §18.2.10.1). */
function isValid(bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at < IA_ADDRESS_LEN) return false
  return bytes.subarray(at + IA_ADDRESS_LEN - 4, at + IA_ADDRESS_LEN).some((byte) => byte !== 0)
}

/** Options that lie whole in [from, to). */
function visitOptions(
  bytes: Uint8Array,
  from: number,
  to: number,
  onOption: (code: number, start: number, end: number) => void,
): void {
  for (let at = from; at + OPTION_HEAD_LEN <= to; ) {
    const start = at + OPTION_HEAD_LEN
    const end = start + ((bytes[at + 2]! << 8) | bytes[at + 3]!)
    if (end > to) return
    onOption((bytes[at]! << 8) | bytes[at + 1]!, start, end)
    at = end
  }
}
