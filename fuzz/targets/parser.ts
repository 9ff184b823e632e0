/**
 * Captures through the module, read by two parsers that share nothing: whole with one poison behind what was read, and in buffers
 * and reads of a few bytes with another; and by the plain reader of test/reference. Every frame, flow, interface and fault has to
 * be the same. Then what jobs are
 * made of: pausing, seeking, guessing a boundary, exchanging flows.
 */
import { KEY_ALL, KEY_DESTINATION, KEY_SOURCE, KEY_VLAN } from '../../src/abi/key-fields.ts'
import type { Fault } from '../../src/capture/fault.ts'
import { NO_TIME, type StreamBatch } from '../../src/capture/frame-batch.ts'
import { Parser, type ParserOptions } from '../../src/capture/parser.ts'
import type { CaptureStream } from '../../src/capture/stream.ts'
import { loadCaptureModule } from '../../src/node/wasm-module.ts'
import { timeOf } from '../../src/pipeline/inputs.ts'
import { type ReferenceFrame, readReference } from '../../test/reference/pcap-reader.ts'
import { comparePart, dataOf, faultText, interfaceText, same } from '../compare.ts'
import { memorySource } from '../memory-source.ts'
import { mutateOften } from '../mutate-capture.ts'
import { Random } from '../random.ts'
import type { Seeds } from '../seeds.ts'
import { Finding, type Target } from '../target.ts'

const SECOND = 1_000_000_000n
const VARIANTS: readonly ParserOptions[] = [
  { keyFields: KEY_SOURCE | KEY_DESTINATION, chunkBytes: 256 },
  { keyFields: KEY_ALL, chunkBytes: 40 },
  { keyFields: KEY_ALL, basis: 'payload', inner: true, chunkBytes: 1000 },
  { keyFields: 0, basis: 'ip', chunkBytes: 16 },
  { keyFields: KEY_SOURCE | KEY_VLAN, sinceNs: 0n, untilNs: 1_700_000_000n * SECOND, chunkBytes: 4096 },
]
/** A record may be 16 MiB long, and what a buffer outgrew is not given back: 1 + 2 + … + 32 MiB, and tables. */
const MODULE_BYTES = 96 << 20
const MOST_INTERFACES = 30_000
const MOST_FLOWS = 2000

interface Pair {
  /** Frames are filtered by time. */
  readonly isTimed: boolean
  readonly whole: Parser
  readonly pieces: Parser
  /** What a wrong guess finds is nothing that the others know. */
  readonly seeks: Parser
  readonly imports: Parser
}

export function parserTarget(seeds: Seeds): Target {
  const pairs: (Pair | undefined)[] = []
  let frames = 0
  let faults = 0
  let mostMemory = 0

  function pairOf(variant: number): Pair {
    const known = pairs[variant]
    if (known !== undefined && known.seeks.interfaceCount < MOST_INTERFACES) return known
    const options = VARIANTS[variant]!
    const parser = (chunkBytes: number) => new Parser(loadCaptureModule(), { ...options, chunkBytes })
    const pair = {
      isTimed: options.sinceNs !== undefined,
      whole: parser(1 << 16),
      pieces: parser(options.chunkBytes!),
      seeks: parser(1 << 16),
      imports: parser(1 << 16),
    }
    pairs[variant] = pair
    return pair
  }

  async function checkOne(input: Uint8Array, random: Random, variant: number): Promise<void> {
    const pair = pairOf(variant)
    const read = await compareReadings(pair, input, random)
    frames += read.frames
    if (read.fault !== null) faults++
    mostMemory = Math.max(mostMemory, read.memory)
    if (read.memory > MODULE_BYTES) throw new Finding(`${read.memory} bytes of memory for ${input.length} bytes`)
    if (read.frames > 0) {
      await checkPause(pair.seeks, input, read, random)
      await checkBoundary(pair.seeks, input, random)
    }
    if (random.oneIn(8)) checkExchange(pair)
    if (pair.seeks.flows.size > MOST_FLOWS) for (const parser of parsersOf(pair)) parser.forgetFlows()
  }

  return {
    name: 'parser',
    generate(random) {
      return [mutateOften(seeds.capture(random), seeds, random, 6)]
    },
    async check(inputs, isThorough = false) {
      for (const input of inputs) {
        const random = new Random(input)
        const chosen = random.below(VARIANTS.length)
        for (const variant of isThorough ? VARIANTS.keys() : [chosen]) await checkOne(input, random, variant)
      }
    },
    reset() {
      pairs.length = 0
    },
    notes: () => `${frames} frames, ${faults} captures with a fault, at most ${mostMemory >> 20} MiB in a module`,
    close: () => Promise.resolve(),
  }
}

interface Reading {
  readonly frames: number
  readonly fault: Fault | null
  readonly memory: number
}

