/** The flags of `netkit analyze` and what they mean to the pipeline. */
import { Flags, type Interfaces } from '@oclif/core'
import { TCP_COLUMNS } from '../engine/tcp-columns.ts'
import { FILE_FORMATS, type FileFormat, formatFromPath } from '../loggers/open-logger.ts'
import { UNIT_NAMES } from '../loggers/units.ts'
import type { AnalyzeOptions } from '../pipeline/analyze.ts'
import { type TimesOptions, timeColumns } from '../pipeline/time-measures.ts'
import { anonymizeFlags } from './anonymize-flags.ts'
import { clusterFlag } from './cluster-flags.ts'
import { usageError } from './exit-codes.ts'
import { filterFlags } from './filter-flags.ts'
import { groupingForLabels, labelFlags } from './label-flags.ts'
import { nameFlags } from './name-flags.ts'
import { parseDuration } from './parse-duration.ts'
import { parseFlag } from './parse-flag.ts'
import { parseTime } from './parse-time.ts'
import { groupingOf, rowChoiceOf } from './row-choice.ts'
import { type ShapeChoice, shapeChoiceOf, shapeFlags } from './shape-flags.ts'
import { tcpColumnsOf, tcpFlags } from './tcp-flags.ts'

const SOURCE = 'SOURCE'
const WINDOWS = 'WINDOWS'
const CHOICE = 'WHAT TO COUNT'
const OUTPUT = 'OUTPUT'

export const analyzeFlags = {
  read: Flags.string({
    char: 'r',
    multiple: true,
    helpValue: 'FILE',
    helpGroup: SOURCE,
    summary: 'The same as FILE without it, as tcpdump and tshark have it.',
  }),
  jobs: Flags.integer({
    char: 'j',
    min: 1,
    helpValue: 'N',
    helpGroup: SOURCE,
    summary:
      'Threads that read one file that is not compressed. Default: one for each processor, where that is faster. No result depends on it.',
  }),
  'max-flows': Flags.integer({
    min: 1000,
    default: 10_000_000,
    helpValue: 'N',
    helpGroup: SOURCE,
    summary:
      'Flows (pairs, 5-tuples, whatever --by needs) kept at once, about 100 bytes each. Beyond, the least are one row.',
  }),
  ...clusterFlag,
  salvage: Flags.boolean({
    helpGroup: SOURCE,
    summary:
      'Go on behind damage, at the next place where several records in a row fit. Without it reading stops there. A guess: it says what it passed over.',
  }),
  window: Flags.string({
    char: 'w',
    helpValue: '5|500ms|1m',
    helpGroup: WINDOWS,
    summary:
      'Length of a window: one block each, [start, end). Without it, or with 0: one summary of the whole capture.',
  }),
  step: Flags.string({
    helpValue: '1',
    helpGroup: WINDOWS,
    summary: 'Start a window every STEP: sliding windows. The window is a multiple of it.',
    dependsOn: ['window'],
  }),
  align: Flags.option({ options: ['start', 'clock'] as const })({
    default: 'start',
    helpGroup: WINDOWS,
    summary: 'Where windows begin: at the first frame, or at round times of the clock (UTC).',
  }),
  idle: Flags.boolean({
    helpGroup: WINDOWS,
    summary: 'Print each window without traffic, in place of one line for a run of them.',
  }),

  by: Flags.string({
    default: 'pair',
    helpGroup: CHOICE,
    summary:
      'What a row is: pair, flow, conversation, host, src, dst, protocol, service (or port), vlan, mac, interface, direction (up, down: see --local), a subnet such as src/24 or host/16/48 (IPv4/IPv6), or several with commas.',
  }),
  bytes: Flags.option({ options: ['frame', 'ip', 'payload'] as const })({
    default: 'frame',
    helpGroup: CHOICE,
    summary: 'Bytes that count: whole frames on the wire, IP packets, or what TCP, UDP and the like carry.',
  }),
  inner: Flags.boolean({
    helpGroup: CHOICE,
    summary:
      'Count by the innermost IP header of tunnels (IPIP, 6in4, GRE, VXLAN, Geneve, GTP-U, Teredo, MPLS, PPPoE).',
  }),
  since: Flags.string({
    helpValue: 'TIME',
    helpGroup: CHOICE,
    summary: 'Leave out frames before TIME (RFC 3339, UTC assumed; epoch seconds; yesterday; 2h ago).',
  }),
  until: Flags.string({ helpValue: 'TIME', helpGroup: CHOICE, summary: 'Leave out frames at TIME and later.' }),
  count: Flags.string({ char: 'c', helpValue: 'N', helpGroup: CHOICE, summary: 'Stop after N frames.' }),

  ...filterFlags,

  times: Flags.boolean({
    helpGroup: CHOICE,
    summary: 'When each row was first and last seen, and who of a conversation sent first. Not with --window.',
  }),

  ...tcpFlags,

  ...labelFlags,

  ...shapeFlags,

  top: Flags.string({
    helpValue: 'N|all',
    helpGroup: OUTPUT,
    summary: 'Rows a block; the rest is one "other" row. Default: 10 in text and md, all elsewhere.',
  }),
  sort: Flags.string({
    default: 'bytes',
    helpGroup: OUTPUT,
    summary:
      'Order of rows: bytes, packets, a key column such as src, or a further one such as p95 or retransmissions.',
  }),
  units: Flags.string({
    default: 'Kbps',
    helpGroup: OUTPUT,
    summary: `Unit of rates in text and md: ${UNIT_NAMES.join(', ')}.`,
  }),
  format: Flags.option({ char: 'T', options: [...FILE_FORMATS, 'html'] as const })({
    helpGroup: OUTPUT,
    summary:
      "Output format. Default: by the ending of -o's FILE, else text. zeek: a conn.log of the conversations; parquet: columns with types, for DuckDB and others; html: what netkit report makes.",
  }),
  header: Flags.boolean({
    default: true,
    allowNo: true,
    helpGroup: OUTPUT,
    summary: 'First line of csv and tsv: the column names.',
  }),
  'excel-safe': Flags.boolean({
    helpGroup: OUTPUT,
    summary:
      'csv and tsv for a spreadsheet: text that it would take for a formula (a name that begins with = + - @, a tab or a line break) begins with an apostrophe.',
  }),
  output: Flags.string({
    char: 'o',
    helpValue: 'FILE',
    helpGroup: OUTPUT,
    summary: 'Write to FILE (whole or not at all) in place of stdout.',
  }),
  quiet: Flags.boolean({
    char: 'q',
    helpGroup: OUTPUT,
    summary: 'Rows only: no progress bar, no facts about the capture in text and md.',
  }),
  resolve: Flags.boolean({
    helpGroup: OUTPUT,
    summary:
      'Ask DNS for the names of the addresses shown that the capture has none for. Without it no lookup leaves this machine.',
  }),
  ...nameFlags,
  ...anonymizeFlags,
}

