/** What `g`, `w` and `b` go through. */
import { parseBy } from '../engine/by.ts'
import type { Grouping } from '../engine/grouping.ts'
import type { Units } from '../loggers/units.ts'

export interface NamedGrouping {
  /** As `--by` takes it. */
  readonly name: string
  readonly grouping: Grouping
}

export const GROUPINGS: readonly NamedGrouping[] = [
  ['pair', 'pair'],
  ['flow', 'flow'],
  ['conversation', 'conversation'],
  ['host', 'host'],
  ['service', 'service'],
  ['protocol', 'protocol'],
  ['vlan', 'vlan'],
  ['subnet', 'host/24'],
].map(([name, by]) => ({ name: name!, grouping: parseBy(by!) }))

export const WINDOW_SECONDS: readonly number[] = [1, 2, 5, 10, 30, 60]

export const SCREEN_UNITS: readonly Units[] = ['Kbps', 'auto', 'bytes', 'iec']

/** The one after `current`; the first one when it is none of them. */
export function next<T>(all: readonly T[], current: T, step = 1): T {
  const at = all.indexOf(current)
  return at === -1 ? all[0]! : all[(at + step + all.length) % all.length]!
}
