/**
 * A frame → the same without its secrets: its headers with other addresses and right checksums, and nothing behind the last header
 * that the decoders understood. Of what they do not understand nothing stays, because nobody knows what is in it.
 *
 * The lengths that headers state stay, so whoever reads it sees a frame that was cut, of the size it had.
 */

import { STOP_NONE, STOP_UNSUPPORTED, frame as walk } from '../decoders/frame.ts'
import * as gre from '../decoders/gre.ts'
import * as icmp from '../decoders/icmp.ts'
import * as icmpv6 from '../decoders/icmpv6.ts'
import * as ipv4 from '../decoders/ipv4.ts'
import * as ipv6 from '../decoders/ipv6.ts'
import * as layers from '../decoders/layers.ts'
import { LINKTYPE_RAW } from '../decoders/linktype.ts'
import * as sll from '../decoders/linux-sll.ts'
import * as sll2 from '../decoders/linux-sll2.ts'
import * as dccp from '../decoders/ports.ts'
import { decodeLayer } from '../decoders/registry.ts'
import * as tcp from '../decoders/tcp.ts'
import * as udp from '../decoders/udp.ts'
import { beginFrame } from '../decoders/walk.ts'
import { sumOf, writeChecksum } from './checksums.ts'
import { type FrameBytes, IPV4_LENGTH, IPV6_LENGTH } from './frame-bytes.ts'
import { rewriteExtension, rewriteIpv4, rewriteIpv6 } from './rewrite-ip.ts'
import {
  endOfLlc,
  rewriteArp,
  rewriteCookedAddress,
  rewriteEthernet,
  rewriteGeneve,
  rewriteGtp,
  rewriteIeee80211,
  rewriteRadiotap,
  rewriteTeredo,
} from './rewrite-link.ts'
import { rewriteIcmp, rewriteIcmpv6, rewriteTcpOptions } from './rewrite-transport.ts'

/** A header that was found. */
interface Step {
  readonly layer: number
  readonly at: number
  /** Where the next one begins. */
  next: number
  /** Of the bytes that it and what it carries may use. */
  readonly end: number
  /** Where the IP packet that it is in ends on the wire. */
  readonly packetEnd: number
  /** Of an extension header of IPv6: which. */
  readonly extension: number
}

/** Bytes of transport headers that are kept where the rest of the header was cut, without anything that could say who sent it. */
const PARTIAL: ReadonlyMap<number, number> = new Map([
  [layers.LAYER_TCP, tcp.TCP_MIN_HEADER_LEN],
  [layers.LAYER_UDP, udp.UDP_HEADER_LEN],
  [layers.LAYER_SCTP, dccp.SCTP_HEADER_LEN],
  [layers.LAYER_DCCP, dccp.DCCP_MIN_HEADER_LEN],
  [layers.LAYER_UDP_LITE, dccp.UDP_LITE_HEADER_LEN],
])

/** A packet that an ICMP error quotes is as long as it says; what is quoted of it is what there is. */
const ANY_LENGTH = 0x1ffff

/**
 * Rewrites [start, start + caplen) of the bytes, which the decoders must be set to read (useBytes), and returns the end of what may
 * be kept. `walk.tunnels` has to be on.
 */
export function rewriteFrame(
  frame: FrameBytes,
  linktype: number,
  start: number,
  caplen: number,
  origlen: number,
): number {
  return rewritePacket(frame, linktype, start, caplen, origlen, true)
}

function rewritePacket(
  frame: FrameBytes,
  linktype: number,
  start: number,
  caplen: number,
  origlen: number,
  mayQuote: boolean,
): number {
  const steps = findSteps(linktype, start, caplen, origlen)
  let end = start
  let ip: Step | null = null
  // In place of its destination, where the packet has a route.
  let finalDestination = -1
  const checks: Check[] = []
  for (const step of steps) {
    if (step.layer === layers.LAYER_IPV4 || step.layer === layers.LAYER_IPV6) {
      ip = step
      finalDestination = -1
    }
    if (step.layer === layers.LAYER_IPV6_EXTENSION) {
      const route = rewriteExtension(frame, step.extension, step.at, step.next)
      if (route >= 0) finalDestination = route
    }
    end = rewriteHeader(frame, step, mayQuote)
    checks.push({ step, ip, finalDestination })
  }
  // What a checksum covers may hold another one.
  for (const check of checks.reverse()) writeChecksums(frame, check, end)
  return end
}

