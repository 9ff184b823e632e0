import { availableParallelism } from 'node:os'
import { basename } from 'node:path'
import { Args } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.ts'
import { usageError } from '../cli/exit-codes.ts'
import { compileFilterFlag } from '../cli/filter-flags.ts'
import { interruptSignal } from '../cli/interrupt.ts'
import { fullBookSentence, openNameBook } from '../cli/name-flags.ts'
import { parseFlag } from '../cli/parse-flag.ts'
import { parseTime } from '../cli/parse-time.ts'
import { exitCodeOfProblems, explainProblems } from '../cli/problems.ts'
import { createProgress } from '../cli/progress.ts'
import { frameFlagsOf, type ReportFlags, reportFlags, reportOptionsOf, shellWords } from '../cli/report-flags.ts'
import { openReportLabels } from '../cli/report-labels.ts'
import { unitsOf } from '../cli/row-choice.ts'
import { isTerminal } from '../cli/terminal.ts'
import { createEndpointNamer } from '../names/endpoint-names.ts'
import { holdInput } from '../node/held-input.ts'
import { findInputs, totalSize } from '../node/inputs.ts'
import { openOutput } from '../node/output.ts'
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

export default class Report extends BaseCommand {
  static override summary = 'What is in a capture, as one HTML file to look at and to pass on.'

  static override description =
    `The file opens in any browser, offline, and asks for nothing from anywhere: rate over time, who talked to whom, protocols and
services, in tables that follow the time you choose, with their data inside. Inputs are those of analyze; they are read twice.

Exit codes: 0 ok, 1 runtime error, 2 usage, 5 not a readable capture, 6 damaged or cut capture (what was readable is shown).`

  static override examples = [
    {
      description: 'A page for the ticket',
      command: '<%= config.bin %> <%= command.id %> capture.pcap -o report.html',
    },
    {
      description: 'With what is wrong with the capture, drawn by service',
      command: '<%= config.bin %> <%= command.id %> capture.pcap --check --by service -o report.html',
    },
  ]

  // Any number of FILEs.
  static override strict = false

  static override args = {
    file: Args.string({ description: 'Captures: files, folders, globs, or - for stdin.' }),
  }

  static override flags = reportFlags

  override async run(): Promise<void> {
    const { argv, flags } = await this.parse(Report)
    const names = [...(flags.read ?? []), ...(argv as string[])]
    if (names.length === 0) throw usageError('no FILE: name captures, folders or globs, or - for stdin')
    if (isTerminal(flags.output)) throw usageError('-o FILE: where the page is to be written')
    const options = reportOptionsOf(flags)
    const book = openNameBook(flags)
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
          names: createEndpointNamer({ book }),
          book,
          labelsOf,
          signal: stop,
          startRanges,
          onProgress,
        },
        problems,
      )
      const check =
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
        const source = { ...counted, check, units, ...this.#origin(names, flags) }
        const page = fillPage(loadReportPage(), {
          title: `${counted.capture.files.map((file) => basename(file)).join(', ')} - netkit report`,
          text: reportText(source),
          data: createReport(source),
        })
        for (const piece of page) await output.write(piece)
        await output.finish()
      }
    } catch (error) {
      await output.abandon()
      throw error
    } finally {
      progress.stop()
    }
    if (stop.aborted) this.complain('interrupted: no report was written')
    for (const sentence of explainProblems(problems)) this.complain(sentence)
    const full = fullBookSentence(book)
    if (full !== null) this.complain(full)
    process.exitCode = exitCodeOfProblems(problems)
  }

  #origin(names: readonly string[], flags: ReportFlags) {
    const args = process.argv.slice(process.argv.indexOf('report') + 1)
    return {
      netkitVersion: packageVersion(),
      command: shellWords(['netkit', 'report', ...args]),
      inputs: flags.count === undefined ? shellWords([...names, ...frameFlagsOf(flags)]) : null,
      sinceNs: parseFlag('since', flags.since, parseTime),
      untilNs: parseFlag('until', flags.until, parseTime),
    }
  }
}
