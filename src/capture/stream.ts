/** One capture, read to its end: bytes of a Source in, batches of frames out. */

import * as code from '../abi/faults.ts'
import { BATCH_FRAMES, NAME_FRAME_LENGTH, RESYNC_FOUND, RESYNC_NONE } from '../abi/layout.ts'
import { type CompiledFilter, refusalOf } from '../filter/compiled-filter.ts'
import { viewColumns } from './columns.ts'
import { describeFault, type Fault } from './fault.ts'
import { describeForeignFormat } from './foreign-formats.ts'
import type { StreamBatch } from './frame-batch.ts'
import type { CaptureInstance, ReaderAddress } from './module.ts'
import { withMemory } from './out-of-memory.ts'
import { type Source, SourceDamage, SourceUnavailable } from './source.ts'

export type CaptureFormat = 'pcap' | 'pcapng'

const FOREIGN_SAMPLE_BYTES = 512

/**
 * Captures are counted in segments: a record belongs to the segment in which it begins. No batch has records of two. What is
 * done between two segments comes out the same whether one reader or many read them.
 */
export const SEGMENT_BYTES = 1 << 24

const NO_FRAMES = new Uint32Array(0)

/** A mistake of the caller (Parser.open), noticed by a buffer that is gone. */
const OVERLAP = 'netkit: two streams of one parser were read at the same time'

export interface StreamOptions {
  readonly segmentBytes?: number | undefined
  /** See ParserOptions. */
  readonly salvage?: boolean
  readonly filter?: CompiledFilter | undefined
  /** See Parser. */
  readonly onMarked?: (stream: CaptureStream) => Promise<unknown> | null
}

/** Bytes that were passed over because they are no records. */
export interface Loss {
  readonly fault: Fault
  /** Into the capture (after decompression). */
  readonly offset: number
  readonly bytes: number
  /** Frames of the stream before it. */
  readonly framesBefore: number
}

export interface Losses {
  /** The first {@link LOSSES_LISTED} of them, in their order. */
  readonly listed: readonly Loss[]
  readonly places: number
  readonly bytes: number
  /** Nothing came behind the last of them: it is {@link CaptureStream.fault} too. */
  readonly atEnd: boolean
}

export const LOSSES_LISTED = 100

/** Behind these there is no telling what the bytes mean, or no room for it. */
const FINAL_FAULTS: readonly number[] = [
  code.FAULT_NOT_A_CAPTURE,
  code.FAULT_PCAP_VERSION,
  code.FAULT_CUT_FILE_HEADER,
  code.FAULT_TOO_MANY_INTERFACES,
]

export class CaptureStream {
  readonly source: Source
  readonly segmentBytes: number
  readonly #instance: CaptureInstance
  readonly #reader: ReaderAddress
  #batch: (StreamBatch & { count: number }) | null = null
  #fault: Fault | null = null
  #count = 0
  #ended = false
  /** Called between two segments, when no batch is in use. */
  onSegmentEnd: () => void = () => {}
  /** Frames of ranges that others have read. */
  #otherFrames = 0
  /** Reading pauses at the end of the range. */
  #isBounded = false
  readonly #onMarked: NonNullable<StreamOptions['onMarked']>
  readonly #salvages: boolean
  readonly #filter: CompiledFilter | undefined
  readonly #listed: Loss[] = []
  #places = 0
  #lostBytes = 0
  #lostEnd = false
  /** The source has given its last byte. */
  #drained = false

  /** `reader` is a fresh or reset reader of the instance. */
  constructor(instance: CaptureInstance, reader: ReaderAddress, source: Source, options: StreamOptions = {}) {
    const { segmentBytes = SEGMENT_BYTES, salvage = false } = options
    this.#filter = options.filter
    this.#onMarked = options.onMarked ?? (() => null)
    this.#instance = instance
    this.#reader = reader
    this.source = source
    this.segmentBytes = segmentBytes
    this.#salvages = salvage
    instance.exports.endRangeAt(reader, BigInt(segmentBytes))
    if (salvage) instance.exports.allowSalvage(reader)
  }

  get reader(): ReaderAddress {
    return this.#reader
  }

  /** Null until the first bytes were read, and for what is no capture. */
  get format(): CaptureFormat | null {
    const format = this.#instance.exports.readerFormat(this.#reader)
    if (format === code.FORMAT_UNKNOWN) return null
    return format === code.FORMAT_PCAPNG ? 'pcapng' : 'pcap'
  }

  /** Why reading ended, when it ended early. Frames before it were handed out. */
  get fault(): Fault | null {
    return this.#fault
  }