interface Check {
  readonly step: Step
  readonly ip: Step | null
  readonly finalDestination: number
}

/** The headers from the outermost, each whole or cut to what is known of it. */
function findSteps(linktype: number, start: number, caplen: number, origlen: number): Step[] {
  const steps: Step[] = []
  let next = beginFrame(linktype, start, caplen, origlen)
  while (next !== layers.LAYER_NONE) {
    const layer = next
    const { at, extension } = walk
    next = decodeLayer(layer)
    const end = endOfStep(layer, at)
    if (end < at) break
    steps.push({ layer, at, next: end, end: walk.end, packetEnd: walk.packetEnd, extension })
  }
  return steps
}

/** Where the header ends that the walk has read from `at`; before `at` when there is none that could be kept. */
function endOfStep(layer: number, at: number): number {
  if (walk.stopReason === STOP_NONE) return walk.at
  const isNamed = walk.stopReason === STOP_UNSUPPORTED
  // A protocol that is named there and not followed.
  if (isNamed && (layer === layers.LAYER_PPP || layer === layers.LAYER_NULL || layer === layers.LAYER_LOOP)) {
    return walk.stopAt + walk.stopNeeded
  }
  if (layer === layers.LAYER_MPLS && walk.at > at) return walk.at
  const partial = PARTIAL.get(layer)
  if (partial !== undefined) return Math.max(at, Math.min(walk.end, at + partial))
  // Options of IPv4 were cut; its addresses count.
  const isIpv4 = layer === layers.LAYER_IPV4 && walk.stopNeeded > ipv4.IPV4_MIN_HEADER_LEN
  return isIpv4 ? Math.min(walk.end, at + ipv4.IPV4_MIN_HEADER_LEN) : -1
}

/** Returns the end of what may be kept so far. */
function rewriteHeader(frame: FrameBytes, step: Step, mayQuote: boolean): number {
  const { layer, at, next, end } = step
  switch (layer) {
    case layers.LAYER_ETHERNET:
      rewriteEthernet(frame, at)
      return next
    case layers.LAYER_LINUX_SLL:
      rewriteCookedAddress(frame, at + sll.ADDRESS, frame.view.getUint16(at + sll.ADDRESS_LENGTH))
      return next
    case layers.LAYER_LINUX_SLL2:
      rewriteCookedAddress(frame, at + sll2.ADDRESS, frame.bytes[at + sll2.ADDRESS_LENGTH]!)
      return next
    case layers.LAYER_ARP:
      rewriteArp(frame, at)
      return next
    case layers.LAYER_RADIOTAP:
      rewriteRadiotap(frame, at, next)
      return next
    case layers.LAYER_IEEE80211:
      return rewriteIeee80211(frame, at, next, end)
    case layers.LAYER_LLC:
      return endOfLlc(frame, at, next, end)
    case layers.LAYER_GENEVE:
      rewriteGeneve(frame, at, next)
      return next
    case layers.LAYER_GTP_U:
      rewriteGtp(frame, at, next)
      return next
    case layers.LAYER_TEREDO:
      rewriteTeredo(frame, at, next)
      return next
    case layers.LAYER_IPV4:
      rewriteIpv4(frame, at, next)
      return next
    case layers.LAYER_IPV6:
      rewriteIpv6(frame, at)
      return next
    case layers.LAYER_TCP:
      rewriteTcpOptions(frame, Math.min(next, at + tcp.TCP_MIN_HEADER_LEN), next)
      return next
    case layers.LAYER_DCCP:
      frame.zero(Math.min(next, at + dccp.DCCP_MIN_HEADER_LEN), next)
      return next
    case layers.LAYER_ICMP:
    case layers.LAYER_ICMPV6: {
      const kept = layer === layers.LAYER_ICMP ? rewriteIcmp(frame, at) : rewriteIcmpv6(frame, at, end)
      if (kept.quoted < 0 || !mayQuote) return kept.end
      return rewritePacket(frame, LINKTYPE_RAW, kept.quoted, end - kept.quoted, ANY_LENGTH, false)
    }
    default:
      return next
  }
}

