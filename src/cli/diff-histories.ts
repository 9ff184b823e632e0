/** `netkit diff DIR/2026-11-15 DIR/2026-11-22`: two days, or two histories. Loaded when that is asked for. */
import { createDiffText, type DiffFormat } from '../loggers/create-diff-text.ts'
import { type HistoryPath, narrowed } from '../node/history/open-history.ts'
import { readHistory } from '../node/history/read-history.ts'
import { openOutput } from '../node/output.ts'
import type { DiffOptions } from '../pipeline/diff.ts'
import { diffHistories } from '../pipeline/history-diff.ts'
import { EXIT_DAMAGED_CAPTURE, EXIT_NOT_A_CAPTURE, EXIT_OK, usageError } from './exit-codes.ts'
import { unitsOf } from './row-choice.ts'
import { isTerminal, terminalStyle, terminalWidth } from './terminal.ts'

export interface HistoryDiffRun {
  readonly names: readonly [a: string, b: string]
  readonly histories: readonly HistoryPath[]
  readonly flags: {
    readonly by?: readonly string[] | undefined
    readonly units: string
    readonly header: boolean
    readonly 'excel-safe': boolean
    readonly output?: string | undefined
  }
  readonly format: DiffFormat
  readonly choice: Pick<DiffOptions, 'sinceNs' | 'untilNs' | 'top'>
  readonly complain: (sentence: string) => void
}

/** Returns the exit code. */
export async function writeHistoryDiff(run: HistoryDiffRun): Promise<number> {
  const { names, histories, flags, format, choice, complain } = run
  const units = unitsOf(flags)
  let code = EXIT_OK
  const onProblem = (path: string, reason: string) => {
    complain(`${path} is left out: ${reason}`)
    code = EXIT_DAMAGED_CAPTURE
  }
  const sideOf = (i: 0 | 1) => {
    const { folder, range } = histories[i]!
    return { name: names[i], windows: readHistory(folder, { ...narrowed(range, choice), onProblem }) }
  }
  const by = flags.by?.map((word) => word.trim().toLowerCase()) ?? null
  const { report, empty } = await diffHistories([sideOf(0), sideOf(1)], { by, top: choice.top }).catch(
    (error: Error) => {
      throw usageError(error.message)
    },
  )
  for (const name of empty) complain(`${name} has no windows`)
  if (report === null) return EXIT_NOT_A_CAPTURE
  const output = await openOutput(flags.output, [])
  const options = {
    units,
    header: flags.header,
    excelSafe: flags['excel-safe'],
    forTerminal: isTerminal(flags.output),
    style: terminalStyle(flags.output),
    width: terminalWidth(flags.output),
  }
  try {
    for (const piece of createDiffText(format, report, options)) await output.write(piece)
    await output.finish()
  } catch (error) {
    await output.abandon()
    throw error
  }
  return code
}
