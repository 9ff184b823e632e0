import { describe, expect, test } from 'vitest'
import { createInitialKeys } from '../../src/sightings/quic-keys.ts'
import { QUIC_V1, QUIC_V2, readLongPacket } from '../../src/sightings/quic-packet.ts'
import { concat, hex } from '../support/build-frame.ts'
import { FIRST_ID, sealInitial } from './payloads.ts'

/** RFC 9001 §A.2: the CRYPTO frame, which 917 bytes of padding follow. */
const FRAME = hex(
  '060040f1010000ed0303ebf8fa56f12939b9584a3896472ec40bb863cfd3e86804fe3a47f06a2b69484c00000413011302010000c0000000100' +
    '00e00000b6578616d706c652e636f6dff01000100000a00080006001d0017001800100007000504616c706e00050005010000000000330026' +
    '0024001d00209370b2c9caa47fbabaf4559fedba753de171fa71f50f1ce15d43e994ec74d748002b0003020304000d0010000e0403050306' +
    '030203080408050806002d00020101001c00024001003900320408ffffffffffffffff05048000ffff07048000ffff080110010480007530' +
    '0901100f088394c8f03e51570806048000ffff',
)
const PAYLOAD = concat(FRAME, new Uint8Array(917))

/** The first 32 and last 16 bytes of the protected packets, RFC 9001 §A.2 and RFC 9369 §A.2. */
const PACKETS = [
  {
    version: 'v1',
    number: QUIC_V1,
    first: 'c000000001088394c8f03e5157080000449e7b9aec34d1b1c98dd7689fb8ec11',
    last: 'e221af44860018ab0856972e194cd934',
  },
  {
    version: 'v2',
    number: QUIC_V2,
    first: 'd76b3343cf088394c8f03e5157080000449ea0c95e82ffe67b6abcdb4298b485',
    last: 'a18b2faa745b6fe189cf772a9f84cbfc',
  },
] as const

describe.each(PACKETS)('QUIC $version', ({ version, number, first, last }) => {
  // With the same first bytes behind the same header, and the same tag, all of it is the RFC's packet.
  const datagram = sealInitial(FRAME, { version, packetNumber: 2 })
  const packet = readLongPacket(datagram, 0)!
  const keys = createInitialKeys(number, FIRST_ID)

  test("the RFC's packet is opened", () => {
    const digits = Buffer.from(datagram).toString('hex')
    expect([datagram.length, digits.slice(0, 64), digits.slice(-last.length)]).toEqual([1200, first, last])
    expect(keys.open(datagram, packet)).toEqual(PAYLOAD)
  })

  test('a cut packet is opened as far as it goes, when the sample is there', () => {
    for (const length of [38, 39, 100, 1184]) {
      expect(keys.open(datagram.subarray(0, length), packet)).toEqual(PAYLOAD.subarray(0, length - 22))
    }
    for (const length of [0, 18, 37]) expect(keys.open(datagram.subarray(0, length), packet)).toBeNull()
  })

  test('at any place of a buffer', () => {
    for (let start = 1; start < 5; start++) {
      const buffer = new Uint8Array(start + datagram.length)
      buffer.set(datagram, start)
      expect(keys.open(buffer.subarray(start), packet)).toEqual(PAYLOAD)
      expect(keys.open(buffer, readLongPacket(buffer, start)!)).toEqual(PAYLOAD)
    }
  })

  test('leaves the packet as it was', () => {
    const before = datagram.slice()
    keys.open(datagram, packet)
    expect(datagram).toEqual(before)
  })
})
