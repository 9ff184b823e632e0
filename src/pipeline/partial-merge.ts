/**
 * Several inputs, counted in parts by others → the records that reading them here gives, to the byte; or, where merging could give
 * others, reading them here. Stands in the place of countInputs.
 *
 *     files ─▶ parts ─▶ counted anywhere, in any order ─▶ may they be merged? ─▶ bucket by bucket, in the order of time ─▶ engine
 *
 * Memory: the counts of a part (at most 256 MiB of a capture) for each file that is open at one moment of the capture.
 */
import { ROW_INTERFACE } from '../abi/layout.ts'
import { type FlowCountRows, NUMBERS_PER_ROW } from '../capture/counter.ts'
import { Parser } from '../capture/parser.ts'
import { SEGMENT_BYTES } from '../capture/stream.ts'
import { DEFAULT_HELD_ROW_BUDGET } from '../engine/engine.ts'
import type { FrameCounts } from '../engine/frame-counter.ts'
import { type CountInputs, countInputs } from './count-inputs.ts'
import type { InputProblem } from './input-problem.ts'
import { chunksOf, type Input, timeOf } from './inputs.ts'
import { mergeInputs } from './merge-inputs.ts'
import type { Part, PartFacts } from './partial-counter.ts'
import { type CountedFile, cutFile, findObstacle, type PlannedFile, partBytesFor, planFiles } from './partial-plan.ts'
import type { RangeCounts, RangeSetup } from './range-counter.ts'

/** Who counts parts elsewhere. A rejection ends everything: it says which file could not be counted. */
export interface PartCounters<T> {
  count(input: Input, part: Part, setup: RangeSetup): Promise<{ readonly facts: PartFacts; readonly handle: T }>
  /** The counts of a part; may be called twice. */
  load(handle: T): Promise<RangeCounts>
  /** The inputs are read here, and why. */
  readHere(reason: string): void
}

/** Nothing of a part but what the caller says. */
const NOTHING: FrameCounts = {
  buckets: [],
  untimed: new Float64Array(0),
  packets: 0,
  bytes: 0,
  capturedBytes: 0,
  cut: 0,
  stops: [0, 0, 0, 0],
  protocols: [],
  firstNs: null,
  lastNs: null,
}

export interface PartLimits {
  readonly maxFlows: number
  /** As the engine has them; the parts as large as is good for a fleet. Tests have smaller ones. */
  readonly heldRowBudget?: number
  readonly partBytes?: number
}

export function countParts<T>(counters: PartCounters<T>, limits: PartLimits): CountInputs {
  const { maxFlows, heldRowBudget = DEFAULT_HELD_ROW_BUDGET } = limits
  return async function* count(module, inputs, parts, sink, options) {
    const { parserOptions, names } = options
    const plan = await planFiles(module, inputs)
    const { stepNs } = sink.buckets
    let { originNs } = sink.buckets
    if (stepNs !== null && originNs === null) originNs = await firstTime(module, plan, options)
    const setup = { parser: parserOptions, stepNs, originNs }
    const isFiltered = [parserOptions.filter, parserOptions.ends, parserOptions.sinceNs, parserOptions.untilNs].some(
      (choice) => choice !== undefined,
    )
    // Where no frame counts nobody hears of a segment's end.
    const mayCut = names === null || names === undefined || !isFiltered
    const files = await countFiles(counters, plan, setup, mayCut ? limits.partBytes : Number.MAX_SAFE_INTEGER)
    if (options.signal?.aborted) return

    const { segmentBytes = SEGMENT_BYTES } = parserOptions
    const obstacle =
      findObstacle(files, { stepNs, heldRowBudget, isFiltered, segmentBytes }) ??
      ((await hasMoreFlows(module, files, counters, parserOptions, maxFlows))
        ? 'there are more flows than --max-flows'
        : null)
    if (obstacle !== null) {
      counters.readHere(obstacle)
      yield* countInputs(module, inputs, parts, sink, options)
      return
    }

    const firstInterfaces = await describeInterfaces(parts.parser, files)
    if (originNs !== null) sink.beginAt(originNs)
    if (names != null) {
      for (const { parts: counted } of files) {
        for (const { facts, handle } of counted) if (facts.names > 0) names.learn((await counters.load(handle)).names)
      }
    }
    const waiting = files.flatMap(({ file, parts: counted }) =>
      counted.map(({ facts, handle }) => ({ file, handle, next: facts.lowestBucket, loaded: null as Loaded | null })),
    )
    while (waiting.length > 0) {
      if (options.signal?.aborted) break
      const part = earliest(waiting)
      if (part.loaded === null) {
        part.loaded = take(parts.parser, await counters.load(part.handle), firstInterfaces.get(part.file)!)
        sink.merge({ ...part.loaded.counts, buckets: [] })
      }
      const bucket = part.loaded.buckets.pop()
      if (bucket !== undefined) sink.merge({ ...NOTHING, buckets: [bucket] })
      part.next = part.loaded.buckets.at(-1)?.number ?? null
      if (part.loaded.buckets.length === 0) waiting.splice(waiting.indexOf(part), 1)
      sink.settle()
      yield* sink.drain()
    }
    report(files, inputs, parts)
  }
}

