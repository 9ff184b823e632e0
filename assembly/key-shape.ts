/** What a flow key is made of, as the host chose it once, before the first frame. */
import {
  KEY_DESTINATION,
  KEY_DESTINATION_PORT,
  KEY_INTERFACE,
  KEY_MAC,
  KEY_SOURCE,
  KEY_SOURCE_PORT,
} from '../src/abi/key-fields.ts'
import { ROW_LENGTH, ROW_LENGTH_WITH_MACS } from '../src/abi/layout.ts'

/** Kinds of keys, by the index that they are looked up in: key-index.ts or compact-index.ts. */
export const KEY_OTHER: u32 = 0
export const KEY_COMPACT: u32 = 1
/** None could be made without walking the frame. */
export const KEY_NONE: u32 = 2

/** KEY_ bits. */
export let fields: u32 = 0
/** Bytes of a key. */
export let keyLength: usize = ROW_LENGTH

/** All ones for a field that is asked for: `value & mask` needs no branch. */
export let sourceMask: u64 = 0
export let destinationMask: u64 = 0
export let sourcePortMask: u32 = 0
export let destinationPortMask: u32 = 0

/** Nothing but addresses and ports was asked for, so that keys of IPv4 are compact. */
export let canBeCompact: bool = false

/** Chooses the fields. */
export function configureKey(chosen: u32): void {
  fields = chosen
  keyLength = (chosen & KEY_MAC) !== 0 ? ROW_LENGTH_WITH_MACS : ROW_LENGTH
  sourceMask = (chosen & KEY_SOURCE) !== 0 ? u64.MAX_VALUE : 0
  destinationMask = (chosen & KEY_DESTINATION) !== 0 ? u64.MAX_VALUE : 0
  sourcePortMask = (chosen & KEY_SOURCE_PORT) !== 0 ? 0xffff : 0
  canBeCompact = (chosen & (KEY_MAC | KEY_INTERFACE)) === 0
  destinationPortMask = (chosen & KEY_DESTINATION_PORT) !== 0 ? 0xffff : 0
}
