/** How rates vary, and budgets: flags of `netkit analyze` and what they mean to the pipeline. */
import { Flags } from '@oclif/core'
import type { ExtraColumn, KeyColumn } from '../engine/records.ts'
import { type ShapeOptions, shapeColumns } from '../engine/shape-columns.ts'
import type { Budget } from '../pipeline/budgets.ts'
import { usageError } from './exit-codes.ts'
import { parseBitRate } from './parse-bit-rate.ts'
import { parseBudget } from './parse-budget.ts'
import { parseDuration } from './parse-duration.ts'
import { parseFlag } from './parse-flag.ts'

const SHAPE = 'SHAPE AND BUDGETS'

export const shapeFlags = {
  stats: Flags.boolean({
    helpGroup: SHAPE,
    summary:
      'One report, in which each row has min, mean, max, p50, p95 and p99 of its rate over windows of --window (1 s unless given). Windows without traffic count as zero, from the first to the last of the capture. Percentiles are by nearest rank: exact up to ten million values (rows in windows), within 1% beyond.',
  }),
  burst: Flags.string({
    helpValue: '1ms',
    helpGroup: SHAPE,
    summary:
      'One report, in which each row has the peak: its highest rate in any interval of this length, laid end to end from the first frame on.',
  }),
  link: Flags.string({
    helpValue: '1G',
    helpGroup: SHAPE,
    summary:
      'What the link can carry, in bit/s: --stats, and how much of it is used at the mean, p95 and peak, and for how much of the time more than --above, in bursts, or windows without --burst.',
  }),
  above: Flags.string({
    helpValue: '90%',
    helpGroup: SHAPE,
    summary: 'The part of the link above which time counts. Default: 90%.',
    dependsOn: ['link'],
  }),
  assert: Flags.string({
    multiple: true,
    helpValue: 'BUDGET',
    helpGroup: SHAPE,
    summary:
      "A budget such as 'total.p95 < 20Mbit/s': SUBJECT.METRIC OPERATOR VALUE. A broken one is a line on stderr, and exit code 3. Subjects: total, every (row), or rows by key, such as host(10.0.0.1). Metrics: rate, bytes, packets, min, mean, max, p50, p95, p99, peak (of --burst), above (of --link), or a column. Several are allowed.",
  }),
}

export interface ShapeFlags {
  readonly stats: boolean
  readonly burst?: string | undefined
  readonly link?: string | undefined
  readonly above?: string | undefined
  readonly assert?: string[] | undefined
}

export interface ShapeContext {
  readonly windowNs: bigint | null
  readonly stepNs: bigint | null
  readonly keys: readonly KeyColumn[]
  /** Columns of other flags, which budgets may be about. */
  readonly extras: readonly ExtraColumn[]
}

export interface ShapeChoice {
  /** Null where windows became those of the statistics. */
  readonly windowNs: bigint | null
  readonly shape: ShapeOptions | undefined
  readonly budgets: readonly Budget[]
  /** What the shape adds to rows: only without windows. */
  readonly extras: readonly ExtraColumn[]
}

const SECOND_NS = 1_000_000_000n
const DEFAULT_ABOVE = 0.9
/** For parsing: every column there could be. */
const ALL = shapeColumns({ windowNs: SECOND_NS, burstNs: SECOND_NS, link: { bitsPerSecond: 1, above: 1 } })

export function shapeChoiceOf(flags: ShapeFlags, context: ShapeContext): ShapeChoice {
  const { windowNs, stepNs, keys, extras } = context
  const burstNs = parseFlag('burst', flags.burst, parseDuration) ?? null
  const bitsPerSecond = parseFlag('link', flags.link, parseBitRate)
  const above = parseFlag('above', flags.above, parseLevel) ?? DEFAULT_ABOVE
  const link = bitsPerSecond === undefined ? null : { bitsPerSecond, above }
  const words = { keys, extras: [...ALL, ...extras] }
  const budgets = (flags.assert ?? []).map((text) => parseFlag('assert', text, (budget) => parseBudget(budget, words)))
  const asks = (...titles: string[]) => budgets.some(({ metric }) => titles.includes(titleOf(metric)))
  // How much of a link is used at the mean and at p95 is of windows.
  const stats = flags.stats || link !== null
  const hasStats = stats || asks('min', 'mean', 'max', 'p50', 'p95', 'p99')

  if (asks('peak') && burstNs === null) throw usageError('--assert: peak needs --burst, the length of what it is over')
  if (asks('above') && link === null) throw usageError('--assert: above needs --link, the rate that it is a part of')
  if (!hasStats && burstNs === null) {
    // Rows over the whole capture are not kept while windows are written.
    const needsWhole = budgets.length > 0 && windowNs !== null
    if (needsWhole && stepNs !== null) throw usageError('--assert: not with --step')
    const shape = needsWhole ? { windowNs, burstNs: null, link: null } : undefined
    return { windowNs, shape, budgets, extras: [] }
  }

  // Windows are shown as usual when it is only a budget that needs their statistics.
  const showsWindows = !stats && burstNs === null && windowNs !== null
  if (stepNs !== null)
    throw usageError(`--step: not with ${flags.stats ? '--stats' : link ? '--link' : burstNs ? '--burst' : '--assert'}`)
  if (!hasStats && windowNs !== null) {
    throw usageError(
      '--window: --burst gives one report of the whole capture; with --stats it is the length of its windows',
    )
  }
  const shape = { windowNs: hasStats ? (windowNs ?? SECOND_NS) : null, burstNs, link }
  if (shape.windowNs !== null && burstNs !== null && shape.windowNs % burstNs !== 0n) {
    throw usageError(
      `--burst: the window (1 s unless --window says otherwise) must be a whole multiple of ${flags.burst}`,
    )
  }
  return { windowNs: showsWindows ? windowNs : null, shape, budgets, extras: showsWindows ? [] : shapeColumns(shape) }
}

function titleOf(metric: string): string {
  return ALL.find(({ name }) => name === metric)?.title ?? metric
}

/** `90%` → 0.9. */
function parseLevel(text: string): number {
  const match = /^(\d{1,3}(?:\.\d{1,6})?)\s*%$/.exec(text)
  const level = Number(match?.[1]) / 100
  if (!(level > 0 && level <= 1)) throw new Error(`'${text}' is not a part of a link; write it like 90%`)
  return level
}
