/**
 * Names → names that say nothing: of a host label by label, so that names of one domain are still of one domain, and as many labels
 * deep. `www.corp.example.org` and `mail.corp.example.org` become `n93….n07….n5c….example` and `n41….n07….n5c….example`.
 */
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'

const encoder = new TextEncoder()
/** 40 bits: among a million names, which is all that a book holds, there is no second of that pseudonym as a rule. */
const BYTES = 5
/** RFC 2606 §2: nobody's, in place of every top-level domain. */
const TOP = 'example'
/** DNS names have 255 bytes at most; a longer text is a name in one piece. */
const MOST_LABELS = 128

/** The pseudonym of the text alone: ten hex digits. */
export function keyedDigest(key: Uint8Array, kind: string, text: string): string {
  return bytesToHex(hmac(sha256, key, encoder.encode(`${kind} ${text}`)).subarray(0, BYTES))
}

export function hostPseudonym(key: Uint8Array, name: string): string {
  const text = name.toLowerCase().replace(/\.$/, '')
  const labels = text.split('.')
  const pseudonym = (suffix: string) => `n${keyedDigest(key, 'host', suffix)}`
  if (labels.length === 1 || labels.length > MOST_LABELS) return pseudonym(text)
  const above = labels.slice(0, -1).map((_, i) => pseudonym(labels.slice(i).join('.')))
  return [...above, TOP].join('.')
}
