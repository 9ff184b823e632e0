/**
 * DHCP messages (RFC 2131 §2, options RFC 2132, Client FQDN RFC 4702) → the names that clients give themselves, by the address
 * that the server grants them.
 *
 *     op 1 | htype 1 | hlen 1 | hops 1 | xid 4 | secs 2 | flags 2 | ciaddr 4 | yiaddr 4 | siaddr 4 | giaddr 4 |
 *     chaddr 16 | sname 64 | file 128 | magic cookie 4 | options
 *
 * A client says its name before it has an address. So its name is kept until the server's ACK, which has the address, and
 * perhaps a name that the server likes better. Who already has an address says both (ciaddr).
 */
import { hexOf, PendingNames, readPaddedText, readWireName } from './dhcp-options.ts'
import type { OnName } from './sighting.ts'

const OP = 0
const XID = 4
const CIADDR = 12
const YIADDR = 16
const CHADDR = 28
const COOKIE = 236
const OPTIONS = 240
const MAGIC = [99, 130, 83, 99]

const BOOTREQUEST = 1
const BOOTREPLY = 2

const OPTION_PAD = 0
const OPTION_HOST_NAME = 12
const OPTION_MESSAGE_TYPE = 53
const OPTION_CLIENT_FQDN = 81
const OPTION_END = 255

const REQUEST = 3
const ACK = 5
const INFORM = 8

/** Flag E of the Client FQDN: the name is in wire form. */
const FQDN_WIRE_FORM = 0x04
const FQDN_NAME = 3

export class DhcpNames {
  readonly #onName: OnName
  readonly #pending = new PendingNames()

  constructor(onName: OnName) {
    this.#onName = onName
  }

  read(bytes: Uint8Array): void {
    if (bytes.length < OPTIONS || MAGIC.some((byte, i) => bytes[COOKIE + i] !== byte)) return
    const { messageType, name } = readOptions(bytes)
    const transaction = hexOf(bytes.subarray(XID, XID + 4)) + hexOf(bytes.subarray(CHADDR, CHADDR + 16))
    if (bytes[OP] === BOOTREQUEST) {
      if (name === null) return
      this.#pending.note(transaction, name)
      if (messageType === REQUEST || messageType === INFORM) this.#tell(bytes, CIADDR, name)
    } else if (bytes[OP] === BOOTREPLY && messageType === ACK) {
      const told = name ?? this.#pending.get(transaction)
      // The answer to an INFORM grants nothing: RFC 2131 §4.3.5.
      if (told !== null) this.#tell(bytes, isZero(bytes, YIADDR) ? CIADDR : YIADDR, told)
    }
  }

  clear(): void {
    this.#pending.clear()
  }

  #tell(bytes: Uint8Array, at: number, name: string): void {
    if (!isZero(bytes, at)) this.#onName(bytes.subarray(at, at + 4), name, 'dhcp')
  }
}

function isZero(bytes: Uint8Array, at: number): boolean {
  return (bytes[at]! | bytes[at + 1]! | bytes[at + 2]! | bytes[at + 3]!) === 0
}

/** A fully qualified name goes before a host name. */
function readOptions(bytes: Uint8Array): { messageType: number; name: string | null } {
  let messageType = 0
  let hostName: string | null = null
  let fullName: string | null = null
  for (let at = OPTIONS; at < bytes.length && bytes[at] !== OPTION_END; ) {
    if (bytes[at] === OPTION_PAD) {
      at++
      continue
    }
    const start = at + 2
    const end = start + bytes[at + 1]!
    // Also when there is no length: NaN.
    if (!(end <= bytes.length)) break
    if (bytes[at] === OPTION_MESSAGE_TYPE && end > start) messageType = bytes[start]!
    else if (bytes[at] === OPTION_HOST_NAME) hostName = readPaddedText(bytes, start, end)
    else if (bytes[at] === OPTION_CLIENT_FQDN && end > start + FQDN_NAME) {
      const read = (bytes[start]! & FQDN_WIRE_FORM) !== 0 ? readWireName : readPaddedText
      fullName = read(bytes, start + FQDN_NAME, end)
    }
    at = end
  }
  return { messageType, name: fullName ?? hostName }
}
