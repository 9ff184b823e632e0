/** Counts that come bucket by bucket, in the order of time → a curve, ready to be added up, and what a report holds of it. */
import type { SeriesData } from './report-data.ts'
import type { Curve } from './select-time.ts'
import type { Series } from './series.ts'

export class SeriesBuilder {
  #packets = 0
  #bytes = 0
  #length = 0
  readonly #series: Series

  /** Of so many buckets with a packet at most. */
  constructor(most: number) {
    this.#series = { at: new Uint32Array(most), packets: new Float64Array(most), bytes: new Float64Array(most) }
  }

  /** To the last bucket, or to one behind it. */
  add(bucket: number, packets: number, bytes: number): void {
    const { at, packets: packetsAt, bytes: bytesAt } = this.#series
    this.#packets += packets
    this.#bytes += bytes
    if (this.#length === 0 || at[this.#length - 1] !== bucket) at[this.#length++] = bucket
    packetsAt[this.#length - 1]! += packets
    bytesAt[this.#length - 1]! += bytes
  }

  get curve(): Curve {
    const { at, packets, bytes } = this.#series
    const end = this.#length
    const series =
      end === at.length
        ? this.#series
        : { at: at.subarray(0, end), packets: packets.subarray(0, end), bytes: bytes.subarray(0, end) }
    return { packets: this.#packets, bytes: this.#bytes, series }
  }
}

export function encodeCurve({ at, packets, bytes }: Series, buckets: number): SeriesData {
  const counts = { packets: [...packets], bytes: [...bytes] }
  return at.length === buckets ? counts : { gaps: [...at.map((bucket, i) => bucket - (at[i - 1] ?? 0))], ...counts }
}
