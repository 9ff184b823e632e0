/** Captures for the micro-benchmarks: seeded, in memory, 64 Ki frames each. A run of a benchmark is one pass over one of them. */
import { BATCH_FRAMES } from '../../src/abi/layout.ts'
import type { Parser } from '../../src/capture/parser.ts'
import { pcap, pcapng } from '../../test/support/build-capture.ts'
import { ethernet, ipv4, tcp } from '../../test/support/build-frame.ts'
import { memorySource } from '../../test/support/read-capture.ts'

export const FRAMES = 1 << 16
export const SECONDS = 60

const SOURCE_ADDRESS = 26
const START_SECONDS = 1_700_000_000
const PAYLOAD_BYTES = 64

/** xorshift32: the same numbers in every run. */
function createRandom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

/** Number of the flow that each frame belongs to, in no order. */
export function flowNumbers(flows: number): Uint32Array {
  const random = createRandom(flows)
  return Uint32Array.from({ length: FRAMES }, () => random(flows))
}

/** TCP over IPv4 over Ethernet, 118 bytes; flow n comes from 10.0.0.0 + n. */
export function frames(flows: number): Uint8Array[] {
  const template = ethernet(0x0800, ipv4({ protocol: 6 }, tcp({}, new Uint8Array(PAYLOAD_BYTES))))
  return Array.from(flowNumbers(flows), (flow) => {
    const frame = template.slice()
    new DataView(frame.buffer).setUint32(SOURCE_ADDRESS, 0x0a000000 + flow)
    return frame
  })
}

/** Over {@link SECONDS}, in order. */
export function pcapOf(flows: number, linktype = 1): Uint8Array {
  const records = frames(flows).map((data, i) => {
    const microseconds = Math.floor((i / FRAMES) * SECONDS * 1e6)
    return { seconds: START_SECONDS + Math.floor(microseconds / 1e6), fraction: microseconds % 1e6, data }
  })
  return pcap(records, { linktype })
}

export function pcapngOf(flows: number, linktype = 1): Uint8Array {
  const blocks = pcapng()
  const packets = frames(flows).map((data, i) =>
    blocks.packet({ data, ticks: BigInt(START_SECONDS) * 1_000_000n + BigInt(i) }),
  )
  return Buffer.concat([blocks.section(), blocks.interface({ linktype }), ...packets])
}

/** Reads a capture to its end, as the pipeline does. Throws unless every frame of it came. */
export async function readAll(parser: Parser, capture: Uint8Array): Promise<void> {
  const stream = parser.open(memorySource(capture))
  let count = 0
  for (let batch = await stream.next(BATCH_FRAMES); batch !== null; batch = await stream.next(BATCH_FRAMES)) {
    count += batch.count
  }
  await parser.close(stream)
  if (count !== FRAMES) throw new Error(`${count} frames of ${FRAMES}`)
}