/** Counts with the flow ids of the parser here; buckets in falling order. */
interface Loaded {
  readonly counts: FrameCounts
  readonly buckets: { readonly number: bigint; readonly rows: FlowCountRows }[]
}

/** The part whose next bucket is earliest; what has none comes first. */
function earliest<P extends { readonly next: bigint | null }>(parts: readonly P[]): P {
  let first = parts[0]!
  for (const part of parts) {
    if (part.next === null) return part
    if (first.next !== null && part.next < first.next) first = part
  }
  return first
}

/** The time of the frame that comes first, as countInputs would have it. */
async function firstTime(
  module: WebAssembly.Module,
  plan: readonly PlannedFile[],
  { parserOptions }: Parameters<CountInputs>[4],
): Promise<bigint | null> {
  const inputs = plan.map(({ input }) => input)
  const parser = new Parser(module, { ...parserOptions, names: false, ...chunksOf(inputs) })
  for await (const { batch, start, end } of mergeInputs(parser, plan, { opened() {}, ended() {}, unavailable() {} })) {
    for (let i = start; i < end; i++) {
      const ns = timeOf(batch, i)
      if (ns !== null) return ns
    }
  }
  return null
}

async function countFiles<T>(
  counters: PartCounters<T>,
  plan: readonly PlannedFile[],
  setup: Omit<RangeSetup, 'headLength'>,
  givenPartBytes: number | undefined,
): Promise<CountedFile<T>[]> {
  const partBytes = givenPartBytes ?? partBytesFor(plan.reduce((sum, { input }) => sum + (input.size ?? 0), 0))
  const work = plan.map((file) => countFile(counters, file, { ...setup, headLength: file.headLength }, partBytes))
  const settled = await Promise.allSettled(work)
  const failures = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason as Error] : []))
  if (failures.length === 0) return Promise.all(work)
  const messages = [...new Set(failures.map(({ message }) => message))]
  throw Object.assign(failures[0]!, { message: messages.join('; ') })
}

async function countFile<T>(
  counters: PartCounters<T>,
  file: PlannedFile,
  setup: RangeSetup,
  partBytes: number,
): Promise<CountedFile<T>> {
  const { input, unavailable } = file
  if (unavailable !== null) return { file, parts: [] }
  const parts = cutFile(file, partBytes)
  const guessed = await Promise.all(parts.map((part) => counters.count(input, part, setup)))
  const verified: (typeof guessed)[number][] = []
  let at = 0
  for (const [i, part] of parts.entries()) {
    let counted = guessed[i]!
    if (i > 0 && counted.facts.start !== at) {
      // A record that began before reaches over all of it.
      if (at >= part.end) continue
      counted = await counters.count(input, { ...part, start: at, isStartKnown: true }, setup)
    }
    verified.push(counted)
    at = counted.facts.end
    // Nothing follows a fault, and who describes an interface is read as a whole.
    if (counted.facts.fault !== null || !counted.facts.isPlain) break
  }
  return { file, parts: verified }
}

