import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mayBeQuic, QUIC_V1, QUIC_V2, readLongPacket } from '../../src/sightings/quic-packet.ts'
import { concat, hex } from '../support/build-frame.ts'
import { FIRST_ID, sealInitial } from './payloads.ts'

describe('readLongPacket', () => {
  test('the header of RFC 9001 §A.2, and of RFC 9369 §A.2', () => {
    const rest = new Uint8Array(1182)
    const v1 = concat(hex('c000000001088394c8f03e5157080000449e7b9aec34'), rest.subarray(4))
    const packet = { version: QUIC_V1, isInitial: true, destinationId: FIRST_ID, start: 0, numberAt: 18, end: 1200 }
    expect(readLongPacket(v1, 0)).toEqual(packet)
    const v2 = concat(hex('d76b3343cf088394c8f03e5157080000449ea0c95e82'), rest.subarray(4))
    expect(readLongPacket(v2, 0)).toEqual({ ...packet, version: QUIC_V2 })
  })

  test("a server's, with a source id; a token; the second of a datagram", () => {
    // RFC 9001 §A.3.
    const server = hex('cf000000010008f067a5502a4262b5004075c0d9')
    expect(readLongPacket(server, 0)).toMatchObject({ destinationId: new Uint8Array(0), numberAt: 18, end: 18 + 0x75 })
    const first = sealInitial(Uint8Array.of(1), { token: new Uint8Array(50), payloadLength: 30 })
    const datagram = concat(first, sealInitial(Uint8Array.of(1)))
    expect(readLongPacket(datagram, 0)!.end).toBe(first.length)
    expect(readLongPacket(datagram, first.length)).toMatchObject({ isInitial: true, end: datagram.length })
  })

  test.each([
    ['0-RTT and Handshake, version 1', ['d0', 'e0'], '00000001', true],
    ['0-RTT and Handshake, version 2', ['e0', 'f0'], '6b3343cf', true],
    ['Retry, version 1', ['f0'], '00000001', false],
    ['Retry, version 2', ['c0'], '6b3343cf', false],
  ])('%s', (_, flags, version, hasLength) => {
    for (const first of flags) {
      const packet = readLongPacket(hex(`${first}${version}00000a00000000000000000000`), 0)
      if (hasLength) expect(packet).toMatchObject({ isInitial: false, numberAt: 8, end: 18 })
      else expect(packet).toBeNull()
    }
  })

  test.each([
    ['another version', 'c0ff00001d088394c8f03e5157080000449e7b9aec34'],
    ['version negotiation', 'c000000000088394c8f03e5157080000449e7b9aec34'],
    ['a short header', '4000000001088394c8f03e5157080000449e7b9aec34'],
    ['an id of 21 bytes', `c00000000115${'00'.repeat(30)}`],
    ['ids that are cut', 'c000000001088394c8f03e515708'],
    ['a token longer than the datagram', 'c00000000100004100'],
    ['nothing', ''],
  ])('%s is no packet', (_, digits) => expect(readLongPacket(hex(digits), 0)).toBeNull())

  test('any bytes: a packet that goes on behind where it begins', () => {
    const bytes = fc.uint8Array({ maxLength: 60 }).map((tail) => concat(hex('c000000001'), tail))
    fc.assert(
      fc.property(bytes, (datagram) => {
        expect(mayBeQuic(datagram)).toBe(datagram.length >= 7)
        const packet = readLongPacket(datagram, 0)
        if (packet !== null) expect(packet.end).toBeGreaterThanOrEqual(packet.numberAt)
      }),
    )
  })
})
