/** A capture → one whose framing lies: lengths, magics, block types, options, interface ids, times; and its frames, too. */
import { dataOf, ENHANCED_PACKET, type Framed, frameCapture, INTERFACE, SECTION_HEADER, viewOf } from './framing.ts'
import { changed, concat, edge, mutateBytes, nudgeUint, writeUint } from './mutate-bytes.ts'
import { mutateFrame } from './mutate-frame.ts'
import type { Random } from './random.ts'
import type { Seeds } from './seeds.ts'

const MAGICS = [0xa1b2c3d4, 0xa1b23c4d, 0xa1b2cd34, 0xd4c3b2a1, 0x4d3cb2a1, 0x34cdb2a1, SECTION_HEADER]
const LINKTYPES = [0, 1, 9, 101, 104, 105, 108, 113, 127, 147, 228, 229, 276, 0x10000001]
const BLOCK_TYPES = [SECTION_HEADER, 0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 0x0bad, 0x40000bad, 0x80000001, 0x7fffffff]
/** if_tsresol and its neighbours: powers of ten, of two, and both ends. */
const RESOLUTIONS = [0, 3, 6, 9, 10, 18, 28, 29, 127, 0x80, 0x8a, 0xbf, 0xc0, 0xff]
const OPTION_CODES = [0, 1, 2, 4, 5, 9, 14, 0x0bad, 0xffff]

/** Less than `most` changes, one after the other. */
export function mutateOften(capture: Uint8Array, seeds: Seeds, random: Random, most: number): Uint8Array {
  let bytes = capture
  for (let changes = random.below(most); changes > 0; changes--) {
    bytes = mutateCapture(bytes, seeds.capture(random), random)
  }
  return bytes
}

/** One change; of the framing as a rule, sometimes blind. `other` is a capture to take parts from. */
export function mutateCapture(bytes: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  const framed = random.oneIn(5) ? null : frameCapture(bytes)
  if (framed === null || framed.records.length === 0) return mutateBytes(bytes, other, random)
  const index = random.below(framed.records.length)
  const record = framed.records[index]!
  switch (random.below(8)) {
    case 0:
      return put(framed, index, [])
    case 1:
      return put(framed, index, [record, record])
    case 2:
      return put(framed, index, [foreignRecord(framed, other, random), record])
    case 3:
      return put(framed, index, [...framed.records.slice(random.below(index + 1), index), record])
    case 4:
    case 5:
      return put(framed, index, [resizedFrame(framed, record, other, random)])
    case 6:
      return framed.format === 'pcap' && random.oneIn(2)
        ? concat(mutateHead(framed, random), ...framed.records, framed.tail)
        : put(framed, index, [lyingRecord(framed, record, random)])
    default:
      return put(framed, index, [lyingRecord(framed, record, random)])
  }
}

function put({ head, records, tail }: Framed, index: number, replacement: readonly Uint8Array[]): Uint8Array {
  return concat(head, ...records.slice(0, index), ...replacement, ...records.slice(index + 1), tail)
}

/** A record of another capture: as it is, which may be of another byte order or format. */
function foreignRecord(framed: Framed, other: Uint8Array, random: Random): Uint8Array {
  const records = frameCapture(other)?.records ?? framed.records
  return records.length === 0 ? other.subarray(0, 64) : random.pick(records)
}

/** The frame in a record mutated, and the record's lengths made to fit. */
function resizedFrame(framed: Framed, record: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  const place = dataOf(framed, record)
  if (place === null) return lyingRecord(framed, record, random)
  const [start, end] = place
  const frame = mutateFrame(record.subarray(start, end), framed.linktype, other.subarray(0, 512), random)
  const { little } = framed
  if (framed.format === 'pcap') {
    return changed(concat(record.subarray(0, start), frame), (copy) => {
      writeUint(copy, 8, 4, frame.length, little)
      if (!random.oneIn(4)) writeUint(copy, 12, 4, frame.length, little)
    })
  }
  const padded = concat(frame, new Uint8Array(-frame.length & 3))
  return changed(concat(record.subarray(0, start), padded, new Uint8Array(4)), (copy) => {
    writeUint(copy, 4, 4, copy.length, little)
    writeUint(copy, copy.length - 4, 4, copy.length, little)
    if (start === 28) writeUint(copy, 20, 4, frame.length, little)
    if (!random.oneIn(4)) writeUint(copy, start - 4, 4, frame.length, little)
  })
}

function mutateHead({ head, little }: Framed, random: Random): Uint8Array {
  return changed(head, (copy) => {
    const [at, size, value] = random.pick([
      [0, 4, random.pick(MAGICS)],
      [4, 2, random.pick([1, 2, 543])],
      [6, 2, random.pick([0, 2, 3, 4, 5])],
      [16, 4, edge(random, 32)],
      [20, 4, random.pick(LINKTYPES)],
    ] as const)
    writeUint(copy, at, size, value, little)
  })
}

function lyingRecord({ format, little }: Framed, record: Uint8Array, random: Random): Uint8Array {
  if (format === 'pcap') {
    const at = random.pick([0, 4, 8, 12])
    return changed(record, (copy) =>
      random.oneIn(2) ? nudgeUint(copy, at, 4, little, random) : writeUint(copy, at, 4, edge(random, 32), little),
    )
  }
  const type = record.length >= 4 ? viewOf(record).getUint32(0, little) : 0
  return changed(record, (copy) => {
    switch (random.below(7)) {
      case 0:
        return writeUint(copy, 0, 4, random.pick(BLOCK_TYPES), little)
      case 1:
        return writeUint(copy, 4, 4, edge(random, 32), little)
      case 2: {
        // Both lengths say the same, and it is not true.
        const length = edge(random, 32) & ~3
        writeUint(copy, 4, 4, length, little)
        return writeUint(copy, copy.length - 4, 4, length, little)
      }
      case 3:
        return type === SECTION_HEADER
          ? writeUint(copy, 8, 4, random.pick([0x1a2b3c4d, 0x4d3c2b1a, 0]), little)
          : writeUint(copy, 8 + 4 * random.below(5), 4, edge(random, 32), little)
      case 5:
        return nudgeUint(copy, random.pick([4, 8, 20, 24, 24, copy.length - 4]), 4, little, random)
      case 4:
        if (type === ENHANCED_PACKET) return writeUint(copy, 8, 4, random.below(4), little)
        if (type === INTERFACE) return writeUint(copy, 8, 2, random.pick(LINKTYPES), little)
        return writeUint(copy, 8 + 2 * random.below(8), 2, edge(random, 16), little)
      default: {
        // Options are aligned: any place behind the fixed part may be one.
        const at = 8 + 4 * random.below(Math.max(1, (copy.length - 12) >> 2))
        writeUint(copy, at, 2, random.pick(OPTION_CODES), little)
        writeUint(copy, at + 2, 2, random.oneIn(2) ? random.pick([0, 1, 8]) : edge(random, 16), little)
        return writeUint(copy, at + 4, 1, random.pick(RESOLUTIONS), little)
      }
    }
  })
}
