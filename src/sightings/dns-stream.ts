/** DNS over TCP (RFC 1035 §4.2.2): messages one after the other, each behind its length of two bytes → their names. */
import { mayBeDnsResponse, readDnsMessage } from './dns-message.ts'
import type { OnName } from './sighting.ts'

export const LENGTH_LEN = 2
const HEADER_LEN = 12
/** Nothing is longer. */
export const MAX_DNS_STREAM = LENGTH_LEN + 0xffff

/** Whether the bytes, as far as they go, begin a message with answers. */
export function mayBeDnsStream(bytes: Uint8Array): boolean {
  return bytes.length < LENGTH_LEN || (lengthAt(bytes, 0) >= HEADER_LEN && mayBeDnsResponse(bytes, LENGTH_LEN))
}

/** Tells the names of all messages that are whole. Result: where the first one begins that is not; the end when all are. */
export function readDnsStream(bytes: Uint8Array, onName: OnName): number {
  let at = 0
  while (at + LENGTH_LEN <= bytes.length) {
    const end = at + LENGTH_LEN + lengthAt(bytes, at)
    if (end > bytes.length) break
    readDnsMessage(bytes.subarray(at + LENGTH_LEN, end), 'dns', onName)
    at = end
  }
  return at
}

function lengthAt(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!
}
