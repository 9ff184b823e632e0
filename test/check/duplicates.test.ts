import { describe, expect, test } from 'vitest'
import { concat, ethernet, hex, ipv4, ipv6, u16, udp } from '../support/build-frame.ts'
import { checkCaptures, type TimedFrame, timed, timeNs } from './check-captures.ts'

const payload = (byte: number, length = 600) => new Uint8Array(length).fill(byte)

function packet(id: number, data = payload(id & 0xff)): Uint8Array {
  return ethernet(0x0800, ipv4({ protocol: 17, identification: id }, udp({}, data)))
}

/** TTL one lower, another checksum, other MAC addresses: what a router makes of it. */
function routed(frame: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(frame)
  copy.set(hex('020000000099 020000000098'))
  copy[14 + 8]!--
  copy.set(u16(0xbeef), 14 + 10)
  return copy
}

const ofAll = async (frames: readonly (TimedFrame | Uint8Array)[], linktype?: number) => {
  const { of } = await checkCaptures([timed(frames, linktype)])
  return of('duplicates')
}

describe('duplicates', () => {
  test('of a mirror port, of a router, under another link header', async () => {
    const tagged = concat(packet(3).subarray(0, 12), hex('8100 0005'), packet(3).subarray(12))
    const found = await ofAll([
      { data: packet(1), us: 0 },
      { data: packet(1), us: 20 },
      { data: packet(2), us: 1000 },
      { data: routed(packet(2)), us: 1900 },
      { data: packet(3), us: 5000 },
      { data: tagged, us: 5001 },
    ])
    expect(found).toMatchObject({
      severity: 'warning',
      count: 3,
      of: 6,
      first: { frame: 2, timeNs: timeNs(20) },
      details: { bytes: packet(1).length * 3 + 4 },
    })
  })

  test('a difference in any byte that counts makes another packet', async () => {
    const long = packet(1)
    for (const at of [18, 19, 23, 26, 33, 34, 41, 42, 60, 200, long.length - 60, long.length - 1]) {
      const other = Uint8Array.from(long)
      other[at]! ^= 1
      expect([at, await ofAll([long, { data: other, us: 5 }])]).toEqual([at, undefined])
    }
    const six = ethernet(0x86dd, ipv6({ nextHeader: 17 }, udp({}, payload(1, 20))))
    for (const at of [17, 20, 22, 37, 38, 53, 54, six.length - 1]) {
      const other = Uint8Array.from(six)
      other[at]! ^= 1
      expect([at, await ofAll([six, { data: other, us: 5 }])]).toEqual([at, undefined])
    }
    const hops = Uint8Array.from(six)
    hops[21]!--
    expect(await ofAll([six, { data: hops, us: 5 }])).toMatchObject({ count: 1 })
  })

  test('padding is no part of the packet; without IP every byte is', async () => {
    const short = packet(1, payload(1, 4))
    expect(await ofAll([short, { data: concat(short, payload(9, 14)), us: 5 }])).toMatchObject({ count: 1 })
    const arp = ethernet(0x0806, hex('0001 0800 06 04 0001 020000000001 0a000001 000000000000 0a000002'))
    expect(await ofAll([arp, { data: arp, us: 5 }])).toMatchObject({ count: 1 })
    expect(await ofAll([arp, { data: concat(arp, Uint8Array.of(1)), us: 5 }])).toBeUndefined()
    // A link type that nobody decodes.
    expect(await ofAll([arp, { data: arp, us: 5 }], 147)).toMatchObject({ count: 1 })
  })

  test('ten milliseconds, in either direction of a clock that steps back', async () => {
    const at = (us: number) =>
      ofAll([
        { data: packet(1), us: 50_000 },
        { data: packet(1), us },
      ])
    expect(await at(60_000)).toMatchObject({ count: 1 })
    expect(await at(60_002)).toBeUndefined()
    expect(await at(45_000)).toMatchObject({ count: 1 })
    expect(await at(30_000)).toBeUndefined()
  })

  test('a few are a note; frames of a busy network in between are no obstacle', async () => {
    const frames = Array.from({ length: 20_000 }, (_, i) => ({ data: packet(i, payload(i >> 8, 8)), us: 1 + (i >> 3) }))
    frames.push({ data: packet(12_345, payload(12_345 >> 8, 8)), us: 2600 })
    expect(await ofAll(frames)).toMatchObject({ severity: 'info', count: 1, of: 20_001, first: { frame: 20_001 } })
  })
})
