import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as layout from '../../src/abi/tcp-layout.ts'
import { connState } from '../../src/engine/tcp-conn-state.ts'
import { openFile } from '../../src/node/open-source.ts'
import { TCP_KEY_FIELDS } from '../../src/pipeline/tcp-reading.ts'
import { pcap } from '../support/build-capture.ts'
import { concat, ethernet, hex, vlan } from '../support/build-frame.ts'
import { capturesFolder } from '../support/captures.ts'
import { compareTcp } from '../support/compare-tcp.ts'
import { createParser, memorySource } from '../support/read-capture.ts'
import { describeTcp, type ReadConversation, readTcp, TCP_COUNTS } from '../support/read-tcp.ts'
import { HANDSHAKE, type Segment, send, tcpCapture, tcpPacket } from '../support/tcp-segments.ts'
import { tsharkMissing } from '../support/tshark-fields.ts'
import { readTsharkTcp } from '../support/tshark-tcp.ts'

const { client, server } = send
const trouble = `${capturesFolder}tcp-trouble.pcap`

async function only(segments: readonly Segment[]): Promise<ReadConversation> {
  const { conversations } = await readTcp(tcpCapture(segments))
  expect(conversations.size).toBe(1)
  return [...conversations.values()][0]!
}

/** Counts that are not 0, but for the segments themselves. */
function troubles({ counts }: ReadConversation) {
  return Object.fromEntries(Object.entries(counts).filter(([name, count]) => count > 0 && name !== 'segments'))
}

if (tsharkMissing !== null)
  process.stdout.write(`skipped: troubled conversations as tshark sees them: ${tsharkMissing}\n`)

describe('a recording of a bad link', () => {
  it.skipIf(tsharkMissing !== null)('is what tshark says it is', async () => {
    const ours = await readTcp(await openFile(trouble))
    const { compared, rules, differences } = compareTcp(ours, readTsharkTcp(trouble))
    expect(differences).toEqual([])
    expect(rules).toEqual({ refused: 1, cut: 0, far: 0 })
    expect(compared).toBeGreaterThan(150)
  })

  it('has every kind of trouble', async () => {
    const { conversations } = await readTcp(await openFile(trouble))
    const seen = new Set([...conversations.values()].flatMap((conversation) => Object.keys(troubles(conversation))))
    // Bytes that nobody captured are the corpus's: here the capture is complete.
    const absent = Object.keys(TCP_COUNTS).filter((name) => !seen.has(name) && name !== 'segments')
    expect(absent).toEqual(['ack_lost_segment', 'unread'])
  })

  it('is the same from either end, in chunks and batches of any size', async () => {
    const bytes = readFileSync(trouble)
    const whole = await readTcp(bytes)
    for (const [chunk, limit] of [
      [64, 1],
      [1000, 7],
      [9999, 4096],
    ] as const) {
      const parts = await readTcp(
        memorySource(bytes, () => chunk),
        { chunkBytes: 2 * chunk, limit },
      )
      expect(parts).toEqual(whole)
    }
  })
})

