/** Arbitrary frames for fast-check: bytes of no plan, and real frames with some bytes spoiled. */
import fc from 'fast-check'
import * as linktypes from '../../src/decoders/linktype.ts'
import { sampleFrames } from './sample-frames.ts'

/** Every link type that is decoded, and two that are not. */
export const ALL_LINKTYPES: readonly number[] = [
  ...Object.entries(linktypes).flatMap(([name, value]) =>
    name.startsWith('LINKTYPE_') && typeof value === 'number' ? [value] : [],
  ),
  147,
  65535,
]

export interface FrameInput {
  readonly linktype: number
  readonly bytes: Uint8Array
  readonly origlen: number
}

const randomFrame = fc.record({
  linktype: fc.constantFrom(...ALL_LINKTYPES),
  bytes: fc.uint8Array({ maxLength: 200 }),
})

const spoiledFrame = fc
  .record({
    sample: fc.constantFrom(...sampleFrames),
    length: fc.option(fc.nat(), { freq: 2 }),
    changes: fc.array(fc.record({ at: fc.nat(), byte: fc.integer({ min: 0, max: 255 }) }), { maxLength: 4 }),
  })
  .map(({ sample, length, changes }) => {
    const bytes = sample.bytes.slice(0, length === null ? sample.bytes.length : length % (sample.bytes.length + 1))
    for (const { at, byte } of changes) if (bytes.length > 0) bytes[at % bytes.length] = byte
    return { linktype: sample.linktype, bytes }
  })

/** Frames that were, at times, cut: longer on the wire than here. */
export const anyFrame: fc.Arbitrary<FrameInput> = fc
  .record({
    input: fc.oneof(randomFrame, { weight: 3, arbitrary: spoiledFrame }),
    missing: fc.oneof(fc.constant(0), fc.nat(2000), fc.constantFrom(0x7fffffff, 0xfffff000)),
  })
  .map(({ input, missing }) => ({ ...input, origlen: (input.bytes.length + missing) >>> 0 }))
