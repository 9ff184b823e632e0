import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { concat, ethernet, ipv4, ipv6, u16, u32 } from '../support/build-frame.ts'
import { checkCaptures, timed, timeNs } from './check-captures.ts'

const SYN = 0x02
const ACK = 0x10
const FIN_ACK = 0x11
const RST_ACK = 0x14

interface Segment {
  /** The client sends. */
  readonly up: boolean
  readonly flags: number
  readonly sequence?: number
  readonly acknowledgment?: number
  readonly length?: number
  readonly port?: number
  readonly version?: 4 | 6
}

function segment({ up, flags, sequence = 0, acknowledgment = 0, length = 0, port = 40000, version = 4 }: Segment) {
  const ports = up ? [u16(port), u16(443)] : [u16(443), u16(port)]
  const numbers = [u32(sequence), u32(acknowledgment), u16((5 << 12) | flags), u16(1000), u16(0), u16(0)]
  const tcp = concat(...ports, ...numbers, new Uint8Array(length))
  if (version === 4) {
    const [source, destination] = up ? ['192.0.2.1', '198.51.100.2'] : ['198.51.100.2', '192.0.2.1']
    return ethernet(0x0800, ipv4({ protocol: 6, source, destination }, tcp))
  }
  const [source, destination] = up ? ['2001:db8::1', '2001:db8::2'] : ['2001:db8::2', '2001:db8::1']
  return ethernet(0x86dd, ipv6({ nextHeader: 6, source, destination }, tcp))
}

const check = (segments: readonly Segment[], most?: number) =>
  checkCaptures([timed(segments.map(segment))], { mostConversations: most })

/** Three-way handshake, ten bytes each way, and the ends. */
const whole: readonly Segment[] = [
  { up: true, flags: SYN, sequence: 100 },
  { up: false, flags: SYN | ACK, sequence: 500, acknowledgment: 101 },
  { up: true, flags: ACK, sequence: 101, acknowledgment: 501, length: 10 },
  { up: false, flags: ACK, sequence: 501, acknowledgment: 111, length: 10 },
  { up: true, flags: FIN_ACK, sequence: 111, acknowledgment: 511 },
  { up: false, flags: FIN_ACK, sequence: 511, acknowledgment: 112 },
  { up: true, flags: ACK, sequence: 112, acknowledgment: 512 },
]

describe('TCP conversations', () => {
  test('a whole one has nothing wrong with it', async () => {
    for (const version of [4, 6] as const) {
      const { report, summary } = await check(whole.map((one) => ({ ...one, version })))
      expect([report!.tcpConversations, summary]).toEqual([1, []])
    }
  })

  test('the direction that is not there, as far as it must have been', async () => {
    const { of } = await check(whole.filter(({ up }) => up))
    expect(of('one-way')).toMatchObject({
      severity: 'warning',
      count: 1,
      of: 1,
      first: { frame: 1, timeNs: timeNs(0) },
    })
    const scan = Array.from({ length: 5 }, (_, i): Segment => ({ up: true, flags: SYN, port: 1000 + i }))
    expect((await check(scan)).summary).toEqual([])
    // One of twenty: nothing that a capture's edge does not do.
    const others = Array.from({ length: 19 }, (_, i) => whole.map((one) => ({ ...one, port: 1000 + i }))).flat()
    expect((await check([...others, { up: true, flags: ACK, port: 50 }])).summary).toEqual([
      'one-way info 1/20',
      'no-handshake info 1/20',
    ])
  })

  test('without SYN', async () => {
    const { summary, of } = await check([...whole.map((one) => ({ ...one, port: 7 })), ...whole.slice(2)])
    expect(summary).toEqual(['no-handshake info 1/2'])
    expect(of('no-handshake')!.first).toEqual({ frame: 8, timeNs: timeNs(7e6) })
  })

  test('bytes that were acknowledged and never captured, each once', async () => {
    const lost = whole.filter((_, i) => i !== 3)
    const { of } = await check([...lost, { up: true, flags: ACK, sequence: 112, acknowledgment: 512 }])
    expect(of('lost-segments')).toMatchObject({
      severity: 'warning',
      count: 1,
      of: 7,
      first: { frame: 4 },
      details: { bytes: 10 },
    })
    // Sequence numbers go on at 0.
    const wrap = (one: Segment): Segment => ({
      ...one,
      ...(one.up && { sequence: (one.sequence! + 0xffffff95) >>> 0 }),
      ...(!one.up && { acknowledgment: (one.acknowledgment! + 0xffffff95) >>> 0 }),
    })
    expect((await check(whole.map(wrap))).summary).toEqual([])
    expect((await check(whole.map(wrap).filter((_, i) => i !== 2))).of('lost-segments')).toMatchObject({
      details: { bytes: 10 },
    })
  })

  test('ports that are used again, and resets that acknowledge anything', async () => {
    const again = whole.map((one) => ({
      ...one,
      sequence: one.sequence! + 5_000_000,
      acknowledgment: one.acknowledgment === undefined ? 0 : one.acknowledgment + 5_000_000,
    }))
    expect((await check([...whole, ...again])).summary).toEqual([])
    expect((await check([...whole, { up: true, flags: RST_ACK, acknowledgment: 999_999 }])).summary).toEqual([])
  })

  test('beyond the limit they are counted, and said', async () => {
    const many = Array.from({ length: 10 }, (_, i) => whole.map((one) => ({ ...one, port: 1000 + i }))).flat()
    const { report, summary, of } = await check(many, 4)
    expect([report!.tcpConversations, summary]).toEqual([4, ['conversation-limit info 42/70']])
    expect(of('conversation-limit')!.details).toEqual({ conversations: 4 })
  })

  test('any number of them, in any order: as many as there are', async () => {
    const ports = fc.array(fc.integer({ min: 1024, max: 65535 }), { minLength: 1, maxLength: 3000 })
    await fc.assert(
      fc.asyncProperty(ports, fc.infiniteStream(fc.boolean()), async (list, directions) => {
        const segments = list.map((port): Segment => ({ port, up: directions.next().value!, flags: ACK }))
        const { report, of } = await check(segments)
        const ups = (up: boolean) => new Set(segments.filter((one) => one.up === up).map(({ port }) => port))
        const both = [...ups(true)].filter((port) => ups(false).has(port)).length
        const all = new Set(list).size
        expect(report!.tcpConversations).toBe(all)
        expect(of('one-way')?.count ?? 0).toBe(all - both)
        expect(of('no-handshake')!.count).toBe(all)
      }),
      { numRuns: 15 },
    )
  })
})