describe('segments', () => {
  it('that come again are retransmissions: by a timeout, at once, or for nothing', async () => {
    const data = client('PA', 1, 1, { length: 100 })
    const timeout = await only([...HANDSHAKE, data, { ...data, at: 500 }])
    expect(troubles(timeout)).toEqual({ retransmission: 1 })
    const spurious = await only([...HANDSHAKE, data, server('A', 1, 101), { ...data, at: 500 }])
    expect(troubles(spurious)).toEqual({ retransmission: 1, spurious_retransmission: 1 })
    const dupAck = server('A', 1, 101)
    const next = (from: number) => client('A', from, 1, { length: 100 })
    const fast = await only([
      ...[...HANDSHAKE, data, dupAck, next(101), next(201), next(301), next(401), dupAck, dupAck, dupAck, next(101)],
    ])
    expect(troubles(fast)).toEqual({ retransmission: 1, fast_retransmission: 1, duplicate_ack: 3 })
  })

  it('that were overtaken are out of order, within a round trip', async () => {
    const early = [...HANDSHAKE, client('A', 101, 1, { length: 100 })]
    const overtaken = client('A', 1, 1, { length: 50 })
    expect(troubles(await only([...early, { ...overtaken, at: 20 }]))).toEqual({ lost_segment: 1, out_of_order: 1 })
    expect(troubles(await only([...early, { ...overtaken, at: 200 }]))).toEqual({ lost_segment: 1, retransmission: 1 })
  })

  it('that say that somebody is still there are none', async () => {
    const keepAlive = client('A', 100, 1, { at: 1000 })
    const alive = await only([
      ...HANDSHAKE,
      client('PA', 1, 1, { length: 100 }),
      server('A', 1, 101),
      keepAlive,
      server('A', 1, 101),
    ])
    expect(troubles(alive)).toEqual({ keep_alive: 1 })
  })

  it('and windows: closed, probed, filled', async () => {
    const stopped = await only([
      ...[...HANDSHAKE.slice(0, 2), client('A', 1, 1)],
      client('PA', 1, 1, { length: 8192 }),
      server('A', 1, 8193, { window: 0 }),
      client('A', 8193, 1, { length: 1, at: 300 }),
      server('A', 1, 8193, { window: 0 }),
    ])
    expect(troubles(stopped)).toEqual({ window_full: 1, zero_window: 2 })
  })

  it('scale windows by the shift that both ends agreed on', async () => {
    const shift = { options: hex('03 03 04 00') }
    const opening = [
      client('S', 0, 0, shift),
      server('SA', 0, 1, shift),
      client('A', 1, 1),
      server('A', 1, 1, { window: 10 }),
    ]
    expect(troubles(await only([...opening, client('A', 1, 1, { length: 160 })]))).toEqual({ window_full: 1 })
    expect(troubles(await only([...opening, client('A', 1, 1, { length: 10 })]))).toEqual({})
  })

  it('of bytes that the capture does not have: before them, and in ACKs', async () => {
    const gap = await only([...HANDSHAKE, client('A', 101, 1, { length: 100 }), server('A', 1, 401)])
    expect(troubles(gap)).toEqual({ lost_segment: 1, ack_lost_segment: 1 })
  })

  it('count round trips: of the handshake, and of each segment to its ACK', async () => {
    const talk = await only([
      ...HANDSHAKE,
      client('PA', 1, 1, { length: 100, at: 20 }),
      server('A', 1, 101, { at: 50 }),
      client('PA', 101, 1, { length: 100, at: 60 }),
      server('PA', 1, 201, { length: 5, at: 80 }),
      client('A', 201, 6, { at: 83 }),
    ])
    expect(talk).toMatchObject({ handshakes: 1, handshakeNs: 12_000_000, connections: 1 })
    expect(talk.rtts).toEqual({
      '10.0.0.1 40000': { count: 3, sum: 60_000_000, min: 10_000_000, max: 30_000_000 },
      '10.0.0.2 80': { count: 2, sum: 5_000_000, min: 2_000_000, max: 3_000_000 },
    })
  })

  it('with a SYN of another number are another connection, whose counts are added', async () => {
    const first = [...HANDSHAKE, client('PA', 1, 1, { length: 10 }), client('PA', 1, 1, { length: 10, at: 300 })]
    const again = [
      client('S', 90_000, 0, { at: 900 }),
      server('SA', 70_000, 90_001, { at: 905 }),
      client('A', 90_001, 70_001),
    ]
    const both = await only([...first, ...again])
    expect(both).toMatchObject({ connections: 2, handshakes: 2, handshakeNs: 18_000_000, history: 'ShA' })
    expect(troubles(both)).toEqual({ retransmission: 1 })
  })
})