/** Flows of parts are in many parts: where there may be too many in all they are counted. */
async function hasMoreFlows<T>(
  module: WebAssembly.Module,
  files: readonly CountedFile<T>[],
  counters: PartCounters<T>,
  parserOptions: RangeSetup['parser'],
  most: number,
): Promise<boolean> {
  const parts = files.flatMap((file) => file.parts)
  if (parts.reduce((sum, { facts }) => sum + facts.flows, 0) <= most) return false
  const parser = new Parser(module, parserOptions)
  for (const { handle } of parts) {
    parser.importFlows((await counters.load(handle)).flows)
    if (parser.flows.size > most) return true
  }
  return false
}

/** Reads how each capture begins: its interfaces get the ids that they have when one machine reads all. By file: the first of them. */
async function describeInterfaces<T>(
  parser: Parser,
  files: readonly CountedFile<T>[],
): Promise<Map<PlannedFile, number>> {
  const first = new Map<PlannedFile, number>()
  for (const { file, parts } of files) {
    first.set(file, parser.interfaceCount)
    if (parts.length === 0) continue
    const stream = parser.open(await file.input.open())
    stream.pauseAt(parts[0]!.facts.headLength)
    await stream.next()
    // They are among the names of the part.
    parser.takeNameBlocks()
    await parser.close(stream)
  }
  return first
}

/** The counts of a part, once and for all: their flows become flows here. */
function take(parser: Parser, counts: RangeCounts, firstInterface: number): Loaded {
  const { flows } = counts
  const view = new DataView(flows.buffer, flows.byteOffset, flows.length)
  for (let row = 0; row < flows.length; row += parser.rowLength) {
    // 0: the key has no interface.
    const key = view.getUint32(row + ROW_INTERFACE, true)
    if (key !== 0) view.setUint32(row + ROW_INTERFACE, key + firstInterface, true)
  }
  const ids = parser.importFlows(flows)
  const rename = (rows: FlowCountRows) => {
    for (let i = 0; i < rows.length; i += NUMBERS_PER_ROW) rows[i] = ids[rows[i]!]!
    return rows
  }
  const interfaces: Uint8Array<ArrayBuffer>[] = []
  for (const [id, row] of counts.interfaces.entries()) interfaces[firstInterface + id] = row
  parser.addInterfaceCounts(interfaces)
  const buckets = counts.buckets.map(({ number, rows }) => ({ number, rows: rename(rows) }))
  buckets.sort((a, b) => (a.number > b.number ? -1 : 1))
  return { counts: { ...counts, untimed: rename(counts.untimed) }, buckets }
}

/** What was read, and what was not, as readInputs tells it. */
function report<T>(
  files: readonly CountedFile<T>[],
  inputs: readonly Input[],
  parts: Parameters<CountInputs>[2],
): void {
  for (const { file, parts: counted } of byEnd(files)) {
    const { name } = file.input
    if (file.unavailable !== null) {
      const { message } = file.unavailable
      parts.problems.push({ file: name, message, kind: 'unavailable', partial: false, unreadableBytes: 0 })
      continue
    }
    const { format, compression } = counted[0]!.facts
    const { fault, unreadableBytes } = counted.at(-1)!.facts
    const partial = counted.some(({ facts }) => facts.frames > 0)
    if (format !== null && (fault === null || partial)) parts.files.push({ name, format, compression })
    if (fault === null) continue
    const { message, kind } = fault
    const problem: InputProblem = { file: name, message, kind, partial, unreadableBytes }
    parts.problems.push(problem)
  }
  const places = new Map(inputs.map(({ name }, place) => [name, place]))
  parts.files.sort((a, b) => (places.get(a.name) ?? 0) - (places.get(b.name) ?? 0))
}

/** In the order in which they end when their frames are merged: a file ends at its latest time, the last named of them first. */
function byEnd<T>(files: readonly CountedFile<T>[]): CountedFile<T>[] {
  const ends = files.map((one) => {
    let end = one.file.firstNs
    for (const { facts } of one.parts)
      if (facts.lastNs !== null && (end === null || facts.lastNs > end)) end = facts.lastNs
    return { one, end }
  })
  ends.sort((a, b) => {
    if (a.end === null || b.end === null) return a.end === b.end ? 0 : a.end === null ? -1 : 1
    return a.end < b.end ? -1 : a.end > b.end ? 1 : b.one.file.index - a.one.file.index
  })
  return ends.map(({ one }) => one)
}
