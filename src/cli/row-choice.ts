/** What a row is, which rows there are and what they count: flags that `analyze` and `live` share. */
import type { Basis } from '../capture/parser.ts'
import { parseBy } from '../engine/by.ts'
import type { Grouping } from '../engine/grouping.ts'
import { findMeasure } from '../engine/measures.ts'
import type { Ranking } from '../engine/ranking.ts'
import type { ExtraColumn } from '../engine/records.ts'
import type { FileFormat } from '../loggers/open-logger.ts'
import { parseUnits, type Units } from '../loggers/units.ts'
import { parseLocalNetworks } from '../names/local-networks.ts'
import { usageError } from './exit-codes.ts'
import { parseCount, parseFlag } from './parse-flag.ts'

export interface RowFlags {
  readonly by: string
  readonly bytes: Basis
  readonly inner: boolean
  readonly count?: string | undefined
  readonly top?: string | undefined
  readonly sort: string
  /** Networks that are ours. */
  readonly local?: string | undefined
}

export interface RowChoice extends Ranking {
  readonly grouping: Grouping
  readonly basis: Basis
  readonly inner: boolean
  readonly limit: number | undefined
}

const DEFAULT_TEXT_ROWS = 10

/** `extras` are the columns beside key and counts, which rows may be sorted by too. */
export function rowChoiceOf(flags: RowFlags, format: FileFormat, extras: readonly ExtraColumn[] = []): RowChoice {
  const grouping = groupingOf(flags.by, flags.local)
  const sortable = ['bytes', 'packets', ...grouping.columns, ...extras.map(({ name }) => name)]
  if (!sortable.includes(flags.sort) && findMeasure(extras, flags.sort) < 0) {
    throw usageError(`--sort: '${flags.sort}' is none of ${sortable.join(', ')}`)
  }
  return {
    grouping,
    basis: flags.bytes,
    inner: flags.inner,
    limit: parseFlag('count', flags.count, (text) => parseCount(text, 1)),
    top: topOf(flags.top, format),
    sort: flags.sort,
  }
}

/** What `--by` says, where `--local` says which networks are ours. */
export function groupingOf(by: string, localNetworks: string | undefined): Grouping {
  const local = parseFlag('local', localNetworks, parseLocalNetworks)
  return parseFlag('by', by, (text) => parseBy(text, local))
}

export function unitsOf(flags: { readonly units: string }): Units {
  return parseFlag('units', flags.units, parseUnits)
}

/** Null: every row. */
export function topOf(text: string | undefined, format: FileFormat): number | null {
  if (text === 'all' || text === '0') return null
  const top = parseFlag('top', text, (value) => parseCount(value, 1))
  return top ?? (format === 'text' || format === 'md' ? DEFAULT_TEXT_ROWS : null)
}
