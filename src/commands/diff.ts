import { availableParallelism } from 'node:os'
import { Args, Flags } from '@oclif/core'
import { analyzeFlags } from '../cli/analyze-flags.ts'
import { anonymizeFlags, openHiding } from '../cli/anonymize-flags.ts'
import { BaseCommand } from '../cli/base-command.ts'
import { diffChoiceOf, diffFormatOf } from '../cli/diff-choice.ts'
import { usageError } from '../cli/exit-codes.ts'
import { compileEndsFlags, compileFilterFlag, filterFlags } from '../cli/filter-flags.ts'
import { historiesIn } from '../cli/history-source.ts'
import { interruptSignal } from '../cli/interrupt.ts'
import { nameFlags, openNameBook } from '../cli/name-flags.ts'
import { exitCodeOfProblems, explainProblems } from '../cli/problems.ts'
import { createProgress } from '../cli/progress.ts'
import { unitsOf } from '../cli/row-choice.ts'
import { isTerminal, terminalStyle, terminalWidth } from '../cli/terminal.ts'
import { createDiffText, DIFF_FORMATS } from '../loggers/create-diff-text.ts'
import { createEndpointNamer } from '../names/endpoint-names.ts'
import { type FileInput, findInputs, totalSize } from '../node/inputs.ts'
import { openOutput } from '../node/output.ts'
import { rangesOn } from '../node/range-pool.ts'
import { loadCaptureModule } from '../node/wasm-module.ts'
import { type DiffSide, diffCaptures } from '../pipeline/diff.ts'
import type { InputProblem } from '../pipeline/input-problem.ts'

export default class Diff extends BaseCommand {
  static override summary = 'What changed between two captures: new, gone and changed hosts, services and pairs.'

  static override description =
    `Compares rates, because captures differ in length, and shows the largest change first; rates within 0.1% are the same. A and B
are each a file, a folder, a glob in quotes, or - for stdin. Both are read whole, one after the other; memory is that of two
analyses. Both may be histories of live --record, or days of them.

Exit codes: 0 ok, whatever changed, 1 runtime error, 2 usage, 5 not a readable capture, 6 damaged or cut capture (what was readable is shown).`

  static override examples = [
    {
      description: 'What changed since yesterday',
      command: '<%= config.bin %> <%= command.id %> yesterday.pcap today.pcap',
    },
    {
      description: 'A day of a history against the same day of the week before',
      command: '<%= config.bin %> <%= command.id %> /var/lib/netkit/2026-11-15 /var/lib/netkit/2026-11-22',
    },
    {
      description: 'Hosts that were not there before',
      command:
        '<%= config.bin %> <%= command.id %> before/ after/ --by host --format jsonl | jq -r \'select(.status == "new") | .host\'',
    },
  ]

  static override args = {
    a: Args.string({ required: true, description: 'The capture before: a file, a folder, a glob, or - for stdin.' }),
    b: Args.string({ required: true, description: 'The capture after.' }),
  }

  static override flags = {
    by: Flags.string({
      multiple: true,
      summary: `What is compared; several times for several tables. Default: host, service and pair. As in analyze: ${analyzeFlags.by.summary}`,
    }),
    bytes: analyzeFlags.bytes,
    inner: analyzeFlags.inner,
    ...filterFlags,
    since: analyzeFlags.since,
    until: analyzeFlags.until,
    jobs: analyzeFlags.jobs,
    'max-flows': analyzeFlags['max-flows'],
    salvage: analyzeFlags.salvage,
    top: Flags.string({
      helpValue: 'N|all',
      summary: 'Rows of a table, those of the largest change. Default: 10 in text and md, all elsewhere.',
    }),
    units: analyzeFlags.units,
    format: Flags.option({ char: 'T', options: DIFF_FORMATS })({
      summary: "Output format. Default: by the ending of -o's FILE, else text.",
    }),
    header: analyzeFlags.header,
    'excel-safe': analyzeFlags['excel-safe'],
    output: analyzeFlags.output,
    quiet: Flags.boolean({ char: 'q', summary: 'No progress bar.' }),
    ...nameFlags,
    ...anonymizeFlags,
  }

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(Diff)
    if (args.a === '-' && args.b === '-') throw usageError('A and B are both stdin: one of them has to be a file')
    const format = diffFormatOf(flags)
    const choice = diffChoiceOf(flags, format)
    const bytes = flags.bytes === 'frame' ? undefined : flags.bytes
    const { filter: words, inner, salvage, anonymize } = flags
    const histories = await historiesIn([args.a, args.b], 2, { filter: words, bytes, inner, salvage, anonymize })
    if (histories !== null) {
      const { writeHistoryDiff } = await import('../cli/diff-histories.ts')
      const complain = (sentence: string) => this.complain(sentence)
      process.exitCode = await writeHistoryDiff({ names: [args.a, args.b], histories, flags, format, choice, complain })
      return
    }
    const hiding = await openHiding(flags, (sentence) => this.complain(sentence))
    const filter = await compileFilterFlag(flags.filter)
    const ends = await compileEndsFlags(flags)
    const units = unitsOf(flags)
    const jobs = flags.jobs ?? availableParallelism()
    const inputs = [await findInputs([args.a], jobs > 1), await findInputs([args.b], jobs > 1)] as const
    const both = inputs.flat()
    const output = await openOutput(
      flags.output,
      both.map(({ path }) => path),
    )
    const signal = interruptSignal()
    const progress = createProgress(flags.quiet ? null : totalSize(both))
    const problems: InputProblem[] = []
    const module = loadCaptureModule()
    const sideOf = (side: readonly FileInput[], bytesBefore: number): DiffSide => {
      // Of its own: an address may have another name in the other capture.
      const book = openNameBook(flags)
      const real = createEndpointNamer({ book })
      const options: DiffSide['options'] = {
        names: hiding === null ? real : hiding.names(real),
        book,
        onProgress: (_frames, bytes) => progress.update(bytesBefore + bytes),
        onEvicted: (flows) => this.complain(`more flows than --max-flows: ${flows} were added up in one row`),
        startRanges: jobs > 1 ? rangesOn(jobs, module, { anyway: flags.jobs !== undefined }) : undefined,
      }
      return { inputs: side, problems, options }
    }
    const sides = [sideOf(inputs[0], 0), sideOf(inputs[1], totalSize(inputs[0]) ?? 0)] as const
    try {
      const compared = await diffCaptures(module, sides, {
        ...choice,
        filter,
        ends,
        maxFlows: flags['max-flows'],
        signal,
      })
      progress.stop()
      const report = compared === null || hiding === null ? compared : hiding.diff(compared)
      if (report === null || signal.aborted) await output.abandon()
      else {
        const options = {
          units,
          header: flags.header,
          excelSafe: flags['excel-safe'],
          forTerminal: isTerminal(flags.output),
          style: terminalStyle(flags.output),
          width: terminalWidth(flags.output),
        }
        for (const piece of createDiffText(format, report, options)) await output.write(piece)
        await output.finish()
      }
    } catch (error) {
      await output.abandon()
      throw error
    } finally {
      progress.stop()
    }
    if (signal.aborted) this.complain('interrupted: a part of a capture is not compared')
    for (const sentence of explainProblems(problems)) this.complain(sentence)
    process.exitCode = exitCodeOfProblems(problems)
  }
}
