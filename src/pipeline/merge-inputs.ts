/**
 * Several captures as one, frame by frame in the order of time, as mergecap does it: always the input whose next frame is
 * earliest, the last named of them on a tie. Inside a file the order stays as it is.
 *
 * What is handed out are runs, not frames: as long as one input stays ahead of the others, its frames go on in one piece.
 */
import type { Parser } from '../capture/parser.ts'
import { type Source, SourceUnavailable } from '../capture/source.ts'
import type { CaptureStream } from '../capture/stream.ts'
import type { FrameRun } from './frame-run.ts'
import type { PlannedInput } from './inputs.ts'

/** An open input and its next frame. */
interface Head {
  readonly stream: CaptureStream
  readonly input: PlannedInput
  /** Index of the next frame in the stream's batch. */
  next: number
  count: number
  /** Time of the next frame as two words, high signed. A frame without a time sorts before all others. */
  high: number
  low: number
}

export interface MergeEvents {
  opened(stream: CaptureStream, input: PlannedInput): void
  /** Nothing more will be read from the stream: its fault, if any, is final. */
  ended(stream: CaptureStream, input: PlannedInput): void
  /** An input could not be opened; the others go on. */
  unavailable(error: SourceUnavailable, input: PlannedInput): void
}

/** `inputs` in the order of their first times, see planInputs. No more than `limit` frames. */
export async function* mergeInputs(
  parser: Parser,
  inputs: readonly PlannedInput[],
  events: MergeEvents,
  limit = Number.POSITIVE_INFINITY,
): AsyncGenerator<FrameRun> {
  const waiting = [...inputs]
  /** In the order in which the inputs were named. */
  const heads: Head[] = []
  let left = limit

  const advance = async (head: Head): Promise<void> => {
    // Not a frame more than can be asked for: of those that --since and --until leave out, only what lies before counts.
    const batch = await head.stream.next(left)
    if (batch === null) return close(head)
    head.next = 0
    head.count = batch.count
    readTime(head)
  }

  const close = async (head: Head): Promise<void> => {
    heads.splice(heads.indexOf(head), 1)
    events.ended(head.stream, head.input)
    await parser.close(head.stream)
  }

  const open = async (input: PlannedInput): Promise<void> => {
    let source: Source
    try {
      source = await input.input.open()
    } catch (error) {
      if (!(error instanceof SourceUnavailable)) throw error
      events.unavailable(error, input)
      return
    }
    const stream = parser.open(source)
    events.opened(stream, input)
    const head: Head = { stream, input, next: 0, count: 0, high: 0, low: 0 }
    const later = heads.findIndex((other) => other.input.index > input.index)
    heads.splice(later === -1 ? heads.length : later, 0, head)
    await advance(head)
  }

  try {
    while (left > 0) {
      while (waiting.length > 0 && isDue(waiting[0]!, heads)) await open(waiting.shift()!)
      if (heads.length === 0) return
      const [first, second] = twoEarliest(heads)
      const { batch } = first.stream
      const end = Math.min(endOfRun(first, second, waiting[0] ?? null), first.next + left)
      left -= end - first.next
      yield { batch, start: first.next, end, stream: first.stream }
      first.next = end
      if (left === 0) return
      if (end < first.count) readTime(first)
      else await advance(first)
    }
  } finally {
    // Whoever stops early (a frame limit, an error) leaves streams open.
    for (const head of [...heads]) await close(head)
  }
}

/** An input is opened when nothing that is open is earlier than its first frame. */
function isDue(input: PlannedInput, heads: readonly Head[]): boolean {
  if (input.firstNs === null || heads.length === 0) return true
  const [high, low] = wordsOf(input.firstNs)
  return heads.every((head) => !isEarlier(head.high, head.low, high, low))
}

/** Whose frame is next, and whose would be next without it. */
function twoEarliest(heads: readonly Head[]): [Head, Head | null] {
  let first = heads[0]!
  let second: Head | null = null
  for (let i = 1; i < heads.length; i++) {
    const head = heads[i]!
    if (!isEarlier(first.high, first.low, head.high, head.low)) {
      second = first
      first = head
    } else if (second === null || !isEarlier(second.high, second.low, head.high, head.low)) {
      second = head
    }
  }
  return [first, second]
}

/** Frames of `first` that come before the next frame of `second` and before the first of the next input to be opened. */
function endOfRun(first: Head, second: Head | null, next: PlannedInput | null): number {
  let end = first.count
  if (second !== null) end = endBefore(first, second.high, second.low, end, first.input.index > second.input.index)
  // On a tie it is opened, and then it is one of the heads.
  if (next !== null) end = endBefore(first, ...wordsOf(next.firstNs!), end, false)
  return end
}

/** The first frame after that of `head` whose turn it is not. */
function endBefore({ stream, next }: Head, high: number, low: number, most: number, winsTies: boolean): number {
  const { time } = stream.batch
  let end = next + 1
  for (; end < most; end++) {
    const frameHigh = time[2 * end + 1]! | 0
    const frameLow = time[2 * end]!
    if (winsTies ? isEarlier(high, low, frameHigh, frameLow) : !isEarlier(frameHigh, frameLow, high, low)) break
  }
  return end
}

function readTime(head: Head): void {
  const { time } = head.stream.batch
  head.high = time[2 * head.next + 1]! | 0
  head.low = time[2 * head.next]!
}

function isEarlier(high: number, low: number, thanHigh: number, thanLow: number): boolean {
  return high < thanHigh || (high === thanHigh && low < thanLow)
}

function wordsOf(ns: bigint): [number, number] {
  return [Number(ns >> 32n), Number(BigInt.asUintN(32, ns))]
}
