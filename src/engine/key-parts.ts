/**
 * What a group can be told apart by: address, subnet, port, protocol and so on, each with its columns, the flow key
 * fields that it needs, its identity as bytes and its values.
 *
 * A part reads a flow from one *side*. `reversed` swaps source and destination: that is how one set of parts serves
 * directed groups, conversations (the side whose endpoint comes first) and hosts (both sides).
 */
import { FAMILY_EVICTED, FAMILY_INTERFACE, FAMILY_IPV4, FAMILY_IPV6, FAMILY_NONE } from '../abi/families.ts'
import {
  KEY_DESTINATION,
  KEY_DESTINATION_PORT,
  KEY_INTERFACE,
  KEY_MAC,
  KEY_SOURCE,
  KEY_SOURCE_PORT,
  KEY_VLAN,
} from '../abi/key-fields.ts'
import type { FlowRow } from '../capture/flow-row.ts'
import { formatAddress } from '../decoders/address-text.ts'
import { maskOf } from '../names/prefix-mask.ts'
import { EVICTED_TEXT, protocolName } from '../names/protocols.ts'
import type { KeyBytes } from './key-bytes.ts'
import type { KeyColumn, KeyValue } from './records.ts'

/** Who knows more about an address than its text. */
export interface KeyNames {
  describe(bytes: Uint8Array): {
    readonly address: string
    readonly name: string | null
    /** Who told the name: `dns`, `hosts`; none for a label such as `Private Network`. */
    readonly source?: string | null
  }
  /**
   * The name alone. Given only where `address` is always the text of `formatAddress`, and one address has one name: rows of
   * numbers are then ordered and written without a string for each address.
   */
  nameOf?(bytes: Uint8Array): string | null
  /** Who told the name that `nameOf` gave last; null for a label. */
  readonly nameSource?: string | null
  /** What is printed in place of an address where `describe` is not asked. Left out: the address. */
  hide?(bytes: Uint8Array): Uint8Array
  /** The name of the interface of that index, null when it has none; its index is printed then. */
  interfaceName?(index: number): string | null
}

export interface KeyPart {
  readonly columns: readonly KeyColumn[]
  /** KEY_ bits that the flow table's key must have. */
  readonly keyFields: number
  /** Two rows that differ in one of `keyFields` differ in the part. */
  readonly tellsAll: boolean
  /** The same whichever side of the flow is looked from. */
  readonly symmetric: boolean
  pack(row: FlowRow, reversed: boolean, into: KeyBytes): void
  /** Hands the value of each column over, in their order. */
  write(row: FlowRow, reversed: boolean, names: KeyNames, into: KeySink): void
}

/** What takes the values of a key: an array of them, the bytes that order rows, or a line of output. */
export interface KeySink {
  /** Three columns, address, name and who told the name. The bytes are the sink's until it returns. */
  address(bytes: Uint8Array, names: KeyNames): void
  text(value: string | null): void
  number(value: number | null): void
}

/** One value for each column of the parts. */
export function keyValues(parts: readonly KeyPart[], row: FlowRow, reversed: boolean, names: KeyNames): KeyValue[] {
  const values: KeyValue[] = []
  const into: KeySink = {
    address(bytes) {
      const { address, name, source = null } = names.describe(bytes)
      values.push(address, name, source)
    },
    text: (value) => values.push(value),
    number: (value) => values.push(value),
  }
  for (const part of parts) part.write(row, reversed, names, into)
  return values
}

/** Prefix lengths for {@link subnetPart}. */
export interface Prefixes {
  readonly ipv4: number
  readonly ipv6: number
}

const WHOLE_ADDRESS = 128

/** Address and name of one end, and who told the name: the source, or the destination of a flow that is read in reverse. */
export function addressPart(
  columns: readonly [KeyColumn, KeyColumn, KeyColumn],
  end: 'source' | 'destination',
): KeyPart {
  return {
    columns,
    keyFields: end === 'source' ? KEY_SOURCE : KEY_DESTINATION,
    tellsAll: true,
    symmetric: false,
    pack(row, reversed, into) {
      into.address(addressOf(row, end, reversed), WHOLE_ADDRESS)
      if (hasNoAddress(row)) into.number(end === 'source' ? row.interface : 0)
    },
    write(row, reversed, names, into) {
      if (!hasNoAddress(row)) return into.address((end === 'source') === reversed ? row.destination : row.source, names)
      // Without addresses the frame is the interface's: its name stands at the source, whichever side is looked from.
      into.text(end === 'source' ? interfaceText(row, names) : null)
      into.text(null)
      into.text(null)
    },
  }
}

