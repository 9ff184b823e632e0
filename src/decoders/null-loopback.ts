/**
 * BSD loopback: LINKTYPE_NULL (0) and LINKTYPE_LOOP (108). Four bytes say the address family, then the IP packet.
 *
 * NULL is in the byte order of the machine that captured, which nobody wrote down: a family is a small number, so the order
 * that gives one is right. LOOP is in network order. IPv6 has four numbers: 10 Linux, 24 NetBSD and OpenBSD, 28 FreeBSD,
 * 30 macOS (tcpdump.org, link-layer header types).
 */
import { read32, readLittle32 } from './bytes.ts'
import { available, frame, STOP_UNSUPPORTED, stop, stopShort } from './frame.ts'
import { LAYER_IPV4, LAYER_IPV6, LAYER_LOOP, LAYER_NULL } from './layers.ts'

export const LOOPBACK_HEADER_LEN = 4
const AF_INET = 2
const LARGEST_FAMILY = 0xffff

export function decodeNull(): i32 {
  if (available() < LOOPBACK_HEADER_LEN) return stopShort(LAYER_NULL, LOOPBACK_HEADER_LEN)
  return layerOfFamily(familyInEitherOrder(frame.at), LAYER_NULL)
}

/** The address family at `at`, four bytes in the order that makes it a small number. */
export function familyInEitherOrder(at: i32): i32 {
  const family = readLittle32(at)
  return family < 0 || family > LARGEST_FAMILY ? read32(at) : family
}

export function decodeLoop(): i32 {
  if (available() < LOOPBACK_HEADER_LEN) return stopShort(LAYER_LOOP, LOOPBACK_HEADER_LEN)
  return layerOfFamily(read32(frame.at), LAYER_LOOP)
}

function layerOfFamily(family: i32, layer: i32): i32 {
  if (family === AF_INET) {
    frame.at += LOOPBACK_HEADER_LEN
    return LAYER_IPV4
  }
  if (family === 10 || family === 24 || family === 28 || family === 30) {
    frame.at += LOOPBACK_HEADER_LEN
    return LAYER_IPV6
  }
  return stop(STOP_UNSUPPORTED, layer, LOOPBACK_HEADER_LEN)
}
