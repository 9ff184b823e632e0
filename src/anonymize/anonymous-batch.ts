/**
 * Frames of a batch → the same batch over other bytes: rewritten frames, as long as what may be kept of them. All else that a batch
 * says of frames is as it was, the length on the wire among it.
 */
import type { StreamBatch } from '../capture/frame-batch.ts'
import { useBytes } from '../decoders/bytes.ts'
import { frame as walk } from '../decoders/frame.ts'
import type { Anonymizer } from './anonymizer.ts'
import { FrameBytes } from './frame-bytes.ts'
import { rewriteFrame } from './rewrite-frame.ts'

export class AnonymousBatches {
  readonly #frame: FrameBytes
  readonly #linktypeOf: (interfaceId: number) => number
  #memory = new Uint8Array(1 << 16)
  #data = new Uint32Array(0)
  #caplen = new Uint32Array(0)

  constructor(anonymizer: Anonymizer, linktypeOf: (interfaceId: number) => number) {
    this.#frame = new FrameBytes(anonymizer)
    this.#linktypeOf = linktypeOf
  }

  /** Of frames [start, end) alone; the others have no bytes. Valid until the next call, or the next of any decoder. */
  rewrite(batch: StreamBatch, start: number, end: number): StreamBatch {
    if (this.#data.length < end) {
      this.#data = new Uint32Array(2 * end)
      this.#caplen = new Uint32Array(2 * end)
    }
    const { tunnels, innermost } = walk
    walk.tunnels = 1
    walk.innermost = 0
    this.#use()
    let at = 0
    for (let i = start; i < end; i++) {
      const caplen = batch.caplen[i]!
      this.#reserve(at, caplen)
      const from = batch.data[i]!
      this.#memory.set(batch.memory.subarray(from, from + caplen), at)
      const linktype = this.#linktypeOf(batch.interface[i]!)
      const kept = rewriteFrame(this.#frame, linktype, at, caplen, batch.origlen[i]! | 0)
      this.#data[i] = at
      this.#caplen[i] = kept - at
      at = kept
    }
    walk.tunnels = tunnels
    walk.innermost = innermost
    return {
      count: batch.count,
      flow: batch.flow,
      length: batch.length,
      origlen: batch.origlen,
      caplen: this.#caplen,
      time: batch.time,
      interface: batch.interface,
      stop: batch.stop,
      data: this.#data,
      columns: batch.columns,
      memory: this.#memory,
    }
  }

  /** Room for a frame of that length: with all before it no more than a batch has. */
  #reserve(at: number, length: number): void {
    if (at + length <= this.#memory.length) return
    const grown = new Uint8Array(2 * (at + length))
    grown.set(this.#memory.subarray(0, at))
    this.#memory = grown
    this.#use()
  }

  #use(): void {
    useBytes(this.#memory)
    this.#frame.use(this.#memory)
  }
}
