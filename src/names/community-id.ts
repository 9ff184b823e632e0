/**
 * A flow to its Community ID, version 1 (github.com/corelight/community-id-spec): a name for it that Zeek, Suricata, Wireshark and
 * others give the same flow.
 *
 *     1:base64(SHA-1(seed . lower address . higher address . protocol . 0 . its port . the other's port))
 */
import { sha1 } from '@noble/hashes/legacy.js'
import { icmpAnswer, isIcmp } from '../decoders/icmp-answers.ts'

/** One direction of a flow, or either of both where they answer each other. */
export interface FlowTuple {
  /** Network order, 4 or 16 bytes, both the same. */
  readonly source: readonly number[]
  readonly destination: readonly number[]
  /** IANA number. */
  readonly protocol: number
  /** ICMP: the type, and the type that answers it or the code. Null: the packet does not say. */
  readonly sourcePort: number | null
  readonly destinationPort: number | null
}

/** TCP, UDP, SCTP: protocols whose ports are part of the hash, as ICMP's type is. */
const WITH_PORTS: readonly number[] = [6, 17, 132]

/** Null for what the specification has no id for: no IP, or ports that are not known (fragments behind the first, cut headers). */
export function communityId(flow: FlowTuple, seed = 0): string | null {
  const { source, destination, protocol, sourcePort, destinationPort } = flow
  const hasPorts = WITH_PORTS.includes(protocol) || isIcmp(protocol)
  if (source.length !== destination.length || (source.length !== 4 && source.length !== 16)) return null
  if (hasPorts && (sourcePort === null || destinationPort === null)) return null
  const [from, to, fromPort, toPort] = isReversed(flow, hasPorts)
    ? [destination, source, destinationPort, sourcePort]
    : [source, destination, sourcePort, destinationPort]
  const ports = hasPorts ? [...word(fromPort!), ...word(toPort!)] : []
  const digest = sha1(Uint8Array.from([...word(seed), ...from, ...to, protocol, 0, ...ports]))
  return `1:${btoa(String.fromCharCode(...digest))}`
}

/** A message that nobody answers has no other direction: it is hashed as it was sent. */
function isReversed({ source, destination, protocol, sourcePort, destinationPort }: FlowTuple, hasPorts: boolean) {
  if (isIcmp(protocol) && icmpAnswer(protocol, sourcePort!) < 0) return false
  const differs = source.findIndex((byte, i) => byte !== destination[i])
  if (differs >= 0) return source[differs]! > destination[differs]!
  return hasPorts && sourcePort! > destinationPort!
}

/** Two bytes, network order. */
function word(value: number): [number, number] {
  return [(value >>> 8) & 0xff, value & 0xff]
}
