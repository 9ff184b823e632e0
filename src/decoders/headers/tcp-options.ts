/** TCP options → typed list. Kinds: IANA, TCP Option Kind Numbers, 2025-10. */
import { read8, read16 } from '../bytes.ts'
import { optionBytes, type RawOption, readOptions } from './options.ts'
import { readUnsigned32 } from './read-bytes.ts'

/** Sequence numbers [left, right) that arrived, RFC 2018 §3. */
export interface SackBlock {
  readonly left: number
  readonly right: number
}

/** RFC 9293 §3.2 and the IANA registry of TCP option kinds. Those without fields of their own are bytes. */
export type TcpOption =
  | { readonly name: 'end-of-list'; readonly kind: 0 }
  | { readonly name: 'no-operation'; readonly kind: 1 }
  /** RFC 9293 §3.7.1, in bytes. */
  | { readonly name: 'maximum-segment-size'; readonly kind: 2; readonly value: number }
  /** RFC 7323 §2: the window field counts units of 2^shift bytes. */
  | { readonly name: 'window-scale'; readonly kind: 3; readonly shift: number }
  /** RFC 2018 §2, §3. */
  | { readonly name: 'sack-permitted'; readonly kind: 4 }
  | { readonly name: 'sack'; readonly kind: 5; readonly blocks: readonly SackBlock[] }
  /** RFC 7323 §3. */
  | { readonly name: 'timestamps'; readonly kind: 8; readonly value: number; readonly echoReply: number }
  /** Any other kind, and those above with a length that they cannot have. `bytes` is the data behind kind and length. */
  | { readonly name: 'other'; readonly kind: number; readonly bytes: Uint8Array; readonly malformed: boolean }

const SACK_BLOCK_LEN = 8

/** The options in [at, end), padding among them, in the order they were sent. */
export function readTcpOptions(at: number, end: number): TcpOption[] {
  return readOptions(at, end).map(toTcpOption)
}

function toTcpOption(option: RawOption): TcpOption {
  const { kind, start } = option
  const length = option.end - start
  const known = option.malformed ? null : readKnown(kind, start, length)
  return known ?? { name: 'other', kind, bytes: optionBytes(option), malformed: option.malformed }
}

/** Null for a kind that is not known, or has not the length that it must have. */
function readKnown(kind: number, at: number, length: number): TcpOption | null {
  switch (kind) {
    case 0:
      return { name: 'end-of-list', kind }
    case 1:
      return { name: 'no-operation', kind }
    case 2:
      return length === 2 ? { name: 'maximum-segment-size', kind, value: read16(at) } : null
    case 3:
      return length === 1 ? { name: 'window-scale', kind, shift: read8(at) } : null
    case 4:
      return length === 0 ? { name: 'sack-permitted', kind } : null
    case 5:
      return length > 0 && length % SACK_BLOCK_LEN === 0
        ? { name: 'sack', kind, blocks: readSackBlocks(at, length) }
        : null
    case 8:
      return length === 8
        ? { name: 'timestamps', kind, value: readUnsigned32(at), echoReply: readUnsigned32(at + 4) }
        : null
    default:
      return null
  }
}

function readSackBlocks(at: number, length: number): SackBlock[] {
  return Array.from({ length: length / SACK_BLOCK_LEN }, (_, i) => {
    const block = at + i * SACK_BLOCK_LEN
    return { left: readUnsigned32(block), right: readUnsigned32(block + 4) }
  })
}
