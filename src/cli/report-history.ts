/** `netkit report DIR` of a history → the page. Loaded when that is asked for. */
import { printable } from '../loggers/printable.ts'
import type { HistoryPath } from '../node/history/open-history.ts'
import { narrowed } from '../node/history/open-history.ts'
import { readHistory } from '../node/history/read-history.ts'
import { openOutput } from '../node/output.ts'
import { packageVersion } from '../node/package-version.ts'
import { loadReportPage } from '../node/report-page.ts'
import { reportHistory } from '../pipeline/history-report.ts'
import { createReport } from '../report/create-report.ts'
import { fillPage } from '../report/fill-page.ts'
import { reportText } from '../report/report-text.ts'
import { shellWords } from '../report/shell-words.ts'
import { EXIT_DAMAGED_CAPTURE, EXIT_NOT_A_CAPTURE, EXIT_OK } from './exit-codes.ts'
import { type ReportFlags, reportOptionsOf } from './report-flags.ts'
import { unitsOf } from './row-choice.ts'

export interface HistoryReportRun {
  readonly history: HistoryPath
  /** As it was named. */
  readonly name: string
  readonly args: readonly string[]
  readonly flags: ReportFlags
  readonly complain: (sentence: string) => void
}

/** Returns the exit code. */
export async function writeHistoryReport(run: HistoryReportRun): Promise<number> {
  const { history, name, args, flags, complain } = run
  const { sinceNs, untilNs, top, sort } = reportOptionsOf(flags)
  const range = narrowed(history.range, { sinceNs, untilNs })
  const units = unitsOf(flags)
  const unreadable = new Map<string, string>()
  const read = () =>
    readHistory(history.folder, { ...range, onProblem: (path, reason) => unreadable.set(path, reason) })
  const output = await openOutput(flags.output, [])
  try {
    const counted = await reportHistory(read, { sort: sort === 'packets' ? 'packets' : 'bytes', top, name })
    for (const [path, reason] of unreadable) complain(`${path} is left out: ${reason}`)
    if (counted === null) {
      await output.abandon()
      complain(`${name} has no windows${sinceNs === undefined && untilNs === undefined ? '' : ' in that time'}`)
      return EXIT_NOT_A_CAPTURE
    }
    if (counted.otherWindows > 0) {
      complain(`${counted.otherWindows} windows were recorded with another --by or --bytes, and are left out`)
    }
    const source = {
      ...counted,
      check: null,
      units,
      netkitVersion: packageVersion(),
      command: shellWords(['netkit', ...args]),
      inputs: null,
      sinceNs: range.sinceNs,
      untilNs: range.untilNs,
    }
    const page = fillPage(loadReportPage(), {
      title: printable(`${name} - netkit report`),
      text: reportText(source),
      data: createReport(source),
    })
    for (const piece of page) await output.write(piece)
    await output.finish()
  } catch (error) {
    await output.abandon()
    throw error
  }
  return unreadable.size > 0 ? EXIT_DAMAGED_CAPTURE : EXIT_OK
}
