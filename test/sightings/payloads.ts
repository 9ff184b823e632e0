/** Payloads by hand, and what reads them: the other side of src/sightings. */
import { createCipheriv, createHmac } from 'node:crypto'
import { NameReader } from '../../src/sightings/name-reader.ts'
import type { Payload } from '../../src/sightings/sighting.ts'
import { concat, u16, u32 } from '../support/build-frame.ts'
import { namesTo } from '../support/read-names.ts'

export const CLIENT = Uint8Array.of(192, 0, 2, 1)
export const SERVER = Uint8Array.of(198, 51, 100, 2)

export function payload(bytes: Uint8Array, fields: Partial<Payload> = {}): Payload {
  return {
    bytes,
    wholeLength: bytes.length,
    source: CLIENT,
    destination: SERVER,
    sourcePort: 50_000,
    destinationPort: 443,
    isTcp: true,
    sequence: 0,
    flow: 'a',
    ...fields,
  }
}

/** What a reader tells of payloads, in their order. */
export async function namesOf(payloads: Iterable<Payload>): Promise<string[]> {
  const names: string[] = []
  const reader = new NameReader(namesTo(names))
  for (const each of payloads) {
    reader.read(each)
    if (reader.isWaiting) await reader.settle()
  }
  return names
}

/** A stream cut before each of `cuts`, as segments with their sequence numbers. */
export function segmentsOf(stream: Uint8Array, cuts: readonly number[], fields: Partial<Payload> = {}): Payload[] {
  const first = fields.sequence ?? 0
  const places = [...new Set([0, ...cuts.filter((cut) => cut < stream.length), stream.length])].sort((a, b) => a - b)
  return places
    .slice(0, -1)
    .map((start, i) => payload(stream.slice(start, places[i + 1]), { ...fields, sequence: (first + start) >>> 0 }))
}

export interface HelloForm {
  readonly name?: string
  /** 1216 is that of X25519MLKEM768, which browsers send. */
  readonly keyShareLength?: number
  /** Behind the key share, as a browser may choose. */
  readonly isNameLast?: boolean
}

/** A TLS 1.3 ClientHello: the handshake message. */
export function clientHello({ name, keyShareLength = 32, isNameLast = false }: HelloForm = {}): Uint8Array {
  const text = new TextEncoder().encode(name)
  const entry = concat(Uint8Array.of(0), u16(text.length), text)
  const serverName = name === undefined ? [] : [extension(0, concat(u16(entry.length), entry))]
  const share = concat(u16(0x11ec), u16(keyShareLength), new Uint8Array(keyShareLength).fill(0x5a))
  const others = [extension(51, concat(u16(share.length), share)), extension(43, Uint8Array.of(2, 3, 4))]
  const extensions = concat(...(isNameLast ? [...others, ...serverName] : [...serverName, ...others]))
  const body = concat(
    u16(0x0303),
    new Uint8Array(32).fill(0xaa),
    Uint8Array.of(32),
    new Uint8Array(32).fill(0xbb),
    u16(4),
    u16(0x1301),
    u16(0x1302),
    Uint8Array.of(1, 0),
    u16(extensions.length),
    extensions,
  )
  return concat(u32(0x01000000 | body.length), body)
}

function extension(type: number, content: Uint8Array): Uint8Array {
  return concat(u16(type), u16(content.length), content)
}

/** A handshake message in TLS records of at most `size` bytes. */
export function tlsRecords(message: Uint8Array, size = 1 << 14): Uint8Array {
  const records: Uint8Array[] = []
  for (let at = 0; at < message.length; at += size) {
    const part = message.subarray(at, at + size)
    records.push(concat(Uint8Array.of(22, 3, 1), u16(part.length), part))
  }
  return concat(...records)
}

const VERSIONS = {
  v1: { number: 0x00000001, salt: '38762cf7f55934b34d179ae6a4c80cadccbb7f0a', prefix: 'quic', flags: 0xc0 },
  v2: { number: 0x6b3343cf, salt: '0dede3def700a6db819381be6e269dcbf9bd2ed9', prefix: 'quicv2', flags: 0xd0 },
}

export const FIRST_ID = Uint8Array.from(Buffer.from('8394c8f03e515708', 'hex'))

export interface InitialForm {
  readonly version?: keyof typeof VERSIONS
  /** What the keys come from. */
  readonly firstId?: Uint8Array
  /** What is in the header, where it is another. */
  readonly destinationId?: Uint8Array
  readonly token?: Uint8Array
  readonly packetNumber?: number
  /** Of frames with their padding. */
  readonly payloadLength?: number
  readonly side?: 'client' | 'server'
}

/** A protected Initial packet, by Node's crypto: RFC 9001 §5, with a packet number of four bytes. */
export function sealInitial(frames: Uint8Array, form: InitialForm = {}): Uint8Array {
  const { firstId = FIRST_ID, packetNumber = 0, payloadLength = 1162, token = new Uint8Array(0) } = form
  const { number, salt, prefix, flags } = VERSIONS[form.version ?? 'v1']
  const destinationId = form.destinationId ?? firstId
  const extracted = extract(Buffer.from(salt, 'hex'), firstId)
  const secret = expandLabel(extracted, `${form.side ?? 'client'} in`, 32)
  const [key, iv, headerKey] = [
    expandLabel(secret, `${prefix} key`, 16),
    expandLabel(secret, `${prefix} iv`, 12),
    expandLabel(secret, `${prefix} hp`, 16),
  ]
  const padded = new Uint8Array(Math.max(payloadLength, frames.length))
  padded.set(frames)
  const head = concat(
    Uint8Array.of(flags | 3),
    u32(number | 0),
    Uint8Array.of(destinationId.length),
    destinationId,
    Uint8Array.of(0, token.length),
    token,
    u16(0x4000 | (4 + padded.length + 16)),
    u32(packetNumber),
  )
  const nonce = Buffer.from(iv)
  nonce.writeInt32BE(nonce.readInt32BE(8) ^ packetNumber, 8)
  const cipher = createCipheriv('aes-128-gcm', key, nonce).setAAD(head)
  const packet = concat(head, cipher.update(padded), cipher.final(), cipher.getAuthTag())
  const sample = packet.subarray(head.length, head.length + 16)
  const mask = createCipheriv('aes-128-ecb', headerKey, null).update(sample)
  packet[0]! ^= mask[0]! & 0x0f
  for (let i = 0; i < 4; i++) packet[head.length - 4 + i]! ^= mask[i + 1]!
  return packet
}

/** HKDF-Extract, RFC 5869 §2.2. */
function extract(salt: Buffer, secret: Uint8Array): Buffer {
  return createHmac('sha256', salt).update(secret).digest()
}

/** HKDF-Expand-Label (RFC 8446 §7.1) of one block. */
function expandLabel(secret: Uint8Array, label: string, length: number): Buffer {
  const name = Buffer.from(`tls13 ${label}`)
  const info = Buffer.concat([Buffer.of(0, length, name.length), name, Buffer.of(0, 1)])
  return createHmac('sha256', secret).update(info).digest().subarray(0, length)
}

/** Frames of a hello's bytes [start, end). */
export function cryptoFrame(message: Uint8Array, start: number, end: number): Uint8Array {
  return concat(Uint8Array.of(6), u16(0x4000 | start), u16(0x4000 | (end - start)), message.subarray(start, end))
}