function writeChecksums(frame: FrameBytes, check: Check, end: number): void {
  const { step, ip } = check
  const { at, packetEnd } = step
  const { view } = frame
  const has = (field: number) => field + 2 <= end
  const covered = Math.min(packetEnd, end)
  switch (step.layer) {
    case layers.LAYER_IPV4:
      writeChecksum(frame, at + ipv4.CHECKSUM, at, Math.min(step.next, end))
      return
    case layers.LAYER_ICMP:
      writeChecksum(frame, at + icmp.CHECKSUM, at, covered)
      return
    case layers.LAYER_GRE:
      if ((view.getUint16(at) & gre.CHECKSUM_PRESENT) !== 0)
        writeChecksum(frame, at + gre.GRE_MIN_HEADER_LEN, at, covered)
      return
    case layers.LAYER_SCTP:
      // A CRC over chunks that are cut away.
      if (has(at + dccp.SCTP_CHECKSUM + 2)) view.setUint32(at + dccp.SCTP_CHECKSUM, 0)
      return
    case layers.LAYER_TCP:
      if (ip !== null && has(at + tcp.CHECKSUM)) {
        writeChecksum(frame, at + tcp.CHECKSUM, at, covered, pseudoHeader(frame, check, packetEnd - at))
      }
      return
    case layers.LAYER_ICMPV6:
      if (ip !== null) {
        writeChecksum(frame, at + icmpv6.CHECKSUM, at, covered, pseudoHeader(frame, check, packetEnd - at))
      }
      return
    case layers.LAYER_UDP:
      if (ip !== null && has(at + udp.CHECKSUM)) writeUdpChecksum(frame, check, end)
      return
    case layers.LAYER_UDP_LITE:
      if (ip !== null && has(at + dccp.UDP_LITE_CHECKSUM)) {
        const coverage = view.getUint16(at + dccp.UDP_LITE_CHECKSUM_COVERAGE)
        const last = coverage === 0 ? covered : Math.min(covered, at + coverage)
        writeChecksum(frame, at + dccp.UDP_LITE_CHECKSUM, at, last, pseudoHeader(frame, check, packetEnd - at))
      }
      return
    case layers.LAYER_DCCP:
      if (ip !== null && has(at + DCCP_CHECKSUM)) {
        writeChecksum(frame, at + DCCP_CHECKSUM, at, covered, pseudoHeader(frame, check, packetEnd - at))
      }
  }
}

/** RFC 4340 §5.1. */
const DCCP_CHECKSUM = 6

/** 0 is none (RFC 768), and stays. */
function writeUdpChecksum(frame: FrameBytes, check: Check, end: number): void {
  const { view } = frame
  const { at, packetEnd } = check.step
  const field = at + udp.CHECKSUM
  if (view.getUint16(field) === 0) return
  const length = view.getUint16(at + udp.LENGTH) || packetEnd - at
  const last = Math.min(end, at + length)
  if (writeChecksum(frame, field, at, last, pseudoHeader(frame, check, length)) === 0) view.setUint16(field, 0xffff)
}

/** The sum of the addresses, the protocol and the length (RFC 9293 §3.1, RFC 8200 §8.1). */
function pseudoHeader(frame: FrameBytes, { step, ip, finalDestination }: Check, length: number): number {
  const fields = PROTOCOLS.get(step.layer)! + (length >>> 16) + (length & 0xffff)
  const { at } = ip!
  if (ip!.layer === layers.LAYER_IPV4)
    return fields + sumOf(frame, at + ipv4.SOURCE, at + ipv4.SOURCE + 2 * IPV4_LENGTH)
  const source = sumOf(frame, at + ipv6.SOURCE, at + ipv6.SOURCE + IPV6_LENGTH)
  const destination = finalDestination < 0 ? at + ipv6.DESTINATION : finalDestination
  return fields + source + sumOf(frame, destination, destination + IPV6_LENGTH)
}

/** IANA protocol numbers. */
const PROTOCOLS: ReadonlyMap<number, number> = new Map([
  [layers.LAYER_TCP, 6],
  [layers.LAYER_UDP, 17],
  [layers.LAYER_DCCP, 33],
  [layers.LAYER_ICMPV6, 58],
  [layers.LAYER_UDP_LITE, 136],
])
