/**
 * Buckets ⇄ places on the time axis: seconds since the beginning of the first day, so that round places are round times, and a
 * double is exact enough. Axis places → clock times, as many digits as tell them apart.
 */
import { formatClock, formatDate } from '../loggers/time-text.ts'
import type { ReportTime } from '../report/report-data.ts'

const NS_PER_SECOND = 1_000_000_000n
const DAY_NS = 86_400n * NS_PER_SECOND
const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Distances of grid lines. */
export const TIME_STEPS: number[] = [
  ...[-6, -5, -4, -3, -2, -1].flatMap((power) => [1, 2, 5].map((times) => Number(`${times}e${power}`))),
  ...[1, 2, 5, 10, 15, 30],
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000, 10_000, 50_000].map((days) => days * DAY),
]

export class TimeAxis {
  readonly buckets: number
  readonly stepSeconds: number
  readonly #dayNs: bigint
  readonly #firstSeconds: number

  constructor({ origin_ns, step_ns, buckets }: ReportTime) {
    const origin = BigInt(origin_ns)
    const intoDay = ((origin % DAY_NS) + DAY_NS) % DAY_NS
    this.#dayNs = origin - intoDay
    this.#firstSeconds = Number(intoDay) / 1e9
    this.stepSeconds = Number(step_ns) / 1e9
    this.buckets = buckets
  }

  placeOf(bucket: number): number {
    return this.#firstSeconds + bucket * this.stepSeconds
  }

  /** Not a whole number, and maybe outside. */
  bucketAt(place: number): number {
    return (place - this.#firstSeconds) / this.stepSeconds
  }

  /** Labels of grid lines that are `step` seconds apart; the date where it is news. */
  labels(places: readonly number[], step: number): string[] {
    const decimals = step >= 1 ? 0 : Math.min(9, Math.ceil(-Math.log10(step) - 1e-9))
    let known = ''
    return places.map((place) => {
      const ns = this.#dayNs + BigInt(Math.round(place * 1e9))
      const date = formatDate(ns)
      const clock = formatClock(ns, decimals)
      const time = step >= MINUTE ? clock.slice(0, 5) : clock
      const isNews = date !== known
      known = date
      if (step >= DAY) return date
      return isNews ? `${time}\n${date}` : time
    })
  }
}
