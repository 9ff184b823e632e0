import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NameReader } from '../../src/sightings/name-reader.ts'
import type { Payload } from '../../src/sightings/sighting.ts'
import { concat } from '../support/build-frame.ts'
import { namesTo } from '../support/read-names.ts'
import { clientHello, cryptoFrame, type InitialForm, namesOf, payload, sealInitial } from './payloads.ts'

const NAME = ['quic 198.51.100.2 www.example.com']
const small = clientHello({ name: 'www.example.com' })
/** As Chrome's: two Initials are needed for it. */
const large = clientHello({ name: 'www.example.com', keyShareLength: 1216, isNameLast: true })

function datagram(frames: Uint8Array, form: InitialForm = {}, fields: Partial<Payload> = {}): Payload {
  return payload(sealInitial(frames, form), { isTcp: false, ...fields })
}

function framesOf(message: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = [...new Set([0, ...cuts.filter((cut) => cut < message.length), message.length])].sort((a, b) => a - b)
  return places.slice(0, -1).map((start, i) => cryptoFrame(message, start, places[i + 1]!))
}

describe('QuicNames', () => {
  test.each(['v1', 'v2'] as const)('one Initial, %s', async (version) => {
    expect(await namesOf([datagram(framesOf(small, [])[0]!, { version })])).toEqual(NAME)
  })

  test('CRYPTO frames in any order, over any number of Initials in any order', async () => {
    const cuts = fc.array(fc.nat(large.length), { minLength: 1, maxLength: 12 })
    const shuffled = cuts.chain((places) => {
      const frames = framesOf(large, [...places, 1000])
      return fc.shuffledSubarray(frames, { minLength: frames.length })
    })
    await fc.assert(
      fc.asyncProperty(shuffled, async (frames) => {
        // As many as fit; the id of the destination is another from the second packet on.
        const payloads: Uint8Array[] = [new Uint8Array(0)]
        for (const frame of frames) {
          const last = payloads.length - 1
          if (payloads[last]!.length + frame.length > 1162) payloads.push(frame)
          else payloads[last] = concat(payloads[last]!, frame)
        }
        const forms = payloads.map((_, packetNumber) => {
          const other = packetNumber === 0 ? {} : { destinationId: Uint8Array.of(1, 2, 3) }
          return { packetNumber, payloadLength: 1170, ...other }
        })
        const datagrams = payloads.map((bytes, i) => datagram(bytes, forms[i]))
        expect(await namesOf(datagrams)).toEqual(NAME)
      }),
      { numRuns: 50 },
    )
  })

  test('is told once, however often it is sent', async () => {
    const first = datagram(framesOf(small, [])[0]!)
    expect(await namesOf([first, first, first])).toEqual(NAME)
  })

  test('a Retry: new keys, a token, the hello again', async () => {
    const [begin, end] = framesOf(large, [1000])
    const form = { firstId: Uint8Array.of(9, 8, 7, 6, 5, 4, 3, 2), token: new Uint8Array(60), payloadLength: 1162 }
    expect(await namesOf([datagram(begin!), datagram(begin!, form), datagram(end!, form)])).toEqual(NAME)
  })

  test("nothing of a server's, of a datagram that no server takes, or of one that is damaged", async () => {
    const frame = framesOf(small, [])[0]!
    expect(await namesOf([datagram(frame, { side: 'server' })])).toEqual([])
    expect(await namesOf([datagram(frame, { payloadLength: 600 })])).toEqual([])
    const damaged = datagram(frame)
    damaged.bytes[30]! ^= 1
    expect(await namesOf([damaged])).toEqual([])
    // The id in the header is not the one that the keys come from.
    expect(await namesOf([datagram(frame, { destinationId: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) })])).toEqual([])
  })

  test('cut by the snaplen, when the name is in what is left', async () => {
    const whole = datagram(framesOf(small, [])[0]!)
    const cut = (length: number) => ({ ...whole, bytes: whole.bytes.subarray(0, length) })
    const nameEnd = 22 + 5 + Buffer.from(small).indexOf('www.example.com') + 15
    expect(await namesOf([cut(nameEnd)])).toEqual(NAME)
    expect(await namesOf([cut(nameEnd - 1)])).toEqual([])
  })

  test('waits, with copies of its own, until it is settled', async () => {
    const names: string[] = []
    const reader = new NameReader(namesTo(names))
    const bytes = sealInitial(framesOf(small, [])[0]!)
    const destination = Uint8Array.of(198, 51, 100, 2)
    reader.read(payload(bytes, { isTcp: false, destination }))
    expect([reader.isWaiting, names]).toEqual([true, []])
    bytes.fill(0)
    destination.fill(0)
    await reader.settle()
    expect([reader.isWaiting, names]).toEqual([false, NAME])
    reader.read(datagram(framesOf(small, [])[0]!, {}, { flow: 'b' }))
    expect([reader.isWaiting, names]).toEqual([false, [...NAME, ...NAME]])
  })

  test('keeps 8 MiB of what waits', async () => {
    const names: string[] = []
    const reader = new NameReader(namesTo(names))
    const { bytes } = datagram(framesOf(small, [])[0]!)
    for (let flow = 0; flow < 7000; flow++) reader.read(payload(bytes, { isTcp: false, flow }))
    await reader.settle()
    expect(names.length).toBe(Math.floor((8 << 20) / bytes.length))
  })

  test('any damage to a datagram: the name or nothing', async () => {
    const sound = datagram(framesOf(small, [])[0]!)
    const damage = fc.array(fc.tuple(fc.nat(1199), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 3 })
    await fc.assert(
      fc.asyncProperty(damage, fc.nat(1200), async (changes, length) => {
        const bytes = sound.bytes.slice()
        for (const [at, byte] of changes) bytes[at]! ^= byte
        for (const name of await namesOf([{ ...sound, bytes: bytes.subarray(0, length) }])) {
          expect(name).toMatch(/^quic 198\.51\.100\.2 [!-@[-~]{1,253}$/)
        }
      }),
    )
  })
})
