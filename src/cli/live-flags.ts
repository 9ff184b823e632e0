/** The flags of `netkit live` and what they mean to the pipeline. */
import { Flags, type Interfaces } from '@oclif/core'
import { type FileFormat, formatFromPath } from '../loggers/open-logger.ts'
import type { WatchOptions } from '../pipeline/watch.ts'
import { analyzeFlags } from './analyze-flags.ts'
import { anonymizeFlags } from './anonymize-flags.ts'
import { usageError } from './exit-codes.ts'
import { metricsFlags } from './metrics-flags.ts'
import { nameFlags } from './name-flags.ts'
import { parseDuration } from './parse-duration.ts'
import { parseFlag } from './parse-flag.ts'
import { recordFlags } from './record-flags.ts'
import { rowChoiceOf } from './row-choice.ts'
import { sourceFlags } from './source-flags.ts'
import { livePageFlags } from './web-flags.ts'

const SOURCE = 'SOURCE'
const WINDOWS = 'WINDOWS'
const NAMES = 'NAMES'
const OUTPUT = 'OUTPUT'

export const liveFlags = {
  ...sourceFlags,
  read: Flags.string({
    char: 'r',
    helpValue: 'FILE',
    helpGroup: SOURCE,
    summary:
      'Play a capture file on the full screen, or with --web, by the time of its packets (analyze reads one at once).',
  }),
  speed: Flags.string({
    helpValue: '4',
    helpGroup: SOURCE,
    summary: 'With -r: so many seconds a second.',
    dependsOn: ['read'],
  }),

  window: Flags.string({
    char: 'w',
    helpValue: '5|500ms|1m',
    helpGroup: WINDOWS,
    summary: 'Length of a window. Default: 1 second; with --detailed 5.',
  }),
  detailed: Flags.boolean({ helpGroup: WINDOWS, summary: 'A sliding window, refreshed every second.' }),

  ...nameFlags,
  resolve: Flags.boolean({
    helpGroup: NAMES,
    summary:
      'Ask DNS also with -, --cmd and --follow. If what they read is captured on this machine, the lookups are in it.',
  }),

  ...recordFlags,

  by: analyzeFlags.by,
  local: analyzeFlags.local,
  bytes: analyzeFlags.bytes,
  inner: analyzeFlags.inner,
  top: analyzeFlags.top,
  sort: analyzeFlags.sort,
  units: analyzeFlags.units,
  format: Flags.option({ char: 'T', options: ['text', 'csv', 'tsv', 'jsonl', 'parquet'] as const })({
    helpGroup: OUTPUT,
    summary:
      "Output format: a block, or rows, as soon as a window is over; parquet is written whole, at the end. Default: by the ending of -o's FILE, else text.",
  }),
  header: analyzeFlags.header,
  'excel-safe': analyzeFlags['excel-safe'],
  output: Flags.string({
    char: 'o',
    helpValue: 'FILE',
    helpGroup: OUTPUT,
    summary: 'Write to FILE as it comes, in place of stdout.',
  }),
  plain: Flags.boolean({
    helpGroup: OUTPUT,
    summary: 'Blocks of text on a terminal too, in place of the full screen.',
  }),
  quiet: Flags.boolean({
    char: 'q',
    helpGroup: OUTPUT,
    summary: 'Rows only: no word on the interface, no totals at the end.',
  }),
  ...metricsFlags,
  ...anonymizeFlags,

  ...livePageFlags,
}

export type LiveFlags = Interfaces.InferredFlags<typeof liveFlags>

const SECOND_NS = 1_000_000_000n
const DETAILED_WINDOW_NS = 5n * SECOND_NS
/** A tenth of the rows of windows of a second, and still fine enough for a curve of an hour. */
const RECORDED_WINDOW_NS = 10n * SECOND_NS

export function liveFormatOf(flags: LiveFlags): FileFormat {
  const named = flags.format ?? (flags.output === undefined ? 'text' : (formatFromPath(flags.output) ?? 'text'))
  if (named === 'json' || named === 'md')
    throw usageError(`--format: a running capture has no ${named}; use jsonl or text`)
  return named
}

export type LiveView = Pick<
  WatchOptions,
  'grouping' | 'windowNs' | 'stepNs' | 'basis' | 'inner' | 'filter' | 'limit' | 'top' | 'sort'
>

export function liveViewOf(flags: LiveFlags): LiveView {
  const isRecorded = flags.record !== undefined
  const defaultNs = flags.detailed ? DETAILED_WINDOW_NS : isRecorded ? RECORDED_WINDOW_NS : SECOND_NS
  const windowNs = parseFlag('window', flags.window, parseDuration) ?? defaultNs
  const stepNs = flags.detailed && windowNs > SECOND_NS ? SECOND_NS : windowNs
  if (windowNs % stepNs !== 0n) throw usageError('--window: with --detailed, a whole number of seconds')
  return { ...rowChoiceOf(flags, isRecorded ? 'parquet' : liveFormatOf(flags)), windowNs, stepNs }
}

/** Seconds of a recording that pass in one. */
export function speedOf(flags: LiveFlags): number {
  return (
    parseFlag('speed', flags.speed, (text) => {
      const speed = Number(text)
      if (!/^\d+(\.\d+)?$/.test(text) || speed <= 0) throw new Error(`'${text}' is not a number above 0`)
      return speed
    }) ?? 1
  )
}
