/** What mutation starts from: short parts of the captures in test/pcaps, and of the reference captures where they lie beside us. */
import { readFileSync } from 'node:fs'
import { LINKTYPE_ETHERNET } from '../src/decoders/linktype.ts'
import { captureFiles, capturesFolder } from '../test/support/captures.ts'
import { corpusFiles, corpusMissing } from '../test/support/corpus.ts'
import { sampleFrames } from '../test/support/sample-frames.ts'
import { dataOf, ENHANCED_PACKET, type Framed, frameCapture, viewOf } from './framing.ts'
import { concat } from './mutate-bytes.ts'
import type { Random } from './random.ts'

export interface SeedFrame {
  readonly linktype: number
  readonly bytes: Uint8Array
}

/** Longer files are not read: there are enough short ones of every kind. */
const MAX_FILE_BYTES = 4 << 20
const MAX_FRAME_BYTES = 1600
const FRAMES_PER_FILE = 40
/** So long is a part of a capture that mutation starts from; short ones are more inputs in the same time. */
const PART_BYTES = 1500

export class Seeds {
  readonly captures: readonly Framed[]
  /** Files that are compressed, as they are. */
  readonly compressed: readonly Uint8Array[]
  readonly frames: readonly SeedFrame[]

  /** `withCorpus` false: only what is in the repository, so that a short run is the same everywhere. */
  constructor(withCorpus = true) {
    const own = captureFiles().map((path) => capturesFolder + path)
    const files = [...own, ...(withCorpus && corpusMissing === null ? corpusFiles() : [])]
    const captures: Framed[] = []
    const compressed: Uint8Array[] = []
    for (const file of files) {
      const bytes = new Uint8Array(readFileSync(file))
      if (bytes.length > MAX_FILE_BYTES) continue
      const framed = frameCapture(bytes)
      if (framed !== null) captures.push(framed)
      else if (/\.(gz|zst|lz4)$/.test(file)) compressed.push(bytes)
    }
    this.captures = captures
    this.compressed = compressed
    this.frames = [...sampleFrames, ...captures.flatMap(framesOf)]
  }

  /** Some records of a capture behind all that describes them. */
  capture(random: Random): Uint8Array {
    const { head, records, format, little, tail } = random.pick(this.captures)
    const first = random.below(records.length)
    const parts: Uint8Array[] = [head]
    let length = 0
    for (const [i, record] of records.entries()) {
      const isPacket = format === 'pcap' || viewOf(record).getUint32(0, little) === ENHANCED_PACKET
      if (isPacket && (i < first || length > PART_BYTES)) continue
      if (record.length > MAX_FRAME_BYTES || length > 2 * PART_BYTES) continue
      parts.push(record)
      length += record.length
    }
    return random.oneIn(8) ? concat(...parts, tail.subarray(0, PART_BYTES)) : concat(...parts)
  }
}

function framesOf(framed: Framed): SeedFrame[] {
  const step = Math.max(1, Math.floor(framed.records.length / FRAMES_PER_FILE))
  return framed.records.flatMap((record, i) => {
    const place = i % step === 0 ? dataOf(framed, record) : null
    if (place === null || place[1] - place[0] > MAX_FRAME_BYTES || place[1] <= place[0]) return []
    const linktype = framed.format === 'pcap' ? framed.linktype : LINKTYPE_ETHERNET
    return [{ linktype, bytes: record.slice(...place) }]
  })
}
