/**
 * Seconds of flow counts → what pages are told of each: the largest rows of every table, and the sum of the others.
 *
 * A second costs what its flows cost, once for each table, however many look on. Which rows are large is decided by what they had lately
 * and not by this second alone: a row that was told stays until a hundred others have more, so that its sums on a page are exact.
 */
import { KEY_ALL } from '../abi/key-fields.ts'
import { type FlowCountRows, NUMBERS_PER_ROW } from '../capture/counter.ts'
import { parseBy } from '../engine/by.ts'
import { GroupSums } from '../engine/group-sums.ts'
import type { Grouping } from '../engine/grouping.ts'
import { Groups } from '../engine/groups.ts'
import type { Analysis } from '../engine/records.ts'
import { groupNoun } from '../loggers/key-text.ts'
import {
  HISTORY_SECONDS,
  type LiveCell,
  type LiveRow,
  type LiveRows,
  type LiveSecond,
  type LiveTable,
} from '../report/live-messages.ts'
import type { Second } from './live-counts.ts'
import { largest } from './live-view.ts'
import type { World } from './live-world.ts'
import { SeenLately } from './seen-lately.ts'

/** What every page has a table of, as a report does. */
const ALWAYS = ['host', 'conversation', 'protocol', 'service']
/** Directions between two hosts, of one second. */
const MOST_CELLS = 200
/** Of a row's bytes, per second: what was is half forgotten after some seven. */
const KEPT_HEAT = 0.9

export interface FeedTable extends LiveTable {
  readonly grouping: Grouping
}

/** What was asked for, and then those that always are, each once. */
export function feedTables(by: string, asked: Grouping, basis: Analysis['basis']): FeedTable[] {
  const tables: FeedTable[] = []
  for (const text of [by, ...ALWAYS]) {
    const grouping = tables.length === 0 ? asked : parseBy(text)
    const { columns, bidirectional } = grouping
    const isThere = tables.some(
      (table) => table.bidirectional === bidirectional && table.columns.join() === columns.join(),
    )
    if (isThere) continue
    const noun = groupNoun({ columns, bidirectional, basis, windowNs: null })
    tables.push({ by: text, noun, columns, bidirectional, grouping })
  }
  return tables
}

export class LiveFeed {
  readonly #tables: readonly Table[]
  readonly #hosts: Table | undefined
  readonly #top: number

  /** `top`: rows of each table and second. */
  constructor({ counts, names }: Pick<World, 'counts' | 'names'>, tables: readonly FeedTable[], top: number) {
    this.#top = top
    this.#tables = tables.map(({ grouping }) => new Table(new Groups(grouping, counts.table, KEY_ALL, names)))
    this.#hosts = this.#tables[tables.findIndex(({ by }) => by === 'host')]
  }

  /** Seconds have to come in their order. */
  tell({ number, rows, packets, bytes }: Second): LiveSecond {
    const tables = this.#tables.map((table) => table.tell(number, rows, this.#top))
    return { number, packets, bytes, tables, cells: this.#cells(rows) }
  }

  #cells(rows: FlowCountRows): LiveCell[] {
    const hosts = this.#hosts
    if (hosts === undefined) return []
    const cells = new Map<number, [number, number, number, number]>()
    const { sender, receiver } = hosts.groups
    for (let i = 0; i < rows.length; i += NUMBERS_PER_ROW) {
      const from = sender[rows[i]!]!
      const to = receiver[rows[i]!]!
      if (!hosts.told.has(from) || !hosts.told.has(to)) continue
      // Ids are below 2^26: flows are.
      const place = from * 2 ** 26 + to
      const cell = cells.get(place)
      if (cell === undefined) cells.set(place, [from, to, rows[i + 1]!, rows[i + 2]!])
      else {
        cell[2] += rows[i + 1]!
        cell[3] += rows[i + 2]!
      }
    }
    return [...cells.values()].sort((a, b) => b[3] - a[3]).slice(0, MOST_CELLS)
  }
}

class Table {
  readonly groups: Groups
  /** Groups that the last second named. */
  told: ReadonlySet<number> = new Set()
  readonly #sums: GroupSums
  /** By group: its bytes, the older the less, as of its last second. */
  #heat: Float64Array = new Float64Array(0)
  readonly #seen = new SeenLately(HISTORY_SECONDS)

  constructor(groups: Groups) {
    this.groups = groups
    this.#sums = new GroupSums(groups)
  }

  tell(second: number, flows: FlowCountRows, top: number): LiveRows {
    const sums = this.#sums
    sums.addRows(flows, 1)
    const present = sums.present()
    this.#warm(second, present)
    const chosen = largest(present, top, [this.#heat, sums.bytes])
    const { bidirectional } = this.groups.grouping
    const rows = Array.from(chosen, (group): LiveRow => {
      const row = [group, this.groups.key(group), sums.packets[group]!, sums.bytes[group]!] as const
      return bidirectional ? [...row, sums.sentPackets[group]!, sums.sentBytes[group]!] : row
    })
    const other = present.length === rows.length ? null : othersOf(present, sums, rows)
    this.told = new Set(chosen)
    // Whole numbers: nothing stays.
    sums.addRows(flows, -1)
    return { rows, other, groups: this.#seen.count }
  }

  #warm(second: number, present: Uint32Array): void {
    const { size } = this.groups
    if (size > this.#heat.length) {
      const grown = new Float64Array(Math.max(1024, size, this.#heat.length * 2))
      grown.set(this.#heat)
      this.#heat = grown
    }
    this.#seen.moveTo(second)
    for (const group of present) {
      const before = this.#seen.add(group)
      this.#heat[group] = this.#heat[group]! * KEPT_HEAT ** (second - before) + this.#sums.bytes[group]!
    }
  }
}

function othersOf(present: Uint32Array, sums: GroupSums, rows: readonly LiveRow[]): [number, number] {
  const other: [number, number] = [0, 0]
  for (const group of present) {
    other[0] += sums.packets[group]!
    other[1] += sums.bytes[group]!
  }
  for (const [, , packets, bytes] of rows) {
    other[0] -= packets
    other[1] -= bytes
  }
  return other
}
