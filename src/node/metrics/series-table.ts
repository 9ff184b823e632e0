/**
 * Rows of windows → which of them have a series of their own, and what each series and the rest together have counted. A scraper keeps
 * every series that it ever saw, so there are few, and they change seldom.
 *
 * A row that is listed counts for itself; all other traffic counts as `other`, also what a row sent before it was listed. A row that
 * leaves the list gives what nobody was told of to `other`, and goes on from what was told should it come back: no number ever falls,
 * and none is lost.
 */
import type { Counts } from '../../engine/records.ts'

export interface SeriesRow extends Counts {
  /** Values of the labels. */
  readonly labels: readonly string[]
}

interface Entry {
  readonly labels: readonly string[]
  /** Counted while it was listed. */
  packets: number
  bytes: number
  /** What of it was told. */
  told: Counts
  /** Bytes, the older the less, as of `atSeconds`. */
  heat: number
  atSeconds: number
  listed: boolean
}

/** Seconds after which a byte counts half as much for the choice of rows. */
const HALF_LIFE = 300
/** A row takes the place of another when it has so many times as much: two that are alike do not take turns. */
const CLEARLY_MORE = 2
/** Rows whose heat and counts are remembered, some 300 bytes each, whether listed or not. */
const MOST_ENTRIES = 10_000
const LABEL_END = '\0'
const NOTHING: Counts = { packets: 0, bytes: 0 }

export class SeriesTable {
  readonly other: { packets: number; bytes: number } = { packets: 0, bytes: 0 }
  readonly #most: number
  readonly #entries = new Map<string, Entry>()
  readonly #listed = new Set<Entry>()
  #atSeconds = Number.NEGATIVE_INFINITY

  /** `most`: series beside that of the others. */
  constructor(most: number) {
    this.#most = most
  }

  /** Tells what is listed. */
  tell(): SeriesRow[] {
    return Array.from(this.#listed, (entry) => {
      const { labels, packets, bytes } = entry
      entry.told = { packets, bytes }
      return { labels, packets, bytes }
    })
  }

  get size(): number {
    return this.#listed.size
  }

  /** Counts a window that ended then: its rows, and what was in none of them. */
  add(atSeconds: number, rows: readonly SeriesRow[], rest: Counts): void {
    this.#atSeconds = Math.max(this.#atSeconds, atSeconds)
    for (const row of rows) {
      const entry = this.#entryOf(row.labels)
      this.#warm(entry)
      entry.heat += row.bytes
      if (!entry.listed) this.#tryToList(entry)
      const counted = entry.listed ? entry : this.other
      counted.packets += row.packets
      counted.bytes += row.bytes
    }
    this.other.packets += rest.packets
    this.other.bytes += rest.bytes
    if (this.#entries.size > MOST_ENTRIES) this.#forgetColdest()
  }

  #entryOf(labels: readonly string[]): Entry {
    const key = labels.join(LABEL_END)
    let entry = this.#entries.get(key)
    if (entry === undefined) {
      entry = { labels, ...NOTHING, told: NOTHING, heat: 0, atSeconds: this.#atSeconds, listed: false }
      this.#entries.set(key, entry)
    }
    return entry
  }

  #warm(entry: Entry): void {
    entry.heat *= 0.5 ** ((this.#atSeconds - entry.atSeconds) / HALF_LIFE)
    entry.atSeconds = this.#atSeconds
  }

  #tryToList(entry: Entry): void {
    if (this.#listed.size >= this.#most) {
      const coldest = this.#coldest()
      if (coldest === null || entry.heat <= CLEARLY_MORE * coldest.heat) return
      this.#drop(coldest)
    }
    entry.listed = true
    this.#listed.add(entry)
  }

  #drop(entry: Entry): void {
    const { packets, bytes } = entry.told
    this.other.packets += entry.packets - packets
    this.other.bytes += entry.bytes - bytes
    entry.packets = packets
    entry.bytes = bytes
    entry.listed = false
    this.#listed.delete(entry)
  }

  #coldest(): Entry | null {
    let coldest: Entry | null = null
    for (const entry of this.#listed) {
      this.#warm(entry)
      if (coldest === null || entry.heat < coldest.heat) coldest = entry
    }
    return coldest
  }

  /** Half of those that are not listed: what they had counted is forgotten too. */
  #forgetColdest(): void {
    const unlisted = [...this.#entries].filter(([, { listed }]) => !listed)
    for (const [, entry] of unlisted) this.#warm(entry)
    unlisted.sort(([, a], [, b]) => a.heat - b.heat)
    for (const [key] of unlisted.slice(0, unlisted.length / 2)) this.#entries.delete(key)
  }
}
