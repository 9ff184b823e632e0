/**
 * Values of groups, one a window with traffic → percentiles of each group, the windows without traffic being zeros.
 *
 * Values are kept as they are, 12 bytes each, up to a budget; percentiles are exact then. Beyond it they go into bins
 * (value-bins.ts), those before it too, and a percentile is within BIN_ERROR. Should even the bins not have room, a group whose
 * value found none has no percentiles.
 */
import { storedPlace } from './nearest-rank.ts'
import { ValueBins } from './value-bins.ts'

/** Values that are kept: 120 MB, and while they are sorted by group 80 more. */
export const EXACT_VALUES = 10_000_000
/** Bins that are not empty: 134 MB at most. */
const MOST_BINS = 1 << 22
const CHUNK = 1 << 16
const GONE = -1

interface Chunk {
  readonly groups: Uint32Array
  readonly values: Float64Array
}

export interface GroupValuesOptions {
  readonly mostValues?: number
  readonly mostBins?: number
}

export class GroupValues {
  readonly #mostValues: number
  readonly #mostBins: number
  #chunks: Chunk[] = []
  /** In the last chunk. */
  #used = CHUNK
  #size = 0
  #bins: ValueBins | null = null
  /** Groups a value of which is in no bin. */
  readonly #lost = new Set<number>()
  #index: SortedValues | null = null

  constructor({ mostValues = EXACT_VALUES, mostBins = MOST_BINS }: GroupValuesOptions = {}) {
    this.#mostValues = mostValues
    this.#mostBins = mostBins
  }

  /** False once there were too many values. */
  get isExact(): boolean {
    return this.#bins === null
  }

  /** Groups without percentiles. */
  get lost(): number {
    return this.#lost.size
  }

  /** Adds a positive whole number. */
  add(group: number, value: number): void {
    if (this.#bins === null && this.#size >= this.#mostValues) this.#spill()
    if (this.#bins !== null) {
      this.#addToBin(this.#bins, group, value)
      return
    }
    if (this.#used === CHUNK) {
      this.#chunks.push({ groups: new Uint32Array(CHUNK), values: new Float64Array(CHUNK) })
      this.#used = 0
    }
    const chunk = this.#chunks[this.#chunks.length - 1]!
    chunk.groups[this.#used] = group
    chunk.values[this.#used++] = value
    this.#size++
    this.#index = null
  }

  /** Of `stored` values of a group that were added and `windows - stored` zeros; null when it is not known. */
  percentile(group: number, percent: number, stored: number, windows: bigint): number | null {
    if (this.#lost.has(group)) return null
    const place = storedPlace(percent, stored, windows)
    if (place === null) return 0
    if (this.#bins !== null) return this.#bins.at(group, place)
    this.#index ??= sortByGroup(this.#pieces(), this.#size)
    return this.#index.at(group, place)
  }

  /** Gives groups new numbers: `ids[group]`, or -1 for those whose values are forgotten. No two become one. */
  rename(ids: Int32Array): void {
    const lost = [...this.#lost]
    this.#lost.clear()
    for (const group of lost) if (ids[group]! !== GONE) this.#lost.add(ids[group]!)
    if (this.#bins !== null) {
      this.#bins.rename(ids)
      return
    }
    const pieces = [...this.#pieces()]
    this.#chunks = []
    this.#used = CHUNK
    this.#size = 0
    for (const { groups, values } of pieces) {
      for (let i = 0; i < groups.length; i++) {
        const group = ids[groups[i]!]!
        if (group !== GONE) this.add(group, values[i]!)
      }
    }
  }

  /** Chunks, the last one as far as it is used. */
  *#pieces(): Generator<Chunk> {
    for (const [i, { groups, values }] of this.#chunks.entries()) {
      const end = i === this.#chunks.length - 1 ? this.#used : CHUNK
      yield { groups: groups.subarray(0, end), values: values.subarray(0, end) }
    }
  }

  #spill(): void {
    const bins = new ValueBins(this.#mostBins)
    for (const { groups, values } of this.#pieces()) {
      for (let i = 0; i < groups.length; i++) this.#addToBin(bins, groups[i]!, values[i]!)
    }
    this.#bins = bins
    this.#chunks = []
  }

  #addToBin(bins: ValueBins, group: number, value: number): void {
    if (!bins.add(group, value)) this.#lost.add(group)
  }
}

interface SortedValues {
  /** The value at a place of the group's values in ascending order, counted from 0. */
  at(group: number, place: number): number
}

/** Values side by side for each group; those of a group are sorted when somebody asks for one. */
function sortByGroup(pieces: Iterable<Chunk>, size: number): SortedValues {
  const chunks = [...pieces]
  let groupCount = 0
  for (const { groups } of chunks) for (const group of groups) groupCount = Math.max(groupCount, group + 1)
  // Where each group begins: first the counts, one place on.
  const starts = new Uint32Array(groupCount + 1)
  for (const { groups } of chunks) for (const group of groups) starts[group + 1]!++
  for (let group = 0; group < groupCount; group++) starts[group + 1]! += starts[group]!
  const values = new Float64Array(size)
  const next = starts.slice()
  for (const chunk of chunks) {
    for (let i = 0; i < chunk.groups.length; i++) values[next[chunk.groups[i]!]!++] = chunk.values[i]!
  }
  const isSorted = new Uint8Array(groupCount)
  return {
    at(group, place) {
      const own = values.subarray(starts[group]!, starts[group + 1]!)
      if (isSorted[group] === 0) own.sort()
      isSorted[group] = 1
      return own[place]!
    },
  }
}
