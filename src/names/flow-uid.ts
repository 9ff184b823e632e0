/**
 * Facts of a connection → an id that looks as Zeek's do: `C` and 16 letters and digits. The same facts have the same id in every run,
 * which Zeek's own do not.
 */
import { sha1 } from '@noble/hashes/legacy.js'

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const LENGTH = 16
/** 2^96, as Zeek's; 62^16 is a little less. */
const HASH_BYTES = 12

const encoder = new TextEncoder()

export function flowUid(facts: readonly (string | number)[]): string {
  let rest = 0n
  for (const byte of sha1(encoder.encode(facts.join('\n'))).subarray(0, HASH_BYTES)) rest = (rest << 8n) | BigInt(byte)
  let text = ''
  for (let i = 0; i < LENGTH; i++) {
    text += DIGITS[Number(rest % 62n)]
    rest /= 62n
  }
  return `C${text}`
}
