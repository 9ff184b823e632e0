import { availableParallelism } from 'node:os'
import { Args } from '@oclif/core'
import { analyzeFlags, analyzeOptionsOf, formatOf } from '../cli/analyze-flags.ts'
import { BaseCommand } from '../cli/base-command.ts'
import { EXIT_ASSERTION_FAILED, EXIT_OK, usageError } from '../cli/exit-codes.ts'
import { compileEndsFlags, compileFilterFlag } from '../cli/filter-flags.ts'
import { interruptSignal } from '../cli/interrupt.ts'
import { openLabels } from '../cli/label-flags.ts'
import { fullBookSentence, openNameBook, otherNamesIn } from '../cli/name-flags.ts'
import { exitCodeOfProblems, explainProblems } from '../cli/problems.ts'
import { createProgress } from '../cli/progress.ts'
import { unitsOf } from '../cli/row-choice.ts'
import { withTcp } from '../cli/tcp-flags.ts'
import { isTerminal, terminalStyle, terminalWidth } from '../cli/terminal.ts'
import { withHostNames } from '../cli/with-host-names.ts'
import { writeRecords } from '../cli/write-records.ts'
import { flagsForFormat } from '../cli/zeek-flags.ts'
import type { ShapeFacts } from '../engine/shape-facts.ts'
import { createLogger } from '../loggers/create-logger.ts'
import { createEndpointNamer } from '../names/endpoint-names.ts'
import { EVICTED_TEXT } from '../names/protocols.ts'
import { findInputs, totalSize } from '../node/inputs.ts'
import { openOutput } from '../node/output.ts'
import { rangesOn } from '../node/range-pool.ts'
import { loadCaptureModule } from '../node/wasm-module.ts'
import { analyze, describeAnalysis } from '../pipeline/analyze.ts'
import type { InputProblem } from '../pipeline/input-problem.ts'
import { labelRows } from '../pipeline/label-rows.ts'

export default class Analyze extends BaseCommand {
  static override summary = 'Who talked to whom, how fast, in each window of a capture.'

  static override description =
    `Reads pcap and pcapng, plain or compressed with gzip, zstd or lz4, from files, folders, globs or stdin (-).
Several inputs are one capture, merged by time. Bytes are those on the wire, whatever the capture cut.

Exit codes: 0 ok, 1 runtime error, 2 usage, 3 a budget of --assert is broken, 5 not a readable capture, 6 damaged or cut capture (what was readable is shown).`

  static override examples = [
    { description: 'What is in it, and who talked most', command: '<%= config.bin %> <%= command.id %> capture.pcap' },
    { description: 'A block every 5 seconds', command: '<%= config.bin %> <%= command.id %> capture.pcap --window 5' },
    {
      description: 'A sliding window of 5 seconds, moved every second, as CSV',
      command: '<%= config.bin %> <%= command.id %> capture.pcapng.gz -w 5 --step 1 -o rates.csv',
    },
    {
      description: 'Bandwidth by service of a folder of rotated captures',
      command: '<%= config.bin %> <%= command.id %> /var/captures --by service --units auto',
    },
    {
      description: 'Is the link full? Percentiles of the rate, and the peak in any millisecond',
      command: '<%= config.bin %> <%= command.id %> capture.pcap --stats --burst 1ms --link 1G',
    },
    {
      description: 'In CI: exit code 3 when there was more than planned',
      command: "<%= config.bin %> <%= command.id %> capture.pcap --assert 'total.p95 < 20Mbit/s'",
    },
    {
      description: 'From another machine, into jq',
      command:
        'ssh router tcpdump -w - -c 1000 | <%= config.bin %> <%= command.id %> - --format jsonl | jq -r \'select(.type == "row") | .src\'',
    },
  ]

  // Any number of FILEs.
  static override strict = false

  static override args = {
    file: Args.string({ description: 'Captures: files, folders, globs, or - for stdin.' }),
  }

  static override flags = analyzeFlags

