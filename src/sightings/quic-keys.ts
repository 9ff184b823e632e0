/**
 * The protection of a client's QUIC Initial packets (RFC 9001 §5; version 2: RFC 9369 §3.3): its keys follow from the first
 * destination connection id, which everybody on the way can read.
 *
 * The tag is not checked, as no checksum of TCP or UDP is: that would take three times as long, a captured part has none, and
 * what another key makes of a packet is no frames (quic-frames.ts). Imported when the first Initial is there: noble's
 * tables for AES take some 15 ms to make.
 */
import { ctr, ecb } from '@noble/ciphers/aes.js'
import { expand, extract } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { type LongPacket, QUIC_V2 } from './quic-packet.ts'

/** RFC 9001 §5.2, RFC 9369 §3.3.1. */
const SALT_V1 = bytesOf('38762cf7f55934b34d179ae6a4c80cadccbb7f0a')
const SALT_V2 = bytesOf('0dede3def700a6db819381be6e269dcbf9bd2ed9')

const SECRET_LEN = 32
const KEY_LEN = 16
const IV_LEN = 12
const TAG_LEN = 16
/** RFC 9001 §5.4.2: where the sample is, behind the packet number's first byte, and its length. */
const SAMPLE_AT = 4
const SAMPLE_LEN = 16
/** RFC 9000 §17.2: reserved bits are 0 once the protection is off. */
const RESERVED = 0x0c

export interface InitialKeys {
  /** The payload without its tag, as far as there are bytes; null: too short, or protected by another key. */
  open(bytes: Uint8Array, packet: LongPacket): Uint8Array | null
}

/** Keys of the client that chose this destination connection id. */
export function createInitialKeys(version: number, destinationId: Uint8Array): InitialKeys {
  const isV2 = version === QUIC_V2
  const prefix = isV2 ? 'quicv2' : 'quic'
  const initial = extract(sha256, destinationId, isV2 ? SALT_V2 : SALT_V1)
  const secret = expandLabel(initial, 'client in', SECRET_LEN)
  const key = expandLabel(secret, `${prefix} key`, KEY_LEN)
  const iv = expandLabel(secret, `${prefix} iv`, IV_LEN)
  const headerKey = expandLabel(secret, `${prefix} hp`, KEY_LEN)
  return { open: (bytes, packet) => openPacket(bytes, packet, key, iv, headerKey) }
}

function openPacket(
  bytes: Uint8Array,
  { start, numberAt, end }: LongPacket,
  key: Uint8Array,
  iv: Uint8Array,
  headerKey: Uint8Array,
): Uint8Array | null {
  const sampleAt = numberAt + SAMPLE_AT
  const sampleEnd = sampleAt + SAMPLE_LEN
  if (sampleEnd > bytes.length || sampleEnd > end) return null
  const mask = ecb(headerKey, { disablePadding: true }).encrypt(bytes.slice(sampleAt, sampleEnd))
  const flags = bytes[start]! ^ (mask[0]! & 0x0f)
  if ((flags & RESERVED) !== 0) return null
  const payloadAt = numberAt + (flags & 3) + 1
  // AES-GCM encrypts as counter mode does, from 2 on (NIST SP 800-38D §7.1). A client's first packets have numbers of few bits.
  const counter = new Uint8Array(16)
  counter.set(iv)
  counter[15] = 2
  for (let at = numberAt, i = 1; at < payloadAt; at++, i++) {
    counter[IV_LEN - (payloadAt - at)]! ^= bytes[at]! ^ mask[i]!
  }
  return ctr(key, counter).decrypt(bytes.slice(payloadAt, Math.min(end - TAG_LEN, bytes.length)))
}

/** HKDF-Expand-Label, RFC 8446 §7.1, without context. */
function expandLabel(secret: Uint8Array, label: string, length: number): Uint8Array {
  const name = new TextEncoder().encode(`tls13 ${label}`)
  return expand(sha256, secret, Uint8Array.of(0, length, name.length, ...name, 0), length)
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g)!, (byte) => Number.parseInt(byte, 16))
}