/** docs.zeek.org, conn.log: what each state means, as the segments that it means. */
describe('the state of a connection, in Zeek’s words', () => {
  const data = client('PA', 1, 1, { length: 20 })
  const stories: [state: string, history: string, story: string, segments: Segment[]][] = [
    ['S0', 'S', 'an attempt, no reply', [client('S', 0, 0)]],
    ['S1', 'ShADa', 'established, not ended', [...HANDSHAKE, data, server('A', 1, 21)]],
    [
      'SF',
      'ShADaFf',
      'ended by both',
      [...HANDSHAKE, data, server('A', 1, 21), client('FA', 21, 1), server('FA', 1, 22), client('A', 22, 2)],
    ],
    ['REJ', 'Sr', 'refused', [client('S', 0, 0), server('RA', 0, 1)]],
    ['S2', 'ShAFa', 'ended by the originator only', [...HANDSHAKE, client('FA', 1, 1), server('A', 1, 2)]],
    ['S3', 'ShAf', 'ended by the responder only', [...HANDSHAKE, server('FA', 1, 1), client('A', 1, 2)]],
    ['RSTO', 'ShADR', 'aborted by the originator', [...HANDSHAKE, data, client('RA', 21, 1)]],
    ['RSTR', 'ShADr', 'aborted by the responder', [...HANDSHAKE, data, server('R', 1, 0)]],
    ['RSTOS0', 'SR', 'a SYN and a RST, no answer', [client('S', 0, 0), client('R', 1, 0)]],
    ['RSTRH', '^hr', 'a SYN/ACK and a RST, no SYN', [server('SA', 0, 1), server('R', 1, 0)]],
    ['SH', 'SF', 'a SYN and a FIN, no answer', [client('S', 0, 0), client('F', 1, 0)]],
    ['SHR', '^hf', 'a SYN/ACK and a FIN, no SYN', [server('SA', 0, 1), server('FA', 1, 1)]],
    [
      'OTH',
      'DadA',
      'no beginning and no end',
      [data, server('A', 1, 21), server('PA', 1, 21, { length: 5 }), client('A', 21, 6)],
    ],
  ]
  it.each(stories)('%s (%s): %s', async (state, history, _story, segments) => {
    const conversation = await only(segments)
    const { states, counts } = conversation
    const [originator, responder] = states
    const hasData = counts.segments > 0 && /D/i.test(conversation.history)
    const word = connState({ originator, responder, hasData, history: () => conversation.history })
    expect([word, conversation.history]).toEqual([state, history])
  })

  it('letters are written once, and again for other numbers, and for the tenth of what comes often', async () => {
    const again = Array.from({ length: 10 }, (_, i) => client('PA', 1, 1, { length: 20, at: 1000 + 300 * i }))
    expect((await only([...HANDSHAKE, data, ...again])).history).toBe('ShADTT')
    expect((await only([client('S', 0, 0), client('S', 0, 0, { at: 1000 }), server('SA', 0, 1)])).history).toBe('Sh')
    expect((await only([...HANDSHAKE, client('FRA', 1, 1), client('SFA', 2, 1)])).history).toBe('ShAIQ')
  })

  it('keeps 32 letters', async () => {
    const resets = Array.from({ length: 50 }, (_, i) => server('R', 10 + i, 0))
    expect((await only([client('S', 0, 0), ...resets])).history).toBe(`S${'r'.repeat(31)}`)
  })
})

describe('frames of any kind', () => {
  const talk = [...HANDSHAKE, client('PA', 1, 1, { length: 100 }), client('PA', 1, 1, { length: 100, at: 500 })]

  it('say the same whatever they are wrapped in', async () => {
    const plain = await readTcp(tcpCapture(talk))
    const tagged = await readTcp(tcpCapture(talk, (packet) => ethernet(0x8100, vlan({ vid: 5, type: 0x0800 }, packet))))
    const raw = await readTcp(tcpCapture(talk, (packet) => packet, 101))
    const padded = await readTcp(tcpCapture(talk, (packet) => concat(ethernet(0x0800, packet), new Uint8Array(20))))
    for (const other of [tagged, raw, padded]) expect(other).toEqual(plain)
  })

  it('are unread where they are cut before the header ends, or fragments', async () => {
    const frame = ethernet(0x0800, tcpPacket(client('PA', 1, 1, { length: 4 })))
    const fragment = frame.slice()
    fragment[20] = 0x20
    const records = [
      ...Array.from({ length: frame.length }, (_, caplen) => ({
        data: frame.subarray(0, caplen),
        origlen: frame.length,
      })),
      { data: fragment },
    ]
    const { conversations } = await readTcp(pcap(records))
    const counts = [...conversations.values()].map((conversation) => conversation.counts)
    // A header is 54 bytes of the frame; the addresses are there from byte 34 on, the ports from 38.
    const sum = (name: 'segments' | 'unread') => counts.reduce((total, count) => total + count[name], 0)
    expect([sum('segments'), sum('unread')]).toEqual([4, 54 - 34 + 1])
  })

  it('of any bytes never read past their end, in chunks of any size', async () => {
    const anySegment = fc.record({
      from: fc.constantFrom('client' as const, 'server' as const),
      flags: fc.constantFrom('S', 'SA', 'A', 'PA', 'FA', 'R', 'RA', 'SF', ''),
      seq: fc.oneof(fc.nat(6), fc.constantFrom(0xffffffff, 0x80000000, 0x7fffffff)),
      ack: fc.oneof(fc.nat(6), fc.constantFrom(0xffffffff, 0x80000000)),
      length: fc.nat(3),
      window: fc.constantFrom(0, 1, 3, 8192),
      options: fc.constantFrom(hex(''), hex('03030e00'), hex('03ff0303'), hex('02040000 03030500'), hex('00000000')),
      at: fc.nat(100),
      ports: fc.constantFrom([40000, 80] as const, [80, 80] as const),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(anySegment, { maxLength: 40 }),
        fc.integer({ min: 1, max: 90 }),
        async (segments, cut) => {
          const capture = tcpCapture(segments)
          const records = segments.map((segment) => {
            const data = ethernet(0x0800, tcpPacket(segment))
            return { data: data.subarray(0, cut), origlen: data.length }
          })
          const whole = await readTcp(capture)
          expect(
            await readTcp(
              memorySource(capture, () => cut),
              { chunkBytes: 128, limit: 3 },
            ),
          ).toEqual(whole)
          const { conversations } = await readTcp(pcap(records))
          for (const { counts, history } of [...conversations.values(), ...whole.conversations.values()]) {
            expect(counts.fast_retransmission + counts.spurious_retransmission).toBeLessThanOrEqual(
              counts.retransmission,
            )
            expect(counts.retransmission + counts.out_of_order).toBeLessThanOrEqual(counts.segments)
            expect(history).toMatch(/^[\^SHADFRIQTWG]{0,32}$/i)
          }
        },
      ),
      { numRuns: 200 },
    )
  })

  it('whose addresses are swapped say the same, with the ends swapped', async () => {
    const swap = (frame: Uint8Array) => {
      const swapped = frame.slice()
      swapped.set(frame.subarray(26, 30), 30)
      swapped.set(frame.subarray(30, 34), 26)
      return swapped
    }
    const one = await only(talk)
    const { conversations } = await readTcp(tcpCapture(talk, (packet) => swap(ethernet(0x0800, packet))))
    const [other] = conversations.values()
    expect(other).toMatchObject({ ...one, rtts: expect.anything() })
    const sums = ({ rtts }: ReadConversation) => Object.values(rtts).map(({ sum }) => sum)
    expect(sums(other!).sort()).toEqual(sums(one).sort())
  })
})