  override async run(): Promise<void> {
    const { argv, flags: asGiven, metadata } = await this.parse(Analyze)
    const given = withTcp(asGiven, metadata.flags.by?.setFromDefault !== true)
    const format = formatOf(given)
    const flags = flagsForFormat(given, format)
    const names = [...(flags.read ?? []), ...(argv as string[])]
    if (names.length === 0) throw usageError('no FILE: name captures, folders or globs, or - for stdin')
    const chosen = analyzeOptionsOf(flags)
    const labels = await openLabels(flags, {
      columns: chosen.grouping.columns,
      measured: chosen.extras ?? [],
      numeric: flags.numeric,
      isZeek: format === 'zeek',
    })
    const extras = [...(chosen.extras ?? []), ...labels.flatMap(({ columns }) => columns)]
    const book = openNameBook(flags)
    const [filter, ends] = await Promise.all([compileFilterFlag(flags.filter), compileEndsFlags(flags)])
    const options = { ...chosen, extras, filter, ends, names: createEndpointNamer({ book }), book }
    const analysis = describeAnalysis(options)
    const budgets =
      chosen.budgets.length === 0
        ? null
        : (await import('../cli/watch-budgets.ts')).watchBudgets(chosen.budgets, analysis, chosen)
    const units = unitsOf(flags)
    const jobs = flags.jobs ?? availableParallelism()
    const inputs = await findInputs(names, jobs > 1)
    const inputPaths = inputs.map(({ path }) => path)
    const signal = interruptSignal()
    const output = await openOutput(flags.output, inputPaths)
    const progress = createProgress(flags.quiet ? null : totalSize(inputs))
    const problems: InputProblem[] = []

    const module = loadCaptureModule()
    const records = analyze(
      module,
      inputs,
      {
        ...options,
        signal,
        onProgress: (_frames, bytes) => progress.update(bytes),
        maxFlows: flags['max-flows'],
        onUntracked: (flows) => this.complain(untrackedSentence(flows)),
        onEvicted: (flows) => this.complain(evictedSentence(flows, flags['max-flows'])),
        onWhole: budgets?.onWhole,
        onInexact: (shape) => this.complain(inexactSentence(shape)),
        startRanges: jobs > 1 ? rangesOn(jobs, module, { anyway: flags.jobs !== undefined }) : undefined,
      },
      problems,
    )
    const logger = createLogger(format, analysis, {
      units,
      header: flags.header,
      excelSafe: flags['excel-safe'],
      otherNames: otherNamesIn(book),
      forTerminal: isTerminal(flags.output),
      style: terminalStyle(flags.output),
      width: terminalWidth(flags.output),
      ...(options.stepNs != null && { stepNs: options.stepNs }),
    })
    const named = flags.resolve ? withHostNames(records, analysis) : records
    const shown = labels.length > 0 ? labelRows(named, labels) : named
    try {
      await writeRecords(shown, logger, output, {
        quiet: flags.quiet && (format === 'text' || format === 'md'),
        beforeFirst: () => progress.stop(),
      })
    } finally {
      progress.stop()
    }
    if (signal.aborted && inputs.some(({ repeatable }) => repeatable))
      this.complain('interrupted: this is what was read until then')
    for (const sentence of explainProblems(problems)) this.complain(sentence)
    const full = fullBookSentence(book)
    if (full !== null) this.complain(full)
    for (const line of budgets?.broken ?? []) this.complain(line)
    // What could not be read is the stronger word.
    process.exitCode = exitCodeOfProblems(problems) || (budgets?.broken.length ? EXIT_ASSERTION_FAILED : EXIT_OK)
  }
}

function inexactSentence({ exact, unknown }: ShapeFacts): string {
  const whose = unknown === 1 ? '1 row has' : `${unknown} rows have`
  const rows = unknown === 0 ? [] : [`${whose} no shape: flows of theirs were evicted, or there were too many values`]
  return [...(exact ? [] : ['too many rows and windows for exact percentiles: they are within 1%']), ...rows].join('; ')
}

function evictedSentence(flows: number, most: number): string {
  return (
    `more than ${most} flows: those with the fewest bytes were added up in one row, ${EVICTED_TEXT}, ${flows} in all; ` +
    '--max-flows allows more, --by host or --by protocol needs fewer'
  )
}

function untrackedSentence(flows: number): string {
  return `too many TCP conversations: of ${flows} flows, those seen last, nothing is said; --since and --until leave some out`
}
