/**
 * Inputs that make up one capture: opened in the order of their first frames, and only when the time comes, so that a folder
 * of a thousand rotated files holds a few of them open.
 */
import { KEY_SOURCE } from '../abi/key-fields.ts'
import { NO_TIME_HIGH_WORD, type StreamBatch } from '../capture/frame-batch.ts'
import { Parser } from '../capture/parser.ts'
import { type Source, SourceUnavailable } from '../capture/source.ts'

export interface Input {
  /** As the user knows it. */
  readonly name: string
  /** It can be opened again and gives the same bytes: a file, not a pipe. */
  readonly repeatable: boolean
  /** Stored bytes, for progress; null when nobody knows. */
  readonly size: number | null
  open(): Promise<Source>
}

export interface PlannedInput {
  readonly input: Input
  /** Its place among the names that the user gave. */
  readonly index: number
  /** Time of its first frame with a time; null when it must be opened at once: a pipe, or nothing readable in it. */
  readonly firstNs: bigint | null
}

const MERGED_CHUNK_BYTES = 1 << 18

/** What a parser reads at once: several inputs share the cache, so each reads smaller pieces. */
export function chunksOf(inputs: readonly Input[]): { readonly chunkBytes?: number } {
  return inputs.length > 1 ? { chunkBytes: MERGED_CHUNK_BYTES } : {}
}

/** Enough for the headers and the first frames of a capture. */
const PEEK_BYTES = 1 << 16
/** Of the 65,536 interfaces that a parser keeps, each input describes at least one. */
const MOST_PEEKED_INTERFACES = 1 << 15

/** Orders inputs by the time of their first frames. A single input is not looked at. */
export async function planInputs(module: WebAssembly.Module, inputs: readonly Input[]): Promise<PlannedInput[]> {
  if (inputs.length === 1) return inputs.map((input) => ({ input, index: 0, firstNs: null }))
  const createParser = () => new Parser(module, { keyFields: KEY_SOURCE, chunkBytes: PEEK_BYTES })
  let parser = createParser()
  const planned: PlannedInput[] = []
  for (const [index, input] of inputs.entries()) {
    if (parser.interfaceCount > MOST_PEEKED_INTERFACES) parser = createParser()
    planned.push({ input, index, firstNs: await peekFirstTime(parser, input) })
  }
  return planned.sort((a, b) => compareTimes(a.firstNs, b.firstNs))
}

async function peekFirstTime(parser: Parser, input: Input): Promise<bigint | null> {
  if (!input.repeatable) return null
  let source: Source
  try {
    source = await input.open()
  } catch (error) {
    if (!(error instanceof SourceUnavailable)) throw error
    // Said again when the capture is read, which is at once: what has no time comes first.
    return null
  }
  const stream = parser.open(source)
  const batch = await stream.next(1)
  const firstNs = batch === null ? null : timeOf(batch, 0)
  await parser.close(stream)
  return firstNs
}

/** The time of frame `i`, or null when it has none. */
export function timeOf(batch: StreamBatch, i: number): bigint | null {
  const high = batch.time[2 * i + 1]!
  const low = batch.time[2 * i]!
  if (high === NO_TIME_HIGH_WORD && low === 0) return null
  return (BigInt(high | 0) << 32n) | BigInt(low)
}

function compareTimes(a: bigint | null, b: bigint | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1
  return a < b ? -1 : a > b ? 1 : 0
}
