/** One capture, read to its end: bytes of a Source in, batches of frames out. */

import * as code from '../abi/faults.ts'
import { BATCH_FRAMES } from '../abi/layout.ts'
import { viewColumns } from './columns.ts'
import { describeFault, type Fault } from './fault.ts'
import { describeForeignFormat } from './foreign-formats.ts'
import type { StreamBatch } from './frame-batch.ts'
import type { CaptureInstance, ReaderAddress } from './module.ts'
import { type Source, SourceDamage } from './source.ts'

export type CaptureFormat = 'pcap' | 'pcapng'

const FOREIGN_SAMPLE_BYTES = 512

export class CaptureStream {
  readonly source: Source
  readonly #instance: CaptureInstance
  readonly #reader: ReaderAddress
  #batch: (StreamBatch & { count: number }) | null = null
  #fault: Fault | null = null
  #ended = false

  /** `reader` is a fresh or reset reader of the instance. */
  constructor(instance: CaptureInstance, reader: ReaderAddress, source: Source) {
    this.#instance = instance
    this.#reader = reader
    this.source = source
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

  /** Frames and bytes outside the time range. */
  get filtered(): { packets: number; bytes: number } {
    const { exports } = this.#instance
    return {
      packets: Number(exports.readerFilteredFrames(this.#reader)),
      bytes: Number(exports.readerFilteredBytes(this.#reader)),
    }
  }

  /** The next 1 to `limit` frames, or null at the end, sound or not. The batch is valid until the next call. */
  async next(limit: number = BATCH_FRAMES): Promise<StreamBatch | null> {
    const { exports } = this.#instance
    while (!this.#ended) {
      const count = exports.parse(this.#reader, Math.min(limit, BATCH_FRAMES))
      if (count > 0) return this.#view(count)
      if (exports.readerFault(this.#reader) !== code.FAULT_NONE) this.#end()
      else await this.#fill()
    }
    return null
  }

  async #fill(): Promise<void> {
    const { exports, memory } = this.#instance
    exports.makeRoom(this.#reader)
    const at = exports.writeAddress(this.#reader) >>> 0
    const into = new Uint8Array(memory.buffer, at, exports.writeRoom(this.#reader))
    try {
      const bytes = await this.source.read(into)
      if (bytes > 0) return exports.push(this.#reader, bytes)
      exports.finish(this.#reader)
      this.#end()
    } catch (error) {
      if (!(error instanceof SourceDamage)) throw error
      this.#ended = true
      this.#fault = { kind: 'damaged', message: error.message, offset: exports.readerOffset(this.#reader) }
    }
  }

  #end(): void {
    this.#ended = true
    const { exports } = this.#instance
    const fault = exports.readerFault(this.#reader)
    if (fault === code.FAULT_NONE) return
    this.#fault = describeFault(
      fault,
      exports.readerFaultOffset(this.#reader),
      exports.readerFaultA(this.#reader),
      exports.readerFaultB(this.#reader),
    )
    const hint = fault === code.FAULT_NOT_A_CAPTURE ? describeForeignFormat(this.#unread()) : null
    if (hint !== null) this.#fault = { ...this.#fault, message: hint }
  }

  #unread(): Uint8Array {
    const { exports, memory } = this.#instance
    const start = exports.unreadAddress(this.#reader) >>> 0
    const end = exports.writeAddress(this.#reader) >>> 0
    return new Uint8Array(memory.buffer, start, Math.min(end - start, FOREIGN_SAMPLE_BYTES))
  }

  #view(count: number): StreamBatch {
    const { buffer } = this.#instance.memory
    if (this.#batch === null || this.#batch.memory.buffer !== buffer) {
      this.#batch = viewColumns(buffer, this.#instance.exports.readerColumns(this.#reader) >>> 0)
    }
    this.#batch.count = count
    return this.#batch
  }
}
