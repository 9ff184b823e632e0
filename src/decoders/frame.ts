/**
 * The frame under decoding: where the walk stands, what it has found, and why it stopped.
 *
 * One object, filled again for every frame, because the bulk path makes none. In the JavaScript build an offset counts from
 * the bytes given to `useBytes`, in the WebAssembly build it is an address in linear memory. -1 says "not there".
 */
import { FAMILY_INTERFACE, FAMILY_MAC, FAMILY_NONE } from '../abi/families.ts'

/** Why decoding stopped before the payload. Three different facts, counted and printed apart. */
export const STOP_NONE = 0
/** The capture was cut (snaplen): the bytes were on the wire, not in the file. */
export const STOP_TRUNCATED = 1
/** The bytes contradict themselves. */
export const STOP_MALFORMED = 2
/** netkit does not decode this. */
export const STOP_UNSUPPORTED = 3

/** What ended the bytes that a header may use. */
export const LIMIT_FRAME = 0
export const LIMIT_CAPTURE = 1
export const LIMIT_IEEE8023_LENGTH = 2
export const LIMIT_PPPOE_LENGTH = 3
export const LIMIT_IPV4_TOTAL_LENGTH = 4
export const LIMIT_IPV6_PAYLOAD_LENGTH = 5
export const LIMIT_UDP_LENGTH = 6
export const LIMIT_GTP_LENGTH = 7

export class Frame {
  /** Start of the next header. */
  at: i32 = 0
  /** End of the bytes that may be read; length fields narrow it, so padding is never taken for data. */
  end: i32 = 0
  /** What set `end`: a LIMIT_ constant. */
  limit: i32 = 0
  /** Where the frame would end had nothing been cut: start + original length. */
  wireEnd: i32 = 0

  /** Go on behind the outermost IP header's transport: into tunnels. */
  tunnels: i32 = 0
  /** Let the innermost IP header that is valid give the addresses, in place of the outermost. Needs `tunnels`. */
  innermost: i32 = 0

  family: i32 = 0
  /** IP families: IANA protocol number. MAC and interface: EtherType or PROTOCOL_LLC. None: LINKTYPE_ number. */
  protocol: i32 = 0
  /** Offsets of the addresses; -1 where the family has none. */
  source: i32 = -1
  destination: i32 = -1
  sourceMac: i32 = -1
  destinationMac: i32 = -1
  /** 0 where there is none. */
  sourcePort: i32 = 0
  destinationPort: i32 = 0
  /** ICMP and ICMPv6: type << 8 | code; -1 where there is none. */
  icmp: i32 = -1
  /** 802.1Q tags: outermost VID + 1 in the low 16 bits, the next VID + 1 above; 0 without a tag. */
  vlan: i32 = 0

  /** Bytes on the wire from the IP header that counts: header and payload, without link header and padding. */
  ipLength: i32 = 0
  /** Bytes on the wire behind the IP and transport headers. */
  payloadLength: i32 = 0

  /** The IP header now open does not hold the addresses that count (a tunnel's, while the outermost counts). */
  quoted: i32 = 0
  /** Where the IP packet now open ends on the wire. */
  packetEnd: i32 = 0
  /** Next Header value of the extension header at `at`. */
  extension: i32 = 0
  /** The IP packet now open is a fragment other than the first: no transport header follows. */
  laterFragment: i32 = 0

  stopReason: i32 = 0
  /** Layer whose header could not be read, its offset, the bytes it needs and the bytes there are. */
  stopLayer: i32 = 0
  stopAt: i32 = 0
  stopNeeded: i32 = 0
  stopAvailable: i32 = 0
  stopLimit: i32 = 0
}

export const frame = new Frame()

/** Bytes from the walk's position to the limit; negative when a header claimed more than there is. */
export function available(): i32 {
  return frame.end - frame.at
}

/** Notes that `layer` cannot be decoded and returns LAYER_NONE. What was found before stays. */
export function stop(reason: i32, layer: i32, needed: i32): i32 {
  frame.stopReason = reason
  frame.stopLayer = layer
  frame.stopAt = frame.at
  frame.stopNeeded = needed
  frame.stopAvailable = frame.end > frame.at ? frame.end - frame.at : 0
  frame.stopLimit = frame.limit
  return 0
}

/** Stops because `layer` needs more bytes than there are: truncated when the capture cut them, else malformed. */
export function stopShort(layer: i32, needed: i32): i32 {
  return stop(frame.limit === LIMIT_CAPTURE ? STOP_TRUNCATED : STOP_MALFORMED, layer, needed)
}

/**
 * Lets a length field end the readable bytes at `end`, unless what ends them now is nearer. Where a cut capture ends at the
 * same byte, the length field is the limit: nothing was lost.
 */
export function narrow(end: i32, limit: i32): void {
  if (end <= frame.end) {
    frame.end = end
    frame.limit = limit
  }
}

/** Link-layer addresses found. The outermost pair names the frame as long as no IP header does. */
export function foundMacs(source: i32, destination: i32): void {
  if (frame.sourceMac >= 0) return
  frame.sourceMac = source
  frame.destinationMac = destination
  if (frame.family !== FAMILY_NONE) return
  frame.family = FAMILY_MAC
  frame.source = source
  frame.destination = destination
}

/** EtherType found: it names the frame as long as no IP header does. Later ones (behind VLAN tags) replace earlier ones. */
export function foundEtherType(etherType: i32): void {
  if (frame.family === FAMILY_NONE) frame.family = FAMILY_INTERFACE
  if (frame.family === FAMILY_MAC || frame.family === FAMILY_INTERFACE) frame.protocol = etherType
}
