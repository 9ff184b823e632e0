/** The flags of `netkit report` → the page: what the command does, and `netkit analyze --format html`. */
import { availableParallelism } from 'node:os'
import { basename } from 'node:path'
import { printable } from '../loggers/printable.ts'
import { formatBytes } from '../loggers/units.ts'
import { createEndpointNamer } from '../names/endpoint-names.ts'
import { holdInput } from '../node/held-input.ts'
import { findInputs, totalSize } from '../node/inputs.ts'
import { isStdout, openOutput } from '../node/output.ts'
import { packageVersion } from '../node/package-version.ts'
import { rangesOn } from '../node/range-pool.ts'
import { loadReportPage } from '../node/report-page.ts'
import { loadCaptureModule } from '../node/wasm-module.ts'
import { checkCapture } from '../pipeline/check-capture.ts'
import type { InputProblem } from '../pipeline/input-problem.ts'
import { countForReport } from '../pipeline/report.ts'
import { createReport } from '../report/create-report.ts'
import { fillPage } from '../report/fill-page.ts'
import { reportText } from '../report/report-text.ts'
import { openHiding } from './anonymize-flags.ts'
import { usageError } from './exit-codes.ts'
import { compileFilterFlag } from './filter-flags.ts'
import { historiesIn } from './history-source.ts'
import { interruptSignal } from './interrupt.ts'
import { fullBookSentence, openNameBook } from './name-flags.ts'
import { parseFlag } from './parse-flag.ts'
import { parseTime } from './parse-time.ts'
import { exitCodeOfProblems, explainProblems } from './problems.ts'
import { createProgress } from './progress.ts'
import { frameFlagsOf, type ReportFlags, reportOptionsOf, shellWords } from './report-flags.ts'
import { openReportLabels } from './report-labels.ts'
import { unitsOf } from './row-choice.ts'
import { isTerminal } from './terminal.ts'

export interface ReportRun {
  /** The command line behind `netkit`. */
  readonly args: readonly string[]
  /** FILEs, folders and globs; at least one. */
  readonly names: readonly string[]
  readonly flags: ReportFlags
  readonly complain: (sentence: string) => void
}

/** Returns the exit code. */
export async function writeReport({ args, names, flags, complain }: ReportRun): Promise<number> {
  if (isTerminal(flags.output)) throw usageError('-o FILE: where the page is to be written')
  const options = reportOptionsOf(flags)
  const histories = await historiesIn(names, 1, packetFlagsOf(flags, args))
  if (histories !== null) {
    const { writeHistoryReport } = await import('./report-history.ts')
    return writeHistoryReport({ history: histories[0]!, name: names[0]!, args, flags, complain })
  }
  const hiding = await openHiding(flags, complain)
  const book = openNameBook(flags)
  const real = createEndpointNamer({ book })
  const labelsOf = await openReportLabels(flags)
  const filter = await compileFilterFlag(flags.filter)
  const units = unitsOf(flags)
  const jobs = flags.jobs ?? availableParallelism()
  const found = await findInputs(names, jobs > 1)
  const signal = interruptSignal()
  const output = await openOutput(
    flags.output,
    found.map(({ path }) => path),
  )
  const inputs = await Promise.all(found.map((input) => holdInput(input, signal)))
  // A pipe is ended by Ctrl-C as a matter of course; the second leaves at once.
  const stop = signal.aborted ? new AbortController().signal : signal
  const size = totalSize(inputs)
  const progress = createProgress(flags.quiet || size === null ? null : size * (flags.check ? 3 : 2))
  const problems: InputProblem[] = []
  const module = loadCaptureModule()
  const startRanges = jobs > 1 ? rangesOn(jobs, module) : undefined
  const onProgress = (bytes: number) => progress.update(bytes)
  try {
    const counted = await countForReport(
      module,
      inputs,
      {
        ...options,
        filter,
        names: hiding === null ? real : hiding.names(real),
        book,
        labelsOf,
        signal: stop,
        startRanges,
        onProgress,
      },
      problems,
    )
    const found =
      counted !== null && flags.check
        ? await checkCapture(
            module,
            inputs,
            {
              signal: stop,
              filter,
              salvage: flags.salvage,
              onProgress: (_, bytes) => onProgress(2 * (size ?? 0) + bytes),
            },
            [],
          )
        : null
    progress.stop()
    if (counted === null || stop.aborted) await output.abandon()
    else {
      const check = found === null || hiding === null ? found : hiding.check(found)
      const capture = hiding === null ? counted.capture : hiding.capture(counted.capture)
      const origin = hiding === null ? originOf(args, names, flags) : anonymousOrigin(flags)
      const source = { ...counted, capture, check, units, ...origin }
      const page = fillPage(loadReportPage(), {
        title: printable(`${capture.files.map((file) => basename(file)).join(', ')} - netkit report`),
        text: reportText(source),
        data: createReport(source),
      })
      let bytes = 0
      for (const piece of page) {
        bytes += Buffer.byteLength(piece)
        await output.write(piece)
      }
      await output.finish()
      // For whoever waits at a terminal; a script knows what it asked for.
      if (process.stderr.isTTY && !flags.quiet && !isStdout(flags.output)) {
        complain(`wrote ${flags.output} (${formatBytes(bytes)})`)
      }
    }
  } catch (error) {
    await output.abandon()
    throw error
  } finally {
    progress.stop()
  }
  if (stop.aborted) complain('interrupted: no report was written')
  for (const sentence of explainProblems(problems)) complain(sentence)
  const full = fullBookSentence(book)
  if (full !== null) complain(full)
  return exitCodeOfProblems(problems)
}

/** What a history has no answer to: its rows are those that were recorded. */
function packetFlagsOf(flags: ReportFlags, args: readonly string[]) {
  const { filter, inner, count, salvage, tcp, check, vendors, geoip, anonymize } = flags
  const bytes = flags.bytes === 'frame' ? undefined : flags.bytes
  const by = args.find((arg) => /^--by(=|$)/.test(arg))
  return { by, bytes, filter, inner, count, salvage, tcp, check, vendors, geoip, anonymize }
}

/** Without what was asked for: file names, filters and the path of the key say who asked. */
function anonymousOrigin(flags: ReportFlags) {
  return { ...originOf(['report', '--anonymize', 'KEYFILE'], [], flags), inputs: null }
}

function originOf(args: readonly string[], names: readonly string[], flags: ReportFlags) {
  return {
    netkitVersion: packageVersion(),
    command: shellWords(['netkit', ...args]),
    inputs: flags.count === undefined ? shellWords([...names, ...frameFlagsOf(flags)]) : null,
    sinceNs: parseFlag('since', flags.since, parseTime),
    untilNs: parseFlag('until', flags.until, parseTime),
  }
}
