/**
 * Names of the frames that one thread reads → the book. What is in the book when a window is written must not depend on who read
 * the frames: so a batch's names are noted once the windows that were ready before it are written, and what is half read ends
 * with its segment.
 */
import { formatAddress } from '../decoders/address-text.ts'
import type { CaptureNames } from '../engine/records.ts'
import { ALWAYS, type NameBook, type Sighting } from '../names/name-book.ts'
import type { NameScanner, ScannedFrames } from './name-scanner.ts'

export class NameReading {
  readonly #scanner: NameScanner
  readonly #book: NameBook

  constructor(scanner: NameScanner, book: NameBook) {
    this.#scanner = scanner
    this.#book = book
  }

  /** Reads the names of frames; to be called before they are counted, which may move the memory they are in. */
  scan(frames: ScannedFrames): Promise<unknown> | null {
    return this.#scanner.scan(frames)
  }

  /** What was read is in the book. */
  note(): void {
    this.learn(this.#scanner.take())
  }

  /** Notes what others have read: the names that come next in the capture. */
  learn(sightings: readonly Sighting[]): void {
    for (const sighting of sightings) this.#book.add(sighting)
  }

  /** All records up to here are read, and none behind. */
  endSegment(): void {
    this.#scanner.readBlocks()
    this.note()
    this.#scanner.clear()
  }

  /** Nothing was read in this segment. */
  get isIdle(): boolean {
    return this.#scanner.isIdle
  }
}

/** In the facts of a capture: some MB of JSON at the most. */
const MOST_LISTED = 10_000

export function describeNames(book: NameBook): CaptureNames {
  const listed = book.list(MOST_LISTED).map(({ address, name, source, firstNs }) => ({
    address: formatAddress(address),
    name,
    source,
    firstSeenNs: firstNs === ALWAYS ? null : firstNs,
  }))
  return { listed, more: book.size - listed.length }
}
