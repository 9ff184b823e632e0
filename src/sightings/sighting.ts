/** What the readers of payload take, and what they tell: an address, its name, and who told it. */

/** Who told the name. In the order in which one is believed before another. */
export type NameSource = 'dns' | 'mdns' | 'llmnr' | 'tls' | 'quic' | 'http' | 'dhcp' | 'pcapng' | 'hosts' | 'ptr'

/**
 * Called for each name found. `address`: 4 or 16 bytes, valid during the call only. `name`: text from a stranger, checked:
 * 1 to 253 characters of printable ASCII, anything else as \DDD (RFC 4343 §2.1), no trailing dot.
 */
export type OnName = (address: Uint8Array, name: string, source: NameSource) => void

/** One TCP segment or UDP datagram. Valid during the call that it is handed to. */
export interface Payload {
  /** What the capture holds of the payload. */
  readonly bytes: Uint8Array
  /** Bytes of the payload on the wire, before the snaplen cut. */
  readonly wholeLength: number
  /** 4 or 16 bytes each. */
  readonly source: Uint8Array
  readonly destination: Uint8Array
  readonly sourcePort: number
  readonly destinationPort: number
  readonly isTcp: boolean
  /** TCP: sequence number of the first byte, unsigned. Else anything. */
  readonly sequence: number
  /** The same for all segments of one direction of one connection. */
  readonly flow: string | number
}
