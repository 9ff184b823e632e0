/** The flags of `netkit report` and what they mean to the pipeline. */
import { Flags, type Interfaces } from '@oclif/core'
import { parseBy } from '../engine/by.ts'
import { UNIT_NAMES } from '../loggers/units.ts'
import type { ReportOptions } from '../pipeline/report.ts'
import { analyzeFlags } from './analyze-flags.ts'
import { anonymizeFlags } from './anonymize-flags.ts'
import { usageError } from './exit-codes.ts'
import { labelFlags } from './label-flags.ts'
import { nameFlags } from './name-flags.ts'
import { parseCount, parseFlag } from './parse-flag.ts'
import { parseTime } from './parse-time.ts'

export { shellWords } from '../report/shell-words.ts'

const { read, jobs, 'max-flows': maxFlows, salvage, bytes, inner, filter, since, until, count } = analyzeFlags

export const reportFlags = {
  read,
  jobs,
  'max-flows': maxFlows,
  salvage,
  by: Flags.string({
    default: 'pair',
    helpGroup: 'WHAT TO COUNT',
    summary:
      'What a row of the first table is, and what the curve is stacked by: all that analyze takes. Tables of hosts, conversations, protocols and services come with it.',
  }),
  bytes,
  inner,
  filter,
  since,
  until,
  count,
  tcp: Flags.boolean({
    helpGroup: 'WHAT TO COUNT',
    summary: 'A table of TCP health too, as analyze --tcp has it: the conversations with most retransmissions.',
  }),
  check: Flags.boolean({
    helpGroup: 'WHAT TO COUNT',
    summary: 'Look for what is wrong with the capture too, as netkit check does: the inputs are read once more.',
  }),
  ...nameFlags,
  vendors: labelFlags.vendors,
  geoip: labelFlags.geoip,
  top: Flags.string({
    default: '50',
    helpValue: 'N',
    helpGroup: 'OUTPUT',
    summary: 'Rows of each table, at most 1000; the rest is one "other" row.',
  }),
  sort: Flags.option({ options: ['bytes', 'packets'] as const })({
    default: 'bytes',
    helpGroup: 'OUTPUT',
    summary: 'Which rows those are, and their order at first.',
  }),
  units: Flags.string({
    default: 'auto',
    helpGroup: 'OUTPUT',
    summary: `Unit of rates: ${UNIT_NAMES.join(', ')}.`,
  }),
  output: Flags.string({
    char: 'o',
    helpValue: 'FILE',
    helpGroup: 'OUTPUT',
    summary: 'Write to FILE (whole or not at all). Needed on a terminal, which is no place for a page.',
  }),
  quiet: Flags.boolean({ char: 'q', helpGroup: 'OUTPUT', summary: 'No progress bar, and no word when it is done.' }),
  ...anonymizeFlags,
}

export type ReportFlags = Interfaces.InferredFlags<typeof reportFlags>

/** More would be no page that anybody reads. */
const MOST_ROWS = 1000

export function reportOptionsOf(flags: ReportFlags): Omit<ReportOptions, 'names' | 'book' | 'labelsOf' | 'filter'> {
  parseFlag('by', flags.by, parseBy)
  const top = parseFlag('top', flags.top, (text) => parseCount(text, 1))
  if (top > MOST_ROWS) throw usageError(`--top: a report has at most ${MOST_ROWS} rows a table`)
  const sinceNs = parseFlag('since', flags.since, parseTime)
  const untilNs = parseFlag('until', flags.until, parseTime)
  if (sinceNs !== undefined && untilNs !== undefined && sinceNs >= untilNs) {
    throw usageError(`--until: ${flags.until} is not after --since ${flags.since}`)
  }
  return {
    by: flags.by,
    basis: flags.bytes,
    inner: flags.inner,
    sinceNs,
    untilNs,
    limit: parseFlag('count', flags.count, (text) => parseCount(text, 1)),
    salvage: flags.salvage,
    tcp: flags.tcp,
    sort: flags.sort,
    top,
    maxFlows: flags['max-flows'],
  }
}

/** The flags beside the time that say which frames and bytes count, and who is named how, for a command that is to say the same. */
export function frameFlagsOf(flags: ReportFlags): string[] {
  return [
    ...(flags.salvage ? ['--salvage'] : []),
    ...(flags.bytes === 'frame' ? [] : ['--bytes', flags.bytes]),
    ...(flags.inner ? ['--inner'] : []),
    ...(flags.filter === undefined ? [] : ['--filter', flags.filter]),
    ...(flags.hosts === undefined ? [] : ['--hosts', flags.hosts]),
    ...(flags['no-hosts'] ? ['--no-hosts'] : []),
    ...(flags.numeric ? ['--numeric'] : []),
  ]
}
