import { availableParallelism } from 'node:os'
import { Args } from '@oclif/core'
import { analyzeFlags, analyzeOptionsOf, asksForPage, formatOf } from '../cli/analyze-flags.ts'
import { openHiding } from '../cli/anonymize-flags.ts'
import { BaseCommand } from '../cli/base-command.ts'
import { refuseTerminal } from '../cli/binary-output.ts'
import { clusterUrlOf } from '../cli/cluster-flags.ts'
import { EXIT_ASSERTION_FAILED, EXIT_OK, usageError } from '../cli/exit-codes.ts'
import { compileEndsFlags, compileFilterFlag } from '../cli/filter-flags.ts'
import { interruptSignal } from '../cli/interrupt.ts'
import { openLabels } from '../cli/label-flags.ts'
import { fullBookSentence, openNameBook, otherNamesIn } from '../cli/name-flags.ts'
import { exitCodeOfProblems, explainProblems } from '../cli/problems.ts'
import { createProgress, type Progress } from '../cli/progress.ts'
import { unitsOf } from '../cli/row-choice.ts'
import { withTcp } from '../cli/tcp-flags.ts'
import { isTerminal, terminalStyle, terminalWidth } from '../cli/terminal.ts'
import { withHostNames } from '../cli/with-host-names.ts'
import { writeRecords } from '../cli/write-records.ts'
import { flagsForFormat } from '../cli/zeek-flags.ts'
import type { ShapeFacts } from '../engine/shape-facts.ts'
import { openLogger } from '../loggers/open-logger.ts'
import { createEndpointNamer } from '../names/endpoint-names.ts'
import { EVICTED_TEXT } from '../names/protocols.ts'
import { type FileInput, findInputs, totalSize } from '../node/inputs.ts'
import { openOutput } from '../node/output.ts'
import { packageVersion } from '../node/package-version.ts'
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
    const isDefault = (name: string) => metadata.flags[name]?.setFromDefault === true
    const names = [...(asGiven.read ?? []), ...(argv as string[])]
    if (names.length === 0) throw usageError('no FILE: name captures, folders or globs, or - for stdin')
    const clusterUrl = clusterUrlOf(asGiven)
    if (asksForPage(asGiven)) {
      if (clusterUrl !== undefined) throw usageError('--cluster: not with a page, which is read twice')
      const { reportOf } = await import('../cli/analyze-report.ts')
      const args = process.argv.slice(process.argv.indexOf('analyze'))
      process.exitCode = await reportOf({ flags: asGiven, isDefault }, args, names, (line) => this.complain(line))
      return
    }
    const given = withTcp(asGiven, !isDefault('by'))
    const format = formatOf(given)
    if (format === 'parquet') refuseTerminal(format, given.output)
    const flags = flagsForFormat(given, format)
    const chosen = analyzeOptionsOf(flags)
    const labels = await openLabels(flags, {
      columns: chosen.grouping.columns,
      measured: chosen.extras ?? [],
      numeric: flags.numeric,
      isZeek: format === 'zeek',
    })
    const extras = [...(chosen.extras ?? []), ...labels.flatMap(({ columns }) => columns)]
    const hiding = await openHiding(flags, (sentence) => this.complain(sentence))
    const book = openNameBook(flags)
    const real = createEndpointNamer({ book })
    const shownNames = hiding === null ? real : hiding.names(real)
    const [filter, ends] = await Promise.all([compileFilterFlag(flags.filter), compileEndsFlags(flags)])
    const options = { ...chosen, extras, filter, ends, names: shownNames, book }
    const analysis = describeAnalysis(options)
    const budgets =
      chosen.budgets.length === 0
        ? null
        : (await import('../cli/watch-budgets.ts')).watchBudgets(chosen.budgets, analysis, chosen)
    const units = unitsOf(flags)
    const jobs = flags.jobs ?? availableParallelism()
    const signal = interruptSignal()
    const cluster =
      clusterUrl === undefined
        ? null
        : await (await import('../cli/cluster-run.ts')).startClusterRun({
            url: clusterUrl,
            names,
            chosen,
            maxFlows: flags['max-flows'],
            quiet: flags.quiet,
            signal,
            complain: (sentence) => this.complain(sentence),
          })
    const problems: InputProblem[] = []
    let inputs: readonly FileInput[]
    let progress: Progress | null = null
    // A fleet is left, whatever fails from here on.
    try {
      inputs = cluster?.inputs ?? (await findInputs(names, jobs > 1))
      const inputPaths = inputs.map(({ path }) => path)
      const output = await openOutput(flags.output, inputPaths)
      progress = createProgress(flags.quiet || cluster !== null ? null : totalSize(inputs))
      const module = loadCaptureModule()
      const counted = analyze(
        module,
        inputs,
        {
          ...options,
          signal,
          onProgress: (_frames, bytes) => progress?.update(bytes),
          maxFlows: flags['max-flows'],
          onUntracked: (flows) => this.complain(untrackedSentence(flows)),
          onEvicted: (flows) => this.complain(evictedSentence(flows, flags['max-flows'])),
          onWhole: budgets?.onWhole,
          onInexact: (shape) => this.complain(inexactSentence(shape)),
          startRanges: jobs > 1 ? rangesOn(jobs, module, { anyway: flags.jobs !== undefined }) : undefined,
          ...cluster?.counting,
        },
        problems,
      )
      const records = cluster === null ? counted : cluster.checked(counted)
      const logger = await openLogger(format, analysis, {
        units,
        ...(format === 'parquet' && { version: packageVersion() }),
        header: flags.header,
        excelSafe: flags['excel-safe'],
        otherNames: hiding === null ? otherNamesIn(book) : undefined,
        forTerminal: isTerminal(flags.output),
        style: terminalStyle(flags.output),
        width: terminalWidth(flags.output),
        ...(options.stepNs != null && { stepNs: options.stepNs }),
      })
      const told = hiding === null ? records : hiding.records(records)
      const named = flags.resolve ? withHostNames(told, analysis) : told
      const shown = labels.length > 0 ? labelRows(named, labels) : named
      await writeRecords(shown, logger, output, {
        quiet: flags.quiet && (format === 'text' || format === 'md'),
        beforeFirst: () => progress?.stop(),
      })
    } finally {
      progress?.stop()
      await cluster?.close()
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
