/** The flags of `netkit diff` and what they mean to the pipeline. */
import type { Basis } from '../capture/parser.ts'
import { DIFF_FORMATS, type DiffFormat } from '../loggers/create-diff-text.ts'
import { formatFromPath } from '../loggers/open-logger.ts'
import type { DiffOptions } from '../pipeline/diff.ts'
import { usageError } from './exit-codes.ts'
import { parseFlag } from './parse-flag.ts'
import { parseTime } from './parse-time.ts'
import { groupingOf, topOf } from './row-choice.ts'

export interface DiffFlags {
  readonly by?: string[] | undefined
  readonly local?: string | undefined
  readonly bytes: Basis
  readonly inner: boolean
  readonly since?: string | undefined
  readonly until?: string | undefined
  readonly salvage: boolean
  readonly top?: string | undefined
  readonly format?: DiffFormat | undefined
  readonly output?: string | undefined
}

const DEFAULT_SECTIONS = ['host', 'service', 'pair']

export function diffFormatOf({ format, output }: DiffFlags): DiffFormat {
  const named = output === undefined ? null : formatFromPath(output)
  return format ?? DIFF_FORMATS.find((known) => known === named) ?? 'text'
}

export function diffChoiceOf(flags: DiffFlags, format: DiffFormat): DiffOptions {
  const sinceNs = parseFlag('since', flags.since, parseTime)
  const untilNs = parseFlag('until', flags.until, parseTime)
  if (sinceNs !== undefined && untilNs !== undefined && sinceNs >= untilNs) {
    throw usageError(`--until: ${flags.until} is not after --since ${flags.since}`)
  }
  return {
    groupings: (flags.by ?? DEFAULT_SECTIONS).map((by) => ({ by, grouping: groupingOf(by, flags.local) })),
    basis: flags.bytes,
    inner: flags.inner,
    salvage: flags.salvage,
    sinceNs,
    untilNs,
    top: topOf(flags.top, format),
  }
}
