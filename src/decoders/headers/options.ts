/**
 * The options of IPv4 (RFC 791 §3.1) and TCP (RFC 9293 §3.1), which share one form: kind 0 ends the list, kind 1 stands
 * alone, all others have a length that counts kind, length and data.
 */
import { read8 } from '../bytes.ts'
import { readBytes } from './read-bytes.ts'

/** An option of IPv4 (RFC 791) or TCP (RFC 9293) as it lies there: kind, and where its data are. */
export interface RawOption {
  readonly kind: number
  /** Where its data is: behind kind and length. */
  readonly start: number
  readonly end: number
  /** Its length is less than 2 or runs past the header. Data is then the rest of the header, and the last of the list. */
  readonly malformed: boolean
}

const END_OF_LIST = 0
const NO_OPERATION = 1
const KIND_AND_LENGTH = 2

/** The options in [at, end). What is behind an end-of-list is padding. */
export function readOptions(at: number, end: number): RawOption[] {
  const options: RawOption[] = []
  while (at < end) {
    const kind = read8(at)
    if (kind === END_OF_LIST || kind === NO_OPERATION) {
      options.push({ kind, start: at + 1, end: at + 1, malformed: false })
      if (kind === END_OF_LIST) break
      at += 1
      continue
    }
    const length = at + 1 < end ? read8(at + 1) : 0
    if (length < KIND_AND_LENGTH || at + length > end) {
      options.push({ kind, start: Math.min(at + KIND_AND_LENGTH, end), end, malformed: true })
      break
    }
    options.push({ kind, start: at + KIND_AND_LENGTH, end: at + length, malformed: false })
    at += length
  }
  return options
}

export function optionBytes(option: RawOption): Uint8Array {
  return readBytes(option.start, option.end)
}
