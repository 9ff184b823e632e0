/** Lengths that say something about how a capture was made: cut frames, and frames that no wire carries. */
import { read16 } from '../decoders/bytes.ts'
import { LINKTYPE_ETHERNET, LINKTYPE_LINUX_SLL, LINKTYPE_LINUX_SLL2 } from '../decoders/linktype.ts'
import { Sightings } from './sightings.ts'

/** IEEE 802.3 §3.2.7: 1500 bytes of data. The check sequence of 4 bytes is in some captures. */
const MTU = 1500
const ETHERNET_HEADER = 14
const CHECK_SEQUENCE = 4
const TAG = 4
const SLL_HEADER = 16
const SLL2_HEADER = 20
/** Most that a frame of these link types can be on a wire of that MTU without VLAN tags. */
const ETHERNET_MOST = ETHERNET_HEADER + MTU + CHECK_SEQUENCE
/** Linux if_arp.h. */
const ARPHRD_LOOPBACK = 772

const VLAN_TYPES = new Set([0x8100, 0x88a8, 0x9100])

export class FrameLengths {
  /** Cut by the capture. */
  readonly cut = new Sightings()
  cutBytes = 0
  /** More bytes were captured than were on the wire. */
  readonly contradictory = new Sightings()
  readonly oversized = new Sightings()
  largest = 0
  /** Packets that the wire carried more than there are frames, at least. */
  packetsMissing = 0

  /** The frame is in the bytes that useBytes chose. */
  add(
    linktype: number,
    start: number,
    caplen: number,
    origlen: number,
    frame: number,
    high: number,
    low: number,
  ): void {
    if (caplen < origlen) {
      this.cut.note(frame, high, low)
      this.cutBytes += origlen - caplen
    } else if (caplen > origlen) this.contradictory.note(frame, high, low)
    // Most frames end here.
    if (origlen <= ETHERNET_HEADER + MTU || origlen <= mostOnWire(linktype, start, caplen)) return
    this.oversized.note(frame, high, low)
    this.packetsMissing += Math.ceil(origlen / (ETHERNET_HEADER + MTU)) - 1
    if (origlen > this.largest) this.largest = origlen
  }
}

/** Infinity where any length is right: on loopback, and on links without an MTU that everybody has. */
function mostOnWire(linktype: number, start: number, caplen: number): number {
  if (linktype === LINKTYPE_ETHERNET) {
    if (caplen < ETHERNET_HEADER || isLinuxLoopback(start)) return Number.POSITIVE_INFINITY
    let tags = 0
    for (let at = start + ETHERNET_HEADER - 2; at + 2 <= start + caplen && VLAN_TYPES.has(read16(at)); at += TAG) tags++
    return ETHERNET_MOST + tags * TAG
  }
  // The hardware type says which interface of `any` it was.
  if (linktype === LINKTYPE_LINUX_SLL && caplen >= SLL_HEADER) {
    return read16(start + 2) === ARPHRD_LOOPBACK ? Number.POSITIVE_INFINITY : SLL_HEADER + MTU
  }
  if (linktype === LINKTYPE_LINUX_SLL2 && caplen >= SLL2_HEADER) {
    return read16(start + 8) === ARPHRD_LOOPBACK ? Number.POSITIVE_INFINITY : SLL2_HEADER + MTU
  }
  return Number.POSITIVE_INFINITY
}

/** Both MAC addresses are zero: the MTU of `lo` is 65536. */
function isLinuxLoopback(start: number): boolean {
  for (let at = start; at < start + 12; at += 2) if (read16(at) !== 0) return false
  return true
}
