/** What stands behind IP: TCP's options, and the messages of ICMP and ICMPv6 that say addresses. */
import * as icmp from '../decoders/icmp.ts'
import * as icmpv6 from '../decoders/icmpv6.ts'
import { type FrameBytes, IPV4_LENGTH, IPV6_LENGTH, MAC_LENGTH } from './frame-bytes.ts'

const OPTION_END = 0
/** No operation, maximum segment size, window scale, SACK permitted, SACK: up to this number nothing in them says who sent it. */
const OPTION_SACK = 5
const OPTION_NONE = 1

/** Options keep kind and length. Timestamps tell how long a host is up, others are cookies, keys and addresses: zeros. */
export function rewriteTcpOptions(frame: FrameBytes, start: number, end: number): void {
  const { bytes } = frame
  let at = start
  while (at < end) {
    const kind = bytes[at]!
    if (kind === OPTION_END) break
    if (kind === OPTION_NONE) {
      at++
      continue
    }
    const length = at + 1 < end ? bytes[at + 1]! : 0
    if (length < 2 || at + length > end) break
    if (kind > OPTION_SACK) frame.zero(at + 2, at + length)
    at += length
  }
  frame.zero(at, end)
}

/** Bytes of a message that may stay, and where in it a packet is quoted: -1 for nowhere. */
export interface KeptMessage {
  readonly end: number
  readonly quoted: number
}

const REDIRECT = 5
const ICMP_ERRORS = new Set([3, 4, REDIRECT, 11, 12])
/** Echo, timestamps, information and masks: identifier and sequence number stand behind the checksum. */
const ICMP_NUMBERED = new Set([0, 8, 13, 14, 15, 16, 17, 18])

export function rewriteIcmp(frame: FrameBytes, at: number): KeptMessage {
  const end = at + icmp.ICMP_HEADER_LEN
  const type = frame.bytes[at + icmp.TYPE]!
  if (type === REDIRECT) frame.hide(at + icmp.REST, IPV4_LENGTH)
  if (ICMP_ERRORS.has(type)) return { end, quoted: end }
  if (!ICMP_NUMBERED.has(type)) frame.zero(at + icmp.REST, end)
  return { end, quoted: -1 }
}

const LAST_ERROR = 4
const ECHO_REQUEST = 128
const ECHO_REPLY = 129
const BODY = 8
const NEIGHBOR_REDIRECT = 137

/** Addresses that a message has behind its first eight bytes, and where its options begin; -1: it has none. RFC 2710, RFC 4861. */
const ICMPV6_FORMS: Readonly<Record<number, { readonly addresses: number; readonly options: number }>> = {
  130: { addresses: 1, options: -1 },
  131: { addresses: 1, options: -1 },
  132: { addresses: 1, options: -1 },
  133: { addresses: 0, options: BODY },
  134: { addresses: 0, options: 16 },
  135: { addresses: 1, options: BODY + IPV6_LENGTH },
  136: { addresses: 1, options: BODY + IPV6_LENGTH },
  [NEIGHBOR_REDIRECT]: { addresses: 2, options: BODY + 2 * IPV6_LENGTH },
}

/** `end`: of the bytes that there are. */
export function rewriteIcmpv6(frame: FrameBytes, at: number, end: number): KeptMessage {
  const type = frame.bytes[at + icmpv6.TYPE]!
  const start = Math.min(end, at + BODY)
  if (type <= LAST_ERROR) return { end: start, quoted: end > start ? start : -1 }
  if (type === ECHO_REQUEST || type === ECHO_REPLY) return { end: start, quoted: -1 }
  const form = Object.hasOwn(ICMPV6_FORMS, type) ? ICMPV6_FORMS[type]! : null
  if (form === null) {
    frame.zero(at + icmpv6.BODY, start)
    return { end: start, quoted: -1 }
  }
  let kept = start
  for (let i = 0; i < form.addresses; i++) {
    const address = at + BODY + i * IPV6_LENGTH
    if (address + IPV6_LENGTH > end) return { end: kept, quoted: -1 }
    frame.hide(address, IPV6_LENGTH)
    kept = address + IPV6_LENGTH
  }
  if (form.options < 0 || at + form.options > end) return { end: kept, quoted: -1 }
  return { end: rewriteNeighborOptions(frame, at + form.options, end), quoted: -1 }
}

const SOURCE_LINK_ADDRESS = 1
const TARGET_LINK_ADDRESS = 2
const PREFIX = 3
const MTU = 5
const OPTION_UNIT = 8
const PREFIX_UNITS = 4
const PREFIX_BITS = 2
const PREFIX_ADDRESS = 16

/** Options up to the first that is not known (RFC 4861 §4.6): returns where that begins. */
function rewriteNeighborOptions(frame: FrameBytes, start: number, end: number): number {
  const { bytes } = frame
  let at = start
  while (at + OPTION_UNIT <= end) {
    const kind = bytes[at]!
    const units = bytes[at + 1]!
    if (at + units * OPTION_UNIT > end) break
    if ((kind === SOURCE_LINK_ADDRESS || kind === TARGET_LINK_ADDRESS) && units === 1) frame.hide(at + 2, MAC_LENGTH)
    else if (kind === PREFIX && units === PREFIX_UNITS) {
      frame.hidePrefix(at + PREFIX_ADDRESS, IPV6_LENGTH, Math.min(128, bytes[at + PREFIX_BITS]!))
    } else if (kind !== MTU || units !== 1) break
    at += units * OPTION_UNIT
  }
  return at
}