describe('bounds', () => {
  it('conversations beyond the most are counted, and nothing else is said', async () => {
    const many = Array.from({ length: 5 }, (_, i) => [
      client('S', 0, 0, { ports: [40000 + i, 80] }),
      server('RA', 0, 1, { ports: [40000 + i, 80] }),
    ]).flat()
    const { conversations, untracked } = await readTcp(tcpCapture(many), { mostConversations: 3 })
    expect([...conversations.values()].map(({ counts }) => counts.resets)).toEqual([1, 1, 1, 0, 0])
    expect(untracked).toBe(4)
  })

  it('segments that nobody acknowledges are forgotten beyond some thousands', async () => {
    const flood = Array.from({ length: 6000 }, (_, i) => client('A', 1 + i, 1, { length: 1, at: 20 + i / 100 }))
    const acks = [server('A', 1, 4001, { at: 100 }), server('A', 1, 6001, { at: 101 })]
    const { rtts, counts } = await only([...HANDSHAKE, ...flood, ...acks])
    // The 4096 that are kept are the oldest: the end of the last one is not known.
    expect(rtts['10.0.0.1 40000']).toMatchObject({ count: 2 })
    expect(counts.retransmission).toBe(0)
  })

  it('flows that are evicted are added up in flow 0, and their conversations go on', async () => {
    const parser = createParser({ keyFields: TCP_KEY_FIELDS })
    const health = parser.createTcpHealth(100)
    const resets = (port: number) => [
      client('S', 0, 0, { ports: [port, 80] }),
      server('RA', 0, 1, { ports: [port, 80] }),
    ]
    const capture = tcpCapture([...resets(40001), ...resets(40002), ...resets(40003), ...resets(40002)])
    const stream = parser.open(memorySource(capture))
    for (let batch = await stream.next(6); batch !== null; batch = await stream.next(6)) {
      health.add(batch, 0, batch.count)
      if (batch.count < 6) break
      // Flow 2 and 3: port 40002.
      const kept = Uint32Array.of(2, 3)
      health.keepFlows(kept, parser.flows.size)
      parser.keepFlows(kept)
    }
    const { conversations } = describeTcp(parser, health)
    const resetsOf = Object.fromEntries([...conversations].map(([key, { counts }]) => [key, counts.resets]))
    expect(Object.values(resetsOf)).toEqual([2, 2])
    expect(health.conversations).toBe(3)
    let numbers = 0
    health.visitFlows(parser.flows.size, (_flow, row, at) => {
      numbers += row[at + layout.TCP_SEGMENTS]!
    })
    expect(numbers).toBe(8)
  })
})
