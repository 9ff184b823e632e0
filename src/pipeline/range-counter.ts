/**
 * A range of a file to its counts, on whatever thread. The range's first record is guessed, unless it is known: see
 * read-ranges.ts, which holds the guess against where the range before it ended.
 */

import type { StreamBatch } from '../capture/frame-batch.ts'
import { Parser, type ParserOptions } from '../capture/parser.ts'
import type { Source } from '../capture/source.ts'
import type { CaptureStream } from '../capture/stream.ts'
import { FrameCounter, type FrameCounts } from '../engine/frame-counter.ts'
import { FilterError } from '../filter/filter-error.ts'

import type { Sighting } from '../names/name-book.ts'
import { NameScanner } from './name-scanner.ts'

/** Where to read, from the start of one range to the start of the next. Both are offsets into the file. */
export interface Range {
  readonly index: number
  readonly start: number
  readonly end: number
  /** A record is known to begin at `start`. */
  readonly isStartKnown: boolean
}

/** All that a counter needs beside the bytes: it can be sent to another thread. */
export interface RangeSetup {
  readonly parser: ParserOptions
  /** Bytes before the first record: they say how to read the rest. */
  readonly headLength: number
  readonly stepNs: bigint | null
  readonly originNs: bigint | null
}

export interface RangeCounts extends FrameCounts {
  readonly index: number
  /** Where the first record began, and where the first record behind the range begins. -1: none was found. */
  readonly start: number
  readonly end: number
  /** Frames in the records, whatever the time range does to them. */
  readonly frames: number
  /** Nothing in the range says how to read what follows, and nothing is wrong with it. */
  readonly isPlain: boolean
  /** Names that were seen, when they are asked for. */
  readonly names: readonly Sighting[]
  /** Rows of flows: those that were new in this range. Their ids go on from the ranges before, unless they begin again at 0. */
  readonly flows: Uint8Array<ArrayBuffer>
  readonly flowsBeginAgain: boolean
  readonly interfaces: readonly Uint8Array<ArrayBuffer>[]
}

/** More flows are forgotten between two ranges: whoever merges keeps them all, so this memory is for speed only. */
const MOST_FLOWS = 1 << 17
const NO_BUDGET = Number.POSITIVE_INFINITY

export class RangeCounter {
  readonly #module: WebAssembly.Module
  readonly #setup: RangeSetup
  readonly #openFile: () => Source
  #reading: Reading | null = null

  /** `openFile` gives the file anew, from its start on. */
  constructor(module: WebAssembly.Module, setup: RangeSetup, openFile: () => Source) {
    this.#module = module
    this.#setup = setup
    this.#openFile = openFile
  }

  async count(range: Range): Promise<RangeCounts> {
    this.#reading ??= await startReading(this.#module, this.#setup, this.#openFile())
    const { parser, stream, counter, scanner } = this.#reading
    // A range takes its tallies with it, so flows can be forgotten between two.
    if (parser.flows.size > MOST_FLOWS) parser.forgetFlows()
    const knownFlows = parser.flows.size
    const framesBefore = stream.frames
    stream.seek(range.start)
    const start = range.isStartKnown || (await stream.findBoundary()) ? stream.offset : -1
    if (start !== -1) {
      stream.pauseAt(range.end)
      for (let batch = await nextOf(stream); batch !== null; batch = await nextOf(stream)) {
        const loading = scanner?.scan({ stream, start: 0, end: batch.count }) ?? null
        if (loading !== null) await loading
        counter.add(batch, 0, batch.count)
      }
      scanner?.readBlocks()
      scanner?.clear()
    }
    const isPlain = stream.fault === null && stream.isDescribedAtStart && !stream.isRefused
    const counts = {
      ...counter.takeAll(),
      index: range.index,
      start,
      end: stream.offset,
      frames: stream.frames - framesBefore,
      isPlain,
      names: scanner?.take() ?? [],
      flows: parser.exportFlows(knownFlows),
      flowsBeginAgain: knownFlows === 0,
      interfaces: parser.takeInterfaceCounts(),
    }
    // A wrong guess may have found interfaces, too.
    if (!isPlain) this.#reading = null
    return counts
  }
}

/** A guess may find link types that are none: whoever reads on from the range before knows whether the filter is wrong. */
async function nextOf(stream: CaptureStream): Promise<StreamBatch | null> {
  try {
    return await stream.next()
  } catch (error) {
    if (!(error instanceof FilterError)) throw error
    return null
  }
}

interface Reading {
  readonly parser: Parser
  readonly stream: CaptureStream
  readonly counter: FrameCounter
  readonly scanner: NameScanner | null
}

async function startReading(module: WebAssembly.Module, setup: RangeSetup, source: Source): Promise<Reading> {
  const { headLength, stepNs, originNs } = setup
  const parser = new Parser(module, setup.parser)
  const stream = parser.open(source)
  stream.pauseAt(headLength)
  await stream.next()
  // Names that stand before the first record are known to whoever read them first.
  parser.takeNameBlocks()
  const counter = new FrameCounter({
    counter: parser.createCounter(),
    stepNs,
    originNs,
    heldRowBudget: NO_BUDGET,
    isPart: true,
  })
  const scanner = setup.parser.names ? new NameScanner(parser, setup.parser.inner ?? false) : null
  return { parser, stream, counter, scanner }
}