/** Reads the input with both parsers and holds every column against the other's. */
async function compareReadings({ whole, pieces, isTimed }: Pair, input: Uint8Array, random: Random): Promise<Reading> {
  const firstInterface = whole.interfaceCount
  const reference = readReference(input)
  const a = whole.open(memorySource(input, { poison: 0xff }))
  const most = random.pick([1, 7, 64, 1000])
  const b = pieces.open(memorySource(input, { poison: 0x04, size: () => 1 + random.below(most) }))
  const limit = random.pick([1, 3, 100, undefined])
  let memory = 0
  let captured = 0
  let seen = 0
  for (let batch = await a.next(); batch !== null; batch = await a.next()) {
    memory = Math.max(memory, batch.memory.length)
    for (let done = 0; done < batch.count; ) {
      const part = await b.next(Math.min(limit ?? batch.count, batch.count - done))
      if (part === null) throw new Finding(`in pieces, frame ${a.frames - batch.count + done} is missing`)
      comparePart(batch, done, part)
      done += part.count
    }
    for (let i = 0; i < batch.count; i++) {
      captured += batch.caplen[i]!
      if (!isTimed) compareFrame(batch, i, reference.frames[seen++], firstInterface)
    }
  }
  if ((await b.next()) !== null) throw new Finding('in pieces there are frames more')
  if (captured > input.length) throw new Finding(`${captured} captured bytes in ${input.length}`)
  const { damage } = reference
  const damageText = damage === null ? 'no fault' : `${damage.kind} at ${damage.offset}`
  same('fault, and that of the reference', faultText(a.fault).split(':')[0], damageText)
  same('frames, and those of the reference', a.frames, reference.frames.length)
  same('frames', a.frames, b.frames)
  same('format', a.format, b.format)
  same('fault', faultText(a.fault), faultText(b.fault))
  same('flows', whole.flows.size, pieces.flows.size)
  same('interfaces', whole.interfaceCount, pieces.interfaceCount)
  for (let id = firstInterface; id < whole.interfaceCount; id++) {
    same(`interface ${id}`, interfaceText(whole, id), interfaceText(pieces, id))
  }
  const result = { frames: a.frames, fault: a.fault, memory }
  await whole.close(a)
  await pieces.close(b)
  return result
}

/** What the plain reader of test/reference, which shares no code with the module, makes of the same frame. */
function compareFrame(
  batch: StreamBatch,
  i: number,
  expected: ReferenceFrame | undefined,
  firstInterface: number,
): void {
  if (expected === undefined) throw new Finding('a frame that the reference does not have')
  if (batch.origlen[i] !== expected.origlen) throw new Finding(`origlen ${batch.origlen[i]}, not ${expected.origlen}`)
  same('interface', batch.interface[i]! - firstInterface, expected.interface)
  const { time } = expected
  const fits = time !== null && time > NO_TIME && time < 2n ** 63n
  const actual = timeOf(batch, i)
  if (actual !== (fits ? time : null)) throw new Finding(`time ${actual}, not ${time}`)
  if (Buffer.compare(dataOf(batch, i), expected.data) !== 0) throw new Finding('other bytes than the reference')
}

function parsersOf({ whole, pieces, seeks, imports }: Pair): Parser[] {
  return [whole, pieces, seeks, imports]
}

/** Pausing anywhere, and going on there, loses nothing and adds nothing. */
async function checkPause(parser: Parser, input: Uint8Array, expected: Reading, random: Random): Promise<void> {
  const stream = parser.open(memorySource(input, { poison: 0x5a }))
  stream.pauseAt(random.below(input.length + 16))
  await drain(stream)
  if (stream.fault === null) {
    stream.seek(stream.offset)
    await drain(stream)
  }
  same('frames after a pause', stream.frames, expected.frames)
  same('fault after a pause', faultText(stream.fault), faultText(expected.fault))
  await parser.close(stream)
}

/** A guess depends on the bytes alone, and reading from it ends. */
async function checkBoundary(parser: Parser, input: Uint8Array, random: Random): Promise<void> {
  const at = random.below(input.length)
  const found: string[] = []
  for (const poison of [0x00, 0xff]) {
    const stream = parser.open(memorySource(input, { poison }))
    await stream.next(1)
    stream.seek(at)
    const isFound = await stream.findBoundary()
    const { offset } = stream
    if (isFound && (offset < at || offset > input.length)) throw new Finding(`from ${at} a boundary at ${offset}`)
    const frames = isFound ? await drain(stream) : 0
    found.push(isFound ? `${offset}, then ${frames} frames and ${faultText(stream.fault)}` : 'none')
    await parser.close(stream)
  }
  same(`the boundary behind ${at}`, found[0], found[1])
}

async function drain(stream: CaptureStream): Promise<number> {
  let frames = 0
  for (let batch = await stream.next(); batch !== null; batch = await stream.next()) frames += batch.count
  return frames
}

/** Flows that another parser takes are the flows that were given. */
function checkExchange({ whole, imports }: Pair): void {
  imports.forgetFlows()
  const rows = whole.exportFlows(0)
  const ids = imports.importFlows(rows)
  if (ids.some((id, i) => id !== i)) throw new Finding('imported flows have other ids')
  if (Buffer.compare(imports.exportFlows(0), rows) !== 0) throw new Finding('imported flows have other rows')
}
