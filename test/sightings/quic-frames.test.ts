import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readCryptoFrames } from '../../src/sightings/quic-frames.ts'
import { concat, hex } from '../support/build-frame.ts'
import { cryptoFrame } from './payloads.ts'

const message = Uint8Array.from({ length: 100 }, (_, i) => i)

describe('readCryptoFrames', () => {
  test('between padding, pings and acknowledgements', () => {
    const payload = concat(
      hex('0000'),
      cryptoFrame(message, 50, 100),
      hex('01'),
      // An ACK of two ranges, one with ECN counts, and the end of a connection with its reason.
      hex('020a0001000405'),
      hex('0305000000010203'),
      cryptoFrame(message, 0, 50),
      hex('1c0a06036f6f70'),
      hex('000000'),
    )
    expect(readCryptoFrames(payload, false)).toEqual([
      { offset: 50, bytes: message.subarray(50) },
      { offset: 0, bytes: message.subarray(0, 50) },
    ])
  })

  test('what is in no Initial, and a frame longer than its packet, is garbage', () => {
    const frame = cryptoFrame(message, 0, 50)
    expect(readCryptoFrames(concat(frame, hex('08')), false)).toBeNull()
    expect(readCryptoFrames(concat(hex('00'), frame.subarray(0, -1)), false)).toBeNull()
    expect(readCryptoFrames(hex('02bfffffff'), false)).toBeNull()
  })

  test('a payload that was cut is read as far as it goes', () => {
    const payload = concat(cryptoFrame(message, 50, 100), cryptoFrame(message, 0, 50))
    expect(readCryptoFrames(payload.subarray(0, -10), true)).toEqual([
      { offset: 50, bytes: message.subarray(50) },
      { offset: 0, bytes: message.subarray(0, 40) },
    ])
    expect(readCryptoFrames(payload.subarray(0, 56), true)!.length).toBe(1)
  })

  test('any bytes: frames that lie inside them, or none', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.boolean(), (payload, isCut) => {
        const frames = readCryptoFrames(payload, isCut) ?? []
        const total = frames.reduce((sum, { bytes }) => sum + bytes.length, 0)
        expect(total).toBeLessThanOrEqual(payload.length)
      }),
    )
  })
})
