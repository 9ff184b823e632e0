/** The payload of a QUIC Initial packet, decrypted → what its CRYPTO frames hold (RFC 9000 §12.4, §19). */
import { VarintReader } from './varint-reader.ts'

const PADDING = 0x00
const PING = 0x01
const ACK = 0x02
const ACK_ECN = 0x03
const CRYPTO = 0x06
const CONNECTION_CLOSE = 0x1c

export interface CryptoFrame {
  readonly offset: number
  readonly bytes: Uint8Array
}

/**
 * null: these are not the frames of an Initial, as when the key was another's. All of it has to be frames, up to the end, so that
 * garbage does not pass. A payload that the capture cut (`isCut`) is read as far as it goes.
 */
export function readCryptoFrames(payload: Uint8Array, isCut: boolean): CryptoFrame[] | null {
  const frames: CryptoFrame[] = []
  const reader = new VarintReader(payload, 0)
  while (reader.at < payload.length) {
    const type = payload[reader.at++]!
    if (type === CRYPTO) {
      const offset = reader.next()
      const length = reader.next()
      const start = reader.at
      if (!reader.isOver) frames.push({ offset, bytes: payload.subarray(start, start + length) })
      reader.skip(length)
    } else if (type === ACK || type === ACK_ECN) skipAck(reader, type)
    else if (type === CONNECTION_CLOSE) {
      reader.next()
      reader.next()
      reader.skip(reader.next())
    } else if (type !== PADDING && type !== PING) return null
    if (reader.isOver) return isCut ? frames : null
  }
  return frames
}

/** RFC 9000 §19.3. */
function skipAck(reader: VarintReader, type: number): void {
  reader.next()
  reader.next()
  let ranges = 2 * reader.next() + 1
  if (type === ACK_ECN) ranges += 3
  for (; ranges > 0 && !reader.isOver; ranges--) reader.next()
}
