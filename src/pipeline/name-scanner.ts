/**
 * The frames of a batch that can hold a name → sightings: their payload is found by the decoders, in their JavaScript build, and
 * read. All other frames are not looked at: the module has marked those that can (assembly/name-frames.ts).
 *
 * What is half read does not go on into another segment of the file (SEGMENT_BYTES): somebody else may read that one.
 */
import { NAME_FRAME_TCP } from '../abi/layout.ts'
import type { Parser } from '../capture/parser.ts'
import type { CaptureStream } from '../capture/stream.ts'
import { useBytes } from '../decoders/bytes.ts'
import { frame } from '../decoders/frame.ts'
import { ALWAYS, addressKey, canHaveName, type Sighting } from '../names/name-book.ts'
import type { NameReader } from '../sightings/name-reader.ts'
import { readNameResolutionBlock } from '../sightings/pcapng-names.ts'
import type { NameSource } from '../sightings/sighting.ts'
import { WalkedPayload } from './walked-payload.ts'

/** Frames [start, end) of a stream's batch. */
export interface ScannedFrames {
  readonly stream: CaptureStream
  readonly start: number
  readonly end: number
}

/** Addresses whose last name is remembered, so that an answer that is given a thousand times is one sighting. */
const MOST_REMEMBERED = 1 << 16
/** As many as a book has names. */
const MOST_SIGHTINGS = 1_000_000

export class NameScanner {
  readonly #parser: Parser
  readonly #inner: boolean
  readonly #remembered = new Map<string, Sighting>()
  readonly #linktypes: number[] = []
  #sightings: Sighting[] = []
  #reader: NameReader | null = null
  /** Of the frame at hand. */
  readonly #payload = new WalkedPayload((id) => this.#linktypeOf(id))
  #ns = ALWAYS

  /** `inner`: addresses are those of the innermost IP header. The parser has to mark frames, see ParserOptions. */
  constructor(parser: Parser, inner: boolean) {
    this.#parser = parser
    this.#inner = inner
    parser.onMarked = (stream) => this.scan({ stream, start: 0, end: 0 })
  }

  /**
   * Reads frames of the batch that the stream gave last, before anything else is done with the parser. Null: it is done; a promise
   * once in a run, while the readers are loaded, and views of the batch may be out of date then.
   */
  scan(frames: ScannedFrames): Promise<unknown> | null {
    this.readBlocks()
    if (frames.stream.nameFrames().length === 0) return null
    if (this.#reader === null) return this.#load().then((reader) => this.#scan(frames, reader))
    return this.#scan(frames, this.#reader)
  }

  /** From the mark at `from` on. */
  #scan(frames: ScannedFrames, reader: NameReader, from = 0): Promise<unknown> | null {
    const { stream, start, end } = frames
    const marked = stream.nameFrames()
    const { batch } = stream
    const times = new BigInt64Array(batch.time.buffer, batch.time.byteOffset, batch.time.length / 2)
    useBytes(batch.memory)
    frame.tunnels = this.#inner ? 1 : 0
    frame.innermost = frame.tunnels
    for (let i = from; i < marked.length; i += 2) {
      const index = marked[i]!
      // Those that do not count are read with the first of the batch.
      const isCounted = index < batch.count
      if (isCounted ? index < start || index >= end : start > 0) continue
      const offset = marked[i + 1]!
      if ((offset & NAME_FRAME_TCP) === 0) this.#payload.setDatagram(batch, index, offset)
      else if (!this.#payload.setSegment(batch, index)) continue
      // Without a time it is the lowest number, which is ALWAYS.
      this.#ns = times[index]!
      reader.read(this.#payload)
      // Once in a run: what opens QUIC is loaded. The name is one of this time.
      if (reader.isWaiting) return reader.settle().then(() => this.#scan(frames, reader, i + 2))
    }
    frame.tunnels = 0
    frame.innermost = 0
    return null
  }

  /** Blocks of names (pcapng) that were read since the last call: also those behind the last frame. */
  readBlocks(): void {
    this.#ns = ALWAYS
    for (const { body, isBigEndian } of this.#parser.takeNameBlocks()) {
      readNameResolutionBlock(body, isBigEndian, this.#onName)
    }
  }

  /** What was seen since the last call, in the order of the frames. */
  take(): Sighting[] {
    const sightings = this.#sightings
    if (sightings.length > 0) this.#sightings = []
    return sightings
  }

  /** Nothing was read since the last {@link clear}: another scanner may go on from here. */
  get isIdle(): boolean {
    return this.#parser.nameFrames === 0
  }

  /** Forgets what is half read. */
  clear(): void {
    this.#reader?.clear()
    this.#remembered.clear()
    this.#parser.forgetNameFrames()
  }

  /** The readers are there once a capture has something for them: many have not. */
  async #load(): Promise<NameReader> {
    const { NameReader } = await import('../sightings/name-reader.ts')
    this.#reader = new NameReader(this.#onName)
    return this.#reader
  }

  readonly #onName = (address: Uint8Array, name: string, source: NameSource): void => {
    if ((address.length !== 4 && address.length !== 16) || !canHaveName(address, source)) return
    const key = addressKey(address)
    const before = this.#remembered.get(key)
    const isLatest = before === undefined || before.ns <= this.#ns
    // The book would not change by it.
    if (before !== undefined && isLatest && before.name === name && before.source === source) return
    // Nobody takes them while no frame counts.
    if (this.#sightings.length >= MOST_SIGHTINGS) return
    const sighting = { address: key, name, source, ns: this.#ns }
    this.#sightings.push(sighting)
    if (!isLatest) return
    if (this.#remembered.size >= MOST_REMEMBERED) this.#remembered.clear()
    this.#remembered.set(key, sighting)
  }

  #linktypeOf(id: number): number {
    this.#linktypes[id] ??= this.#parser.interface(id).linktype
    return this.#linktypes[id]
  }
}
