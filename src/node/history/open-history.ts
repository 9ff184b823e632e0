/** A path → the history that it names: its folder, or one of its days (`DIR/2026-11-22`). */
import { stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { STATE_FOLDER } from './history-folder.ts'
import type { HistoryRange } from './read-history.ts'

export interface HistoryPath {
  readonly folder: string
  /** Of a day; empty for all of it. */
  readonly range: HistoryRange
}

const NS_PER_DAY = 86_400_000_000_000n
const NS_PER_MS = 1_000_000n

/** Null: it is none. A day that has no folder (any more) is one all the same, without windows. */
export async function openHistory(path: string): Promise<HistoryPath | null> {
  if (await isHistory(path)) return { folder: path, range: {} }
  // The last part of `.` is its name.
  const whole = resolve(path)
  const midnight = /^\d{4}-\d{2}-\d{2}$/.test(basename(whole)) ? Date.parse(`${basename(whole)}T00:00:00Z`) : Number.NaN
  if (Number.isNaN(midnight) || !(await isHistory(dirname(whole)))) return null
  const sinceNs = BigInt(midnight) * NS_PER_MS
  return { folder: dirname(whole), range: { sinceNs, untilNs: sinceNs + NS_PER_DAY } }
}

/** What `live --record` writes or has written. */
async function isHistory(folder: string): Promise<boolean> {
  const facts = await stat(join(folder, STATE_FOLDER)).catch(() => null)
  return facts?.isDirectory() ?? false
}

/** The part of one range that is in the other too. */
export function narrowed(a: HistoryRange, b: HistoryRange): HistoryRange {
  const later = (x: bigint | undefined, y: bigint | undefined) =>
    x === undefined || (y !== undefined && y > x) ? y : x
  const earlier = (x: bigint | undefined, y: bigint | undefined) =>
    x === undefined || (y !== undefined && y < x) ? y : x
  return { sinceNs: later(a.sinceNs, b.sinceNs), untilNs: earlier(a.untilNs, b.untilNs) }
}