/** The subnet of one end as `192.0.2.0/24`; null for a MAC address and where there is none. */
export function subnetPart(column: KeyColumn, end: 'source' | 'destination', prefixes: Prefixes): KeyPart {
  const prefixOf = (row: FlowRow) =>
    row.family === FAMILY_IPV4 ? prefixes.ipv4 : row.family === FAMILY_IPV6 ? prefixes.ipv6 : null
  return {
    columns: [column],
    keyFields: end === 'source' ? KEY_SOURCE : KEY_DESTINATION,
    tellsAll: false,
    symmetric: false,
    pack(row, reversed, into) {
      const prefix = prefixOf(row)
      if (prefix === null) into.number(0)
      else into.address(addressOf(row, end, reversed), prefix)
    },
    write(row, reversed, names, into) {
      const prefix = prefixOf(row)
      if (prefix === null) return into.text(null)
      const network = shown(addressOf(row, end, reversed), names).map((byte, i) => byte & maskOf(i, prefix))
      into.text(`${formatAddress(network)}/${prefix}`)
    },
  }
}

/** The port of one end; null for 0, which stands for "none" in a flow. */
export function portPart(column: KeyColumn, end: 'source' | 'destination'): KeyPart {
  const portOf = (row: FlowRow, reversed: boolean) =>
    (end === 'source') === reversed ? row.destinationPort : row.sourcePort
  return {
    columns: [column],
    keyFields: end === 'source' ? KEY_SOURCE_PORT : KEY_DESTINATION_PORT,
    tellsAll: true,
    symmetric: false,
    pack: (row, reversed, into) => into.number(portOf(row, reversed)),
    write: (row, reversed, _names, into) => into.number(portOf(row, reversed) || null),
  }
}

/** The port that says which service: the lower one, because servers listen below the ephemeral ports (RFC 6335 §6). */
export const servicePortPart: KeyPart = {
  columns: ['port'],
  keyFields: KEY_SOURCE_PORT | KEY_DESTINATION_PORT,
  tellsAll: false,
  symmetric: true,
  pack: (row, _reversed, into) => into.number(servicePort(row)),
  write: (row, _reversed, _names, into) => into.number(servicePort(row) || null),
}

/** The number is IANA's and only given for IP; EtherTypes and link types would be mistaken for it. */
export const protocolPart: KeyPart = {
  columns: ['protocol', 'protocol_number'],
  keyFields: 0,
  tellsAll: true,
  symmetric: true,
  pack(row, _reversed, into) {
    // UDP is UDP over IPv4 and over IPv6.
    into.number(row.family === FAMILY_IPV6 ? FAMILY_IPV4 : row.family)
    into.number(row.protocol)
  },
  write(row, _reversed, _names, into) {
    const { family, protocol } = row
    into.text(protocolName(family, protocol))
    into.number(family === FAMILY_IPV4 || family === FAMILY_IPV6 ? protocol : null)
  },
}

/** VLAN ids from the outermost: `10`, `10.20`; null without a tag. */
export const vlanPart: KeyPart = {
  columns: ['vlan'],
  keyFields: KEY_VLAN,
  tellsAll: true,
  symmetric: true,
  pack: (row, _reversed, into) => into.number(row.vlan),
  write(row, _reversed, _names, into) {
    const { vlan } = row
    const outer = vlan & 0xffff
    const inner = vlan >>> 16
    if (outer === 0) into.text(null)
    else into.text(inner === 0 ? `${outer - 1}` : `${outer - 1}.${inner - 1}`)
  },
}

export const interfacePart: KeyPart = {
  columns: ['interface'],
  keyFields: KEY_INTERFACE,
  tellsAll: true,
  symmetric: true,
  pack: (row, _reversed, into) => into.number(row.interface),
  write(row, _reversed, names, into) {
    const name = names.interfaceName?.(row.interface) ?? null
    if (name === null) into.number(row.interface)
    else into.text(name)
  },
}

export const macPart: KeyPart = {
  columns: ['src_mac', 'dst_mac'],
  keyFields: KEY_MAC,
  tellsAll: true,
  symmetric: false,
  pack(row, reversed, into) {
    into.address(reversed ? row.destinationMac : row.sourceMac, WHOLE_ADDRESS)
    into.address(reversed ? row.sourceMac : row.destinationMac, WHOLE_ADDRESS)
  },
  write(row, reversed, names, into) {
    into.text(formatAddress(shown(reversed ? row.destinationMac : row.sourceMac, names)))
    into.text(formatAddress(shown(reversed ? row.sourceMac : row.destinationMac, names)))
  },
}

function hasNoAddress(row: FlowRow): boolean {
  const { family } = row
  return family === FAMILY_NONE || family === FAMILY_INTERFACE || family === FAMILY_EVICTED
}

function interfaceText(row: FlowRow, names: KeyNames): string {
  if (row.family === FAMILY_EVICTED) return EVICTED_TEXT
  return names.interfaceName?.(row.interface) ?? `interface ${row.interface}`
}

function shown(address: Uint8Array, names: KeyNames): Uint8Array {
  return names.hide === undefined ? address : names.hide(address)
}

function addressOf(row: FlowRow, end: 'source' | 'destination', reversed: boolean): Uint8Array {
  return (end === 'source') === reversed ? row.destination : row.source
}

function servicePort(row: FlowRow): number {
  const { sourcePort, destinationPort } = row
  if (sourcePort === 0 || destinationPort === 0) return sourcePort || destinationPort
  return Math.min(sourcePort, destinationPort)
}