export type AnalyzeFlags = Interfaces.InferredFlags<typeof analyzeFlags>

/** Of rows; a page is made elsewhere, see asksForPage. */
export function formatOf({ format, output }: Pick<AnalyzeFlags, 'format' | 'output'>): FileFormat {
  if (format !== undefined && format !== 'html') return format
  return output === undefined ? 'text' : (formatFromPath(output) ?? 'text')
}

/** By the format, or by the ending of the output. */
export function asksForPage({ format, output = '' }: Pick<AnalyzeFlags, 'format' | 'output'>): boolean {
  return format === 'html' || (format === undefined && /\.html?$/i.test(output))
}

/** With the budgets that the results are held against. */
export function analyzeOptionsOf(flags: AnalyzeFlags): Omit<AnalyzeOptions, 'names'> & Pick<ShapeChoice, 'budgets'> {
  const format = formatOf(flags)
  const windowNs = parseFlag('window', flags.window, parseWindow) ?? null
  const stepNs = parseFlag('step', flags.step, parseDuration) ?? null
  if (windowNs === null && stepNs !== null) throw usageError('--step: needs a window to slide')
  if (windowNs !== null && stepNs !== null && windowNs % stepNs !== 0n) {
    throw usageError(`--step: the window (${flags.window}) must be a whole multiple of the step (${flags.step})`)
  }
  if (flags.idle && format !== 'text' && format !== 'md') {
    throw usageError(`--idle: only in text and md; ${format} has a row for each pair and window that saw something`)
  }
  const sinceNs = parseFlag('since', flags.since, parseTime)
  const untilNs = parseFlag('until', flags.until, parseTime)
  if (sinceNs !== undefined && untilNs !== undefined && sinceNs >= untilNs) {
    throw usageError(`--until: ${flags.until} is not after --since ${flags.since}`)
  }
  const grouping = groupingForLabels(groupingOf(flags.by, flags.local), flags)
  const shape = shapeChoiceOf(flags, { windowNs, stepNs, keys: grouping.columns, extras: flags.tcp ? TCP_COLUMNS : [] })
  const times = timesOf(flags, format, shape.windowNs)
  const tcp = tcpColumnsOf(flags, format, shape.windowNs)
  const extras = [...shape.extras, ...(times === undefined ? [] : timeColumns(grouping, times)), ...tcp]
  return {
    ...rowChoiceOf(flags, format, extras),
    ...shape,
    extras,
    times,
    tcp,
    grouping,
    salvage: flags.salvage,
    stepNs,
    align: flags.align,
    idle: flags.idle,
    sinceNs,
    untilNs,
  }
}

function timesOf(flags: AnalyzeFlags, format: FileFormat, windowNs: bigint | null): TimesOptions | undefined {
  if (!flags.times) return undefined
  if (windowNs !== null) throw usageError('--times: only of the whole capture, not with --window')
  return { inNs: format === 'json' || format === 'jsonl' || format === 'zeek', ipBytes: format === 'zeek' }
}

/** `0` and `all`, as tshark and tcpstat have it: the whole capture is one span. */
function parseWindow(text: string): bigint | null {
  return text === '0' || text === 'all' ? null : parseDuration(text)
}
