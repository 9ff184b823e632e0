import { Args, Flags } from '@oclif/core'
import { worstSeverity } from '../check/finding.ts'
import { analyzeFlags } from '../cli/analyze-flags.ts'
import { anonymizeFlags, openHiding } from '../cli/anonymize-flags.ts'
import { BaseCommand } from '../cli/base-command.ts'
import { EXIT_ASSERTION_FAILED, EXIT_OK, usageError } from '../cli/exit-codes.ts'
import { compileFilterFlag } from '../cli/filter-flags.ts'
import { interruptSignal } from '../cli/interrupt.ts'
import { exitCodeOfProblems, explainProblems } from '../cli/problems.ts'
import { createProgress } from '../cli/progress.ts'
import { terminalStyle } from '../cli/terminal.ts'
import { checkJson } from '../loggers/check-json.ts'
import { checkText } from '../loggers/check-text.ts'
import { findInputs, totalSize } from '../node/inputs.ts'
import { openOutput } from '../node/output.ts'
import { loadCaptureModule } from '../node/wasm-module.ts'
import { checkCapture } from '../pipeline/check-capture.ts'
import type { InputProblem } from '../pipeline/input-problem.ts'

export default class Check extends BaseCommand {
  static override summary = 'How good is this capture, and what does each fault of it do to the numbers?'

  static override description =
    `Looks for drops, lost segments, one-way conversations, missing handshakes, duplicates of a mirror port, frames joined by the
network card, cut frames and headers, malformed and unknown ones, clocks that were set, and damage. Each finding says how many
of how many, what it does to packets, bytes and rates, and where it was met first. Several inputs are one capture, as in analyze.

A note leaves the numbers as they are, a warning says that they are off or may be, an error that a part of the capture is in
none of them.

Exit codes: 0 nothing but notes, 1 runtime error, 2 usage, 3 warnings, 5 not a readable capture, 6 damaged or cut capture.`

  static override examples = [
    { description: 'Can its numbers be trusted', command: '<%= config.bin %> <%= command.id %> capture.pcapng' },
    {
      description: 'In a script: stop when they cannot',
      command: '<%= config.bin %> <%= command.id %> -q capture.pcapng || exit',
    },
    {
      description: 'What was found, by name',
      command: "<%= config.bin %> <%= command.id %> capture.pcap -T json | jq -r '.findings[].kind'",
    },
  ]

  // Any number of FILEs.
  static override strict = false

  static override args = {
    file: Args.string({ description: 'Captures: files, folders, globs, or - for stdin.' }),
  }

  static override flags = {
    read: Flags.string({
      char: 'r',
      multiple: true,
      helpValue: 'FILE',
      summary: 'The same as FILE without it, as tcpdump and tshark have it.',
    }),
    salvage: analyzeFlags.salvage,
    filter: analyzeFlags.filter,
    format: Flags.option({ char: 'T', options: ['text', 'json'] as const })({
      summary: "Output format. Default: by the ending of -o's FILE, else text.",
    }),
    output: Flags.string({
      char: 'o',
      helpValue: 'FILE',
      summary: 'Write to FILE (whole or not at all) in place of stdout.',
    }),
    quiet: Flags.boolean({ char: 'q', summary: 'Findings only: no progress bar, no facts about the capture in text.' }),
    ...anonymizeFlags,
  }

  override async run(): Promise<void> {
    const { argv, flags } = await this.parse(Check)
    const names = [...(flags.read ?? []), ...(argv as string[])]
    if (names.length === 0) throw usageError('no FILE: name captures, folders or globs, or - for stdin')
    const format = flags.format ?? (flags.output?.endsWith('.json') ? 'json' : 'text')
    const hiding = await openHiding(flags, (sentence) => this.complain(sentence))
    const filter = await compileFilterFlag(flags.filter)
    const signal = interruptSignal()
    const inputs = await findInputs(names)
    const paths = inputs.map(({ path }) => path)
    const output = await openOutput(flags.output, paths)
    const progress = createProgress(flags.quiet ? null : totalSize(inputs))
    const problems: InputProblem[] = []
    const options = {
      signal,
      salvage: flags.salvage,
      filter,
      onProgress: (_frames: number, bytes: number) => progress.update(bytes),
    }
    try {
      const found = await checkCapture(loadCaptureModule(), inputs, options, problems)
      const report = found === null || hiding === null ? found : hiding.check(found)
      progress.stop()
      if (report === null) await output.abandon()
      else {
        const style = terminalStyle(flags.output)
        await output.write(format === 'json' ? checkJson(report) : checkText(report, { style, quiet: flags.quiet }))
        await output.finish()
        const worst = worstSeverity(report.findings)
        process.exitCode = worst === null || worst === 'info' ? EXIT_OK : EXIT_ASSERTION_FAILED
      }
    } catch (error) {
      await output.abandon()
      throw error
    } finally {
      progress.stop()
    }
    for (const sentence of explainProblems(problems)) this.complain(sentence)
    // What could not be read is the stronger word.
    process.exitCode = exitCodeOfProblems(problems) || process.exitCode
  }
}