  /** What was passed over, when salvaging: all of it when reading has ended. */
  get losses(): Losses {
    return { listed: this.#listed, places: this.#places, bytes: this.#lostBytes, atEnd: this.#lostEnd }
  }

  /** Frames that were whole in the stream so far, whatever the time range does to them. */
  get frames(): number {
    return Number(this.#instance.exports.readerFrames(this.#reader)) + this.#otherFrames
  }

  /** Flows have other ids now: those of the batch that is in use, too. */
  renameFlows(newIds: Uint32Array): void {
    if (this.#batch === null) return
    const { flow, count } = this.batch
    for (let i = 0; i < count; i++) flow[i] = newIds[flow[i]!]!
  }

  /** Offset into the capture of the next record. */
  get offset(): number {
    return Number(this.#instance.exports.readerOffset(this.#reader))
  }

  /** A record begins at {@link offset}: reading may go on there. It may not inside of a block that is passed over. */
  get isBetweenRecords(): boolean {
    return this.#instance.exports.isBetweenRecords(this.#reader) !== 0
  }

  /** The next record is of another segment than the last batch. */
  get isAtSegmentEnd(): boolean {
    return this.#instance.exports.isAtRangeEnd(this.#reader) !== 0
  }

  /** Offset of the first frame's record, once there was one: what is before it says how to read the rest. */
  get firstFrameOffset(): number {
    return Number(this.#instance.exports.readerFirstFrame(this.#reader))
  }

  /** Nothing was described behind the first frame: no section, no interface. */
  get isDescribedAtStart(): boolean {
    return this.#instance.exports.isDescribedAtStart(this.#reader) !== 0
  }

  /**
   * Goes on at `offset`, where a record begins; `frames` were read by others in between. The source must have
   * {@link Source.random}.
   */
  seek(offset: number, frames = 0): void {
    const { exports } = this.#instance
    exports.seekReader(this.#reader, BigInt(offset))
    this.source.random!.seek(offset)
    this.#otherFrames += frames
    this.#ended = false
    this.#drained = false
    this.#fault = null
    this.#isBounded = false
    this.#startSegment()
  }

  /** After {@link seek}, to any offset: goes on at the first place behind it where a record seems to begin. False: none is near. */
  async findBoundary(): Promise<boolean> {
    const { exports } = this.#instance
    const sizeBefore = exports.writeRoom(this.#reader)
    await this.#fill()
    // Files are read whole; a buffer that is not full has the end of the file.
    const isLast = this.#ended || exports.writeRoom(this.#reader) > 0
    return sizeBefore > 0 && exports.findBoundary(this.#reader, isLast ? 1 : 0) !== 0
  }

  /** Makes {@link next} pause, as at the end, before the first record that begins at `offset` or behind it. */
  pauseAt(offset: number): void {
    this.#instance.exports.endRangeAt(this.#reader, BigInt(offset))
    this.#isBounded = true
  }

  /** The next 1 to `limit` frames, or null at the end, sound or not. The batch is valid until the next call. */
  async next(limit: number = BATCH_FRAMES): Promise<StreamBatch | null> {
    const { exports } = this.#instance
    while (!this.#ended) {
      const count = this.#parse(Math.min(limit, BATCH_FRAMES))
      if (this.#filter !== undefined) this.#checkFilter(this.#filter)
      this.#count = count
      if (count > 0) return this.batch
      if (exports.readerNamedCount(this.#reader) > 0) {
        await this.#onMarked(this)
        continue
      }
      if (exports.readerFault(this.#reader) !== code.FAULT_NONE) await this.#goOnOrEnd()
      else if (exports.isAtRangeEnd(this.#reader) === 0) await this.#fill()
      else if (this.#isBounded) return null
      else {
        this.onSegmentEnd()
        this.#startSegment()
      }
    }
    return null
  }

  /** A frame came of a link type that the filter cannot be said of: {@link next} has thrown. */
  get isRefused(): boolean {
    return this.#filter !== undefined && this.#instance.exports.refusedLinktype() !== -1
  }

  /** Throws a FilterError when a frame came of a link type that the filter cannot be said of. */
  #checkFilter(filter: CompiledFilter): void {
    const linktype = this.#instance.exports.refusedLinktype()
    if (linktype !== -1) throw refusalOf(linktype, filter)
  }

  #parse(limit: number): number {
    return withMemory(this.#instance, () => this.#instance.exports.parse(this.#reader, limit))
  }

  /** The batch that `next` gave last, through views that are valid now: another stream may have grown the memory. */
  get batch(): StreamBatch {
    const { buffer } = this.#instance.memory
    if (this.#batch === null || this.#batch.memory.buffer !== buffer) {
      this.#batch = viewColumns(buffer, this.#instance.exports.readerColumns(this.#reader) >>> 0)
    }
    this.#batch.count = this.#count
    return this.#batch
  }

  /**
   * The frames that can hold a name, in their order, two numbers each: the index in the batch, and where the payload begins, from
   * the start of the frame. Behind the batch's own frames, at the end of its columns, are some that do not count. Valid as long as
   * the batch is.
   */
  nameFrames(): Uint32Array {
    const { exports, memory } = this.#instance
    const count = exports.readerNamedCount(this.#reader)
    if (count === 0) return NO_FRAMES
    return new Uint32Array(memory.buffer, exports.readerNamed(this.#reader) >>> 0, (NAME_FRAME_LENGTH / 4) * count)
  }

  #startSegment(): void {
    const segment = Math.floor(this.offset / this.segmentBytes)
    this.#instance.exports.endRangeAt(this.#reader, BigInt((segment + 1) * this.segmentBytes))
  }

  async #fill(): Promise<void> {
    const { exports, memory } = this.#instance
    if (this.#drained) {
      exports.finish(this.#reader)
      return this.#goOnOrEnd()
    }
    exports.makeRoom(this.#reader)
    const at = exports.writeAddress(this.#reader) >>> 0
    const into = new Uint8Array(memory.buffer, at, exports.writeRoom(this.#reader))
    try {
      const bytes = await this.source.read(into)
      if (into.length === 0) throw new Error(OVERLAP)
      if (bytes > 0) return exports.push(this.#reader, bytes)
    } catch (error) {
      if (into.length === 0) throw new Error(OVERLAP, { cause: error })
      const damaged = error instanceof SourceDamage
      if (!damaged && !(error instanceof SourceUnavailable)) throw error
      this.#fault = {
        kind: damaged ? error.kind : 'unavailable',
        message: error.message,
        offset: exports.readerOffset(this.#reader),
      }
      // What was read before it may hold records yet.
      this.#ended = !this.#salvages
      if (this.#ended) return
    }
    if (this.#salvages) {
      this.#drained = true
      exports.drain(this.#reader)
      return
    }
    exports.finish(this.#reader)
    await this.#end()
  }

  /** Reading has met a fault, or its end. */
  async #goOnOrEnd(): Promise<void> {
    const { exports } = this.#instance
    const fault = exports.readerFault(this.#reader)
    const canGoOn = this.#salvages && fault !== code.FAULT_NONE && !FINAL_FAULTS.includes(fault)
    if (!canGoOn || !(await this.#resync())) await this.#end()
  }

  /** Looks for the next record behind a fault and notes what was passed over. False: there is none. */
  async #resync(): Promise<boolean> {
    const { exports } = this.#instance
    const fault = this.#readFault()
    const offset = Number(fault.offset)
    const framesBefore = this.frames
    exports.beginSalvage(this.#reader)
    for (;;) {
      const result = exports.resync(this.#reader)
      const found = result === RESYNC_FOUND
      if (found || result === RESYNC_NONE) {
        // Damage of the source says more than what it leaves of the last record.
        if (!found && this.#fault !== null) return false
        const bytes = this.offset - offset
        if (this.#listed.length < LOSSES_LISTED) this.#listed.push({ fault, offset, bytes, framesBefore })
        this.#places++
        this.#lostBytes += bytes
        this.#lostEnd = !found
        return found
      }
      await this.#fillWhole()
    }
  }

  /** Reads until the buffer is full or the source has no more. */
  async #fillWhole(): Promise<void> {
    do await this.#fill()
    while (!this.#drained && this.#instance.exports.writeRoom(this.#reader) > 0)
  }

  #readFault(): Fault {
    const { exports } = this.#instance
    return describeFault(
      exports.readerFault(this.#reader),
      exports.readerFaultOffset(this.#reader),
      exports.readerFaultA(this.#reader),
      exports.readerFaultB(this.#reader),
    )
  }

  async #end(): Promise<void> {
    this.#ended = true
    const { exports } = this.#instance
    const fault = exports.readerFault(this.#reader)
    if (fault === code.FAULT_NONE || this.#fault !== null) return
    this.#fault = this.#readFault()
    const hint = fault === code.FAULT_NOT_A_CAPTURE ? describeForeignFormat(await this.#firstBytes()) : null
    if (hint !== null) this.#fault = { ...this.#fault, message: `not a capture but ${hint}` }
  }

  /** Enough of the stream's start to tell what it is, however little the first read gave. */
  async #firstBytes(): Promise<Uint8Array> {
    const { exports, memory } = this.#instance
    const start = exports.unreadAddress(this.#reader) >>> 0
    const unread = new Uint8Array(memory.buffer, start, (exports.writeAddress(this.#reader) >>> 0) - start)
    const sample = new Uint8Array(FOREIGN_SAMPLE_BYTES)
    let length = Math.min(unread.length, sample.length)
    sample.set(unread.subarray(0, length))
    try {
      while (length < sample.length) {
        const bytes = await this.source.read(sample.subarray(length))
        if (bytes === 0) break
        length += bytes
      }
    } catch (error) {
      if (!(error instanceof SourceDamage) && !(error instanceof SourceUnavailable)) throw error
    }
    return sample.subarray(0, length)
  }
}
