/**
 * Captures whose TCP segments lie, through the analysis of conversations: whole with one poison behind what was read, and in pieces
 * with another. Every number is the same; none is more than the segments allow; memory stays bounded.
 */
import { Parser } from '../../src/capture/parser.ts'
import { CONN_STATES, connState } from '../../src/engine/tcp-conn-state.ts'
import { loadCaptureModule } from '../../src/node/wasm-module.ts'
import { TCP_KEY_FIELDS } from '../../src/pipeline/tcp-reading.ts'
import { describeTcp, type ReadConversation } from '../../test/support/read-tcp.ts'
import { type Segment, tcpCapture } from '../../test/support/tcp-segments.ts'
import { same } from '../compare.ts'
import { memorySource } from '../memory-source.ts'
import { mutateOften } from '../mutate-capture.ts'
import { Random } from '../random.ts'
import type { Seeds } from '../seeds.ts'
import { Finding, type Target } from '../target.ts'

const MODULE_BYTES = 96 << 20
/** Few, so that some inputs have more. */
const MOST_CONVERSATIONS = [1, 3, 1000]

export function tcpTarget(seeds: Seeds): Target {
  let segments = 0
  let conversations = 0

  async function read(input: Uint8Array, inner: boolean, most: number, poison: number, size?: () => number) {
    const parser = new Parser(loadCaptureModule(), {
      keyFields: TCP_KEY_FIELDS,
      inner,
      chunkBytes: size ? 512 : 1 << 16,
    })
    const health = parser.createTcpHealth(most)
    const stream = parser.open(memorySource(input, { poison, ...(size && { size }) }))
    for (let batch = await stream.next(); batch !== null; batch = await stream.next()) {
      if (batch.memory.length > MODULE_BYTES) throw new Finding(`${batch.memory.length} bytes of memory`)
      health.add(batch, 0, batch.count)
    }
    await parser.close(stream)
    return describeTcp(parser, health)
  }

  return {
    name: 'tcp',
    generate(random) {
      const capture = random.oneIn(3) ? seeds.capture(random) : tcpCapture(anySegments(random))
      return [mutateOften(capture, seeds, random, 8)]
    },
    async check(inputs) {
      for (const input of inputs) {
        const random = new Random(input)
        const inner = random.oneIn(4)
        const most = random.pick(MOST_CONVERSATIONS)
        const piece = random.pick([1, 50, 1000])
        const whole = await read(input, inner, most, 0xff)
        const pieces = await read(input, inner, most, 0x00, () => 1 + random.below(piece))
        same('TCP', textOf(whole), textOf(pieces))
        for (const conversation of whole.conversations.values()) checkOne(conversation)
        for (const { counts } of whole.conversations.values()) segments += counts.segments
        conversations += whole.conversations.size
      }
    },
    reset() {},
    notes: () => `${segments} segments of ${conversations} conversations`,
    close: () => Promise.resolve(),
  }
}

/** Two ends that obey nothing, with numbers so near each other that all questions are asked. */
function anySegments(random: Random): Segment[] {
  return Array.from({ length: 1 + random.below(40) }, () => ({
    from: random.pick(['client', 'server'] as const),
    flags: random.pick(['S', 'SA', 'A', 'A', 'A', 'PA', 'FA', 'R', 'RA', 'SF', 'FR', '']),
    seq: random.oneIn(20) ? random.pick([0x7fffffff, 0x80000000, 0xffffffff]) : random.below(8),
    ack: random.oneIn(20) ? random.pick([0x7fffffff, 0x80000000, 0xffffffff]) : random.below(8),
    length: random.pick([0, 0, 1, 2, 5]),
    window: random.pick([0, 1, 4, 8192]),
    at: random.below(100),
    ports: random.pick([
      [40000, 80],
      [40001, 80],
      [80, 80],
    ] as const),
  }))
}

function textOf(read: Awaited<ReturnType<typeof describeTcp>>): string {
  return JSON.stringify({ ...read, conversations: [...read.conversations] })
}

function checkOne({ counts, history, rtts, handshakeNs, states: [originator, responder] }: ReadConversation): void {
  const { segments, retransmission, fast_retransmission, spurious_retransmission, out_of_order } = counts
  if (retransmission + out_of_order > segments) throw new Finding('more repeated than seen')
  if (fast_retransmission + spurious_retransmission > retransmission)
    throw new Finding('more kinds than retransmissions')
  for (const [name, count] of Object.entries(counts)) {
    if (name !== 'unread' && name !== 'segments' && count > segments)
      throw new Finding(`${name} of ${segments}: ${count}`)
  }
  if (!/^[\^SHADFRIQTWG]{0,32}$/i.test(history)) throw new Finding(`history ${history}`)
  const state = connState({ originator, responder, hasData: false, history: () => history })
  if (!CONN_STATES.includes(state)) throw new Finding(`state ${state}`)
  if (handshakeNs < 0) throw new Finding(`handshake of ${handshakeNs} ns`)
  for (const { count, sum, min, max } of Object.values(rtts)) {
    if (min < 0 || min > max || sum < min || sum > count * max * (1 + 1e-9))
      throw new Finding(`${count}: ${sum}, ${min} to ${max}`)
  }
}
