import fc from 'fast-check'
import { expect, test } from 'vitest'
import { KEY_DESTINATION_PORT } from '../../src/abi/key-fields.ts'
import type { FlowTimes } from '../../src/capture/flow-times.ts'
import type { Basis, Parser } from '../../src/capture/parser.ts'
import { pcapng } from '../support/build-capture.ts'
import { createParser, memorySource } from '../support/read-capture.ts'
import { udpFrame } from '../support/udp-frame.ts'

interface Frame {
  readonly flow: number
  /** Ticks; null for a frame without a time (a Simple Packet Block). */
  readonly time: number | null
  readonly payload: number
}

const IP_AND_UDP_HEADERS = 28

function captureOf(frames: readonly Frame[]): Buffer {
  const blocks = pcapng()
  return Buffer.concat([
    blocks.section(),
    blocks.interface({ tsresol: 9 }),
    ...frames.map(({ flow, time, payload }) => {
      const data = udpFrame({ destinationPort: flow, payload: new Uint8Array(payload) })
      return time === null ? blocks.simplePacket({ data }) : blocks.packet({ ticks: BigInt(time), data })
    }),
  ])
}

/** Reads all of it; calls `between` behind each batch. */
async function read(
  frames: readonly Frame[],
  basis: Basis,
  between: (parser: Parser, times: FlowTimes) => void = () => {},
) {
  const parser = createParser({ keyFields: KEY_DESTINATION_PORT, basis })
  const times = parser.createFlowTimes()
  const stream = parser.open(memorySource(captureOf(frames)))
  for (let batch = await stream.next(3); batch !== null; batch = await stream.next(3)) {
    times.note(batch, 0, batch.count)
    between(parser, times)
  }
  return { parser, times }
}

function facts({ parser, times }: { parser: Parser; times: FlowTimes }) {
  const all: Record<number, (number | null)[]> = {}
  times.visit(parser.flows.size, (flow, firstNs, lastNs, ipBytes) => {
    const seen = firstNs <= lastNs
    all[parser.flows.row(flow).destinationPort] = [seen ? Number(firstNs) : null, seen ? Number(lastNs) : null, ipBytes]
  })
  return all
}

const anyFrame = fc.record({
  flow: fc.integer({ min: 1, max: 6 }),
  time: fc.oneof({ weight: 5, arbitrary: fc.nat(20) }, fc.constant(null)),
  payload: fc.nat(30),
})

test('the first and the last time of each flow, whatever their order, and its bytes of IP', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyFrame, { minLength: 1, maxLength: 40 }), async (frames) => {
      const expected: Record<number, (number | null)[]> = {}
      for (const { flow } of frames) {
        const own = frames.filter((frame) => frame.flow === flow)
        const seen = own.flatMap(({ time }) => (time === null ? [] : [time]))
        const bytes = own.reduce((sum, { payload }) => sum + IP_AND_UDP_HEADERS + payload, 0)
        expected[flow] = seen.length === 0 ? [null, null, bytes] : [Math.min(...seen), Math.max(...seen), bytes]
      }
      expect(facts(await read(frames, 'payload'))).toEqual(expected)
    }),
    { numRuns: 30 },
  )
})

test('with whole frames the times are the same', async () => {
  const frames = [
    { flow: 1, time: 5, payload: 0 },
    { flow: 1, time: 3, payload: 0 },
  ]
  expect(facts(await read(frames, 'frame'))[1]!.slice(0, 2)).toEqual([3, 5])
})

test('more flows than a page holds', async () => {
  const frames = Array.from({ length: 9000 }, (_, i) => ({ flow: i + 1, time: i, payload: i % 7 }))
  const known = facts(await read(frames, 'payload'))
  for (const { flow, time, payload } of frames) expect(known[flow]).toEqual([time, time, IP_AND_UDP_HEADERS + payload])
})

test('flows that are kept keep what is known of them, under their new ids', async () => {
  const frames = Array.from({ length: 12 }, (_, i) => ({ flow: (i % 6) + 1, time: 10 + i, payload: i }))
  let batches = 0
  const { parser, times } = await read(frames, 'payload', (between, noted) => {
    // Six flows are known behind the second batch: those of ports 2 and 5 stay.
    if (++batches !== 2) return
    const kept = Uint32Array.of(1, 4)
    noted.keep(kept)
    between.keepFlows(kept)
  })
  const seen: (number | bigint)[][] = []
  times.visit(parser.flows.size, (flow, firstNs, lastNs) =>
    seen.push([parser.flows.row(flow).destinationPort, firstNs <= lastNs ? firstNs : -1n, lastNs]),
  )
  expect(seen.slice(1).sort()).toEqual([
    [1, 16n, 16n],
    [2, 11n, 17n],
    [3, 18n, 18n],
    [4, 19n, 19n],
    [5, 14n, 20n],
    [6, 21n, 21n],
  ])
  expect(seen[0]!.slice(0, 2)).toEqual([0, -1n])
})
