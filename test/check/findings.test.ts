/** Findings that come of lengths, link types, drops and damage; TCP, duplicates and times have tests of their own. */
import { describe, expect, test } from 'vitest'
import { pcap, pcapng } from '../support/build-capture.ts'
import { concat, ethernet, hex, ipv4, tcp, udpInIpv4 } from '../support/build-frame.ts'
import { capturesFolder } from '../support/captures.ts'
import { checkCaptures, timed, timeNs } from './check-captures.ts'

const small = ethernet(0x0800, udpInIpv4())
const data = (length: number) =>
  ethernet(0x0800, ipv4({ protocol: 17, identification: length }, new Uint8Array(length - 34)))

describe('lengths', () => {
  test('cut frames; cut headers', async () => {
    const { summary, of } = await checkCaptures([
      timed([
        small,
        { data: data(100).subarray(0, 60), us: 1, origlen: 100 },
        { data: small.subarray(0, 30), us: 2, origlen: 46 },
      ]),
    ])
    expect(summary).toEqual(['headers-cut warning 1/3', 'snaplen info 2/3'])
    expect(of('snaplen')).toMatchObject({ first: { frame: 2, timeNs: timeNs(1) }, details: { bytes: 56 } })
    expect(of('headers-cut')!.first!.frame).toBe(3)
  })

  test('more captured than there was', async () => {
    expect((await checkCaptures([timed([{ data: small, origlen: 40 }])])).summary).toEqual(['lengths warning 1/1'])
  })

  test('frames that Ethernet does not carry', async () => {
    expect((await checkCaptures([timed([data(1518)])])).summary).toEqual([])
    const { summary, of } = await checkCaptures([timed([data(1518), data(1519), data(4 * 1514)])])
    expect(summary).toEqual(['oversized warning 2/3'])
    expect(of('oversized')).toMatchObject({
      first: { frame: 2 },
      details: { largest: 6056, packets_missing: 1 + 3 },
    })
    // Two tags make them longer, the loopback has another MTU.
    const tagged = concat(data(1518).subarray(0, 12), hex('88a8 0001 8100 0002'), data(1518).subarray(12))
    expect((await checkCaptures([timed([tagged])])).summary).toEqual([])
    expect((await checkCaptures([timed([concat(tagged, Uint8Array.of(0))])])).summary).toEqual([
      'oversized warning 1/1',
    ])
    const loopback = concat(new Uint8Array(12), data(60_000).subarray(12))
    expect((await checkCaptures([timed([loopback])])).summary).toEqual([])
  })

  test('of `any`: loopback apart by its hardware type', async () => {
    const ip = data(5000).subarray(14)
    const cooked = (type: string) => concat(hex(`0000 ${type} 0006 0200000000010000 0800`), ip)
    expect((await checkCaptures([timed([cooked('0001')], 113)])).summary).toEqual(['oversized warning 1/1'])
    expect((await checkCaptures([timed([cooked('0304')], 113)])).summary).toEqual([])
    const cooked2 = (type: string) => concat(hex(`0800 0000 00000001 ${type} 00 06 0200000000010000`), ip)
    expect((await checkCaptures([timed([cooked2('0001')], 276)])).summary).toEqual(['oversized warning 1/1'])
    expect((await checkCaptures([timed([cooked2('0304')], 276)])).summary).toEqual([])
  })
})

describe('what is not decoded', () => {
  test('link types, malformed headers', async () => {
    expect((await checkCaptures([timed([small, small], 147)])).summary).toEqual(['unknown-link warning 2/2'])
    const broken = ethernet(0x0800, ipv4({ protocol: 6, ihl: 3 }, tcp()))
    expect((await checkCaptures([timed([small, broken])])).of('malformed')).toMatchObject({
      severity: 'warning',
      count: 1,
      first: { frame: 2 },
    })
  })

  test('no frames', async () => {
    expect((await checkCaptures([pcap([])])).summary).toEqual(['no-frames warning'])
  })
})

describe('drops', () => {
  const { section, interface: described, packet, statistics } = pcapng()
  const capture = (...dropped: (bigint | undefined)[]) =>
    Buffer.concat([
      section(),
      ...dropped.map((_, i) => described({ name: `if${i}` })),
      packet({ data: small }),
      ...dropped.flatMap((count, i) => (count === undefined ? [] : [statistics({ interface: i, dropped: count })])),
    ])

  test('as the capture says, of all that there were', async () => {
    expect((await checkCaptures([capture(3n, 1n)])).summary).toEqual(['drops warning 4/5'])
    expect((await checkCaptures([capture(0n, 0n)])).report!.findings).toEqual([])
  })

  test('nobody says', async () => {
    expect((await checkCaptures([capture(0n, undefined)])).of('drops-unknown')).toMatchObject({ severity: 'info' })
    expect((await checkCaptures([timed([small])])).of('drops-unknown')).toMatchObject({ severity: 'info' })
  })
})

describe('damage', () => {
  test('cut: an error behind the last frame', async () => {
    const sound = timed([small, small])
    const { report, of, problems } = await checkCaptures([sound.subarray(0, -5)])
    expect(report!.findings[0]!.kind).toBe('unreadable')
    expect(of('unreadable')).toMatchObject({
      severity: 'error',
      first: { frame: 1, timeNs: timeNs(0) },
      details: {
        kind: 'cut',
        file: 'capture 0',
        message: problems[0]!.message,
        unreadable_bytes: 16 + small.length - 5,
      },
    })
  })

  test('one of several is no capture: a finding on the rest', async () => {
    const { report, of } = await checkCaptures([timed([small]), `${capturesFolder}broken/text.pcap`])
    expect(report!.capture.frames).toBe(1)
    expect(of('unreadable')).toMatchObject({ first: null, details: { kind: 'foreign' } })
  })

  test('no capture at all: no report', async () => {
    const { report, problems } = await checkCaptures([Buffer.from('not one')])
    expect([report, problems.length]).toEqual([null, 1])
  })
})
