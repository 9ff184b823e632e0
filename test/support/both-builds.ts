/**
 * One frame through the decoders as tsc built them and as asc built them, step by step, and what differs between them.
 */

import { type CaptureInstance, instantiate } from '../../src/capture/module.ts'
import { useBytes } from '../../src/decoders/bytes.ts'
import { frame, STOP_NONE } from '../../src/decoders/frame.ts'
import { LAYER_NONE } from '../../src/decoders/layers.ts'
import { decodeLayer } from '../../src/decoders/registry.ts'
import { beginFrame } from '../../src/decoders/walk.ts'
import { compileModule } from './corpus.ts'

export interface WalkInput {
  readonly bytes: Uint8Array
  readonly linktype: number
  readonly origlen: number
  readonly tunnels: boolean
  readonly innermost: boolean
}

type FrameField = keyof typeof frame

/** By the order of declaration, which is the order of the fields in the module's memory. */
const FIELDS = Object.keys(frame) as FrameField[]
/** Addresses there, offsets here. */
const OFFSETS = new Set<FrameField>(['at', 'end', 'wireEnd', 'packetEnd', 'stopAt'])
/** The same, and -1 where there is none. */
const OPTIONAL_OFFSETS = new Set<FrameField>(['source', 'destination', 'sourceMac', 'destinationMac'])

/** More than any frame of the tests, and the module's own data. */
const MEMORY_PAGES = 64
const PAGE_BYTES = 65536

export class BothBuilds {
  readonly #instance: CaptureInstance

  static async create(): Promise<BothBuilds> {
    return new BothBuilds(instantiate(await compileModule()))
  }

  private constructor(instance: CaptureInstance) {
    this.#instance = instance
    instance.memory.grow(MEMORY_PAGES)
  }

  /** Walks the frame in both builds. Returns the first difference in words; null when every field agrees after every step. */
  compare({ bytes, linktype, origlen, tunnels, innermost }: WalkInput): string | null {
    const { exports, memory } = this.#instance
    // At the very end of the memory: one byte read too far traps.
    const start = memory.buffer.byteLength - bytes.length
    if (start < (memory.buffer.byteLength / PAGE_BYTES - MEMORY_PAGES) * PAGE_BYTES) throw new Error('frame too long')
    new Uint8Array(memory.buffer).set(bytes, start)
    exports.setTunnels(tunnels ? 1 : 0, innermost ? 1 : 0)
    useBytes(bytes)
    frame.tunnels = tunnels ? 1 : 0
    frame.innermost = innermost ? 1 : 0
    try {
      let here = beginFrame(linktype, 0, bytes.length, origlen | 0)
      let there = exports.probeBegin(linktype, start, bytes.length, origlen | 0)
      for (let step = 0; ; step++) {
        if (here !== there) return `step ${step}: layer ${here} here, ${there} there`
        const difference = this.#compareFields(start)
        if (difference !== null) return `step ${step}, before layer ${here}: ${difference}`
        if (here === LAYER_NONE) return null
        if (step > bytes.length + 2) return `no end after ${step} steps`
        const layer = here
        here = decodeLayer(layer)
        there = exports.probeStep(layer)
      }
    } finally {
      frame.tunnels = 0
      frame.innermost = 0
    }
  }

  #compareFields(start: number): string | null {
    for (let i = 0; i < FIELDS.length; i++) {
      const field = FIELDS[i]!
      // What says why the walk stopped is only written when it does.
      if (frame.stopReason === STOP_NONE && field.startsWith('stop') && field !== 'stopReason') continue
      const there = this.#instance.exports.frameField(i)
      const isOffset = OFFSETS.has(field) || (OPTIONAL_OFFSETS.has(field) && there !== -1)
      const expected = isOffset ? there - start : there
      if (frame[field] !== expected) return `${field} is ${frame[field]} here, ${expected} there`
    }
    return null
  }
}
