/**
 * A Name Resolution Block of pcapng → the names in it (draft-ietf-opsawg-pcapng §4.5).
 *
 *     records: type 2 | length 2 | address, then names, each ended by a zero | padding to 4 bytes; type 0 ends them
 */
import { readNameText } from './name-text.ts'
import type { OnName } from './sighting.ts'

const RECORD_HEAD_LEN = 4
const RECORD_END = 0
const ADDRESS_LENGTHS: Readonly<Record<number, number>> = { 1: 4, 2: 16 }

/** `bytes`: the block's body, without its type and its two lengths. Of one that is cut, the records that are whole are read. */
export function readNameResolutionBlock(bytes: Uint8Array, isBigEndian: boolean, onName: OnName): void {
  const u16 = (at: number) => (isBigEndian ? (bytes[at]! << 8) | bytes[at + 1]! : (bytes[at + 1]! << 8) | bytes[at]!)
  for (let at = 0; at + RECORD_HEAD_LEN <= bytes.length; ) {
    const type = u16(at)
    const start = at + RECORD_HEAD_LEN
    const end = start + u16(at + 2)
    if (type === RECORD_END || end > bytes.length) return
    const addressLength = ADDRESS_LENGTHS[type]
    if (addressLength !== undefined) readRecord(bytes, start, start + addressLength, end, onName)
    at = end + (-end & 3)
  }
}

function readRecord(bytes: Uint8Array, start: number, namesAt: number, end: number, onName: OnName): void {
  for (let at = namesAt; at < end; ) {
    const zero = bytes.indexOf(0, at)
    const nameEnd = zero < 0 || zero > end ? end : zero
    const name = readNameText(bytes, at, nameEnd)
    if (name !== null) onName(bytes.subarray(start, namesAt), name, 'pcapng')
    at = nameEnd + 1
  }
}
