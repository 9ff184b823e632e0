/**
 * Several inputs → the parts of them that are counted apart, and what has to hold so that counts of parts, merged in the order of time,
 * are the ones that reading all frames in their order gives.
 */
import { KEY_SOURCE } from '../abi/key-fields.ts'
import { Parser } from '../capture/parser.ts'
import { SourceUnavailable } from '../capture/source.ts'
import { SEGMENT_BYTES } from '../capture/stream.ts'
import { type Input, type PlannedInput, timeOf } from './inputs.ts'
import type { Part, PartFacts } from './partial-counter.ts'

export interface PlannedFile extends PlannedInput {
  /** Why it cannot be opened. */
  readonly unavailable: SourceUnavailable | null
  /** Bytes before the first frame; 0 where there is none. */
  readonly headLength: number
  /** Bytes of a capture of which any part can be read; null for others. */
  readonly cutSize: number | null
}

/** A file, and what came of its parts, in their order. */
export interface CountedFile<T> {
  readonly file: PlannedFile
  readonly parts: readonly { readonly facts: PartFacts; readonly handle: T }[]
}

const PEEK_BYTES = 1 << 16
/** Of the 65,536 interfaces that a parser keeps, each input describes at least one. */
const MOST_PEEKED_INTERFACES = 1 << 15
/** A part takes some tenths of a second to some seconds, and its counts some kB to some ten MB. */
const MOST_PART_BYTES = 16 * SEGMENT_BYTES
/** A job costs some 50 ms beside its counting, and says its flows anew. */
const LEAST_PART_BYTES = 4 * SEGMENT_BYTES
/** So many parts of one run, if they are not too small for it. */
const WANTED_PARTS = 64

/** The inputs in the order in which they are opened when one machine reads them: see planInputs. */
export async function planFiles(module: WebAssembly.Module, inputs: readonly Input[]): Promise<PlannedFile[]> {
  const createParser = () => new Parser(module, { keyFields: KEY_SOURCE, chunkBytes: PEEK_BYTES })
  let parser = createParser()
  const files: PlannedFile[] = []
  for (const [index, input] of inputs.entries()) {
    if (parser.interfaceCount > MOST_PEEKED_INTERFACES) parser = createParser()
    files.push(await peek(parser, input, index))
  }
  return files.sort((a, b) => compareFirst(a.firstNs, b.firstNs))
}

async function peek(parser: Parser, input: Input, index: number): Promise<PlannedFile> {
  try {
    const source = await input.open()
    const stream = parser.open(source)
    const batch = await stream.next(1)
    const firstNs = batch === null ? null : timeOf(batch, 0)
    const cutSize = batch !== null && source.random != null ? source.size : null
    const headLength = stream.firstFrameOffset
    await parser.close(stream)
    return { input, index, firstNs, unavailable: null, headLength, cutSize }
  } catch (error) {
    if (!(error instanceof SourceUnavailable)) throw error
    return { input, index, firstNs: null, unavailable: error, headLength: 0, cutSize: null }
  }
}

function compareFirst(a: bigint | null, b: bigint | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1
  return a < b ? -1 : a > b ? 1 : 0
}

/** Bytes of a part, whole segments, where there are so many bytes in all. */
export function partBytesFor(totalBytes: number): number {
  const wanted = Math.ceil(totalBytes / WANTED_PARTS / SEGMENT_BYTES) * SEGMENT_BYTES
  return Math.min(MOST_PART_BYTES, Math.max(LEAST_PART_BYTES, wanted))
}

export function cutFile({ cutSize }: PlannedFile, partBytes: number): Part[] {
  const count = cutSize === null ? 1 : Math.max(1, Math.ceil(cutSize / partBytes))
  return Array.from({ length: count }, (_, i) => ({
    start: i * partBytes,
    end: i === count - 1 ? Number.MAX_SAFE_INTEGER : (i + 1) * partBytes,
    isStartKnown: i === 0,
  }))
}

export interface OrderQuestion {
  /** Length of a bucket; null when frames are not told apart by time. */
  readonly stepNs: bigint | null
  /** Rows in memory before windows are written. */
  readonly heldRowBudget: number
  /** Frames are left out. */
  readonly isFiltered: boolean
  readonly segmentBytes: number
}

/** A bucket's own memory in rows: engine/held-buckets.ts. */
const ROWS_PER_BUCKET = 20
/** A book that has seen fewer names of an address forgets none of them, see NameBook. */
const MOST_NAMES_OF_ONE = 64

/**
 * Why the counts may not be merged; null: they may. Frames of several inputs are counted in the order of time, windows are written when
 * a million rows wait, and what comes for them later is late. Counts of parts do not say when a frame came; so either nothing is written
 * before the end, or no file goes back in time, and then no frame is late, merged or not.
 *
 * Names are read in the order of frames of all files, and what is half read goes on in the next frame of any. It ends with its segment
 * where one file is open alone, so files that follow each other can be read apart, and those of one moment if only one has names.
 */
export function findObstacle(files: readonly CountedFile<unknown>[], question: OrderQuestion): string | null {
  const facts = files.flatMap(({ parts }) => parts.map((part) => part.facts))
  const strange = files.find(({ parts }) => parts.some((part) => !part.facts.isPlain))
  if (strange !== undefined) return `${strange.file.input.name} describes interfaces between its packets`
  const cost = facts.reduce((sum, { rows, buckets }) => sum + rows + ROWS_PER_BUCKET * buckets, 0)
  const writesEarly = question.stepNs !== null && cost > question.heldRowBudget
  if (writesEarly && files.some(goesBack)) {
    return 'packets are not in the order of time, and there are more windows than are kept to sort them'
  }
  if (facts.every(({ marked }) => marked === 0)) return null
  const inDoubt = 'names are read in the order of all packets (-n: without names)'
  if (writesEarly) {
    const isLimited = question.isFiltered || facts.some((one) => one.timelessNames > 0)
    if (isLimited || facts.reduce((sum, one) => sum + one.mostNamesOfOne, 0) > MOST_NAMES_OF_ONE) {
      return `there are more windows than are kept, and ${inDoubt}`
    }
  }
  return overlapsWithNames(files, question.segmentBytes) ? `files overlap in time, and ${inDoubt}` : null
}

/** A time of the file is before one that stands in front of it, be it a microsecond. */
function goesBack({ file, parts }: CountedFile<unknown>): boolean {
  let latest = file.firstNs
  for (const { facts } of parts) {
    if (facts.backNs > 0n || (latest !== null && facts.firstNs !== null && facts.firstNs < latest)) return true
    if (facts.lastNs !== null && (latest === null || facts.lastNs > latest)) latest = facts.lastNs
  }
  return false
}

/** Two files with names are open at once, or one with several segments beside another. */
function overlapsWithNames(files: readonly CountedFile<unknown>[], segmentBytes: number): boolean {
  let latest: bigint | null = null
  let together: CountedFile<unknown>[] = []
  const isMixed = () => {
    const named = together.filter(({ parts }) => parts.some(({ facts }) => facts.marked > 0))
    if (together.length < 2 || named.length === 0) return false
    return named.length > 1 || named[0]!.parts.some(({ facts }) => facts.end > segmentBytes)
  }
  for (const one of files) {
    const { firstNs } = one.file
    if (firstNs !== null && (latest === null || firstNs > latest)) {
      if (isMixed()) return true
      together = []
    }
    together.push(one)
    for (const { facts } of one.parts)
      if (facts.lastNs !== null && (latest === null || facts.lastNs > latest)) latest = facts.lastNs
  }
  return isMixed()
}
