import { Args } from '@oclif/core'
import { openHiding } from '../cli/anonymize-flags.ts'
import { BaseCommand } from '../cli/base-command.ts'
import { refuseTerminal } from '../cli/binary-output.ts'
import { EXIT_RUNTIME_ERROR, usageError } from '../cli/exit-codes.ts'
import { compileFilterFlag } from '../cli/filter-flags.ts'
import { interruptSignal } from '../cli/interrupt.ts'
import { chooseSource, isOwnCapture } from '../cli/live-source.ts'
import { stopLive } from '../cli/live-stop.ts'
import { type LogFlags, type LogPlan, logFlags, logPlanOf } from '../cli/log-flags.ts'
import {
  countsOf,
  type Logged,
  type LogOutput,
  openLogOutput,
  openWholeLog,
  summaryOf,
  writeLog,
} from '../cli/log-output.ts'
import { chooseTarget } from '../cli/log-target.ts'
import { parseDuration } from '../cli/parse-duration.ts'
import { parseFlag } from '../cli/parse-flag.ts'
import { exitCodeOfProblems, explainProblems } from '../cli/problems.ts'
import { createProgress } from '../cli/progress.ts'
import { startStatusLine } from '../cli/status-line.ts'
import { findInputs, totalSize } from '../node/inputs.ts'
import { isStdout } from '../node/output.ts'
import { loadCaptureModule } from '../node/wasm-module.ts'
import type { InputProblem } from '../pipeline/input-problem.ts'
import type { Input } from '../pipeline/inputs.ts'
import { type LogOptions, logFrames } from '../pipeline/log-frames.ts'

const NS_PER_MS = 1_000_000n

export default class Log extends BaseCommand {
  static override summary = 'Every frame as a line: number, time, source, destination, protocol, length.'

  static override description =
    `Captures on interfaces until ENTER, Ctrl-C, SIGTERM, --duration or -c ends it, or reads files, folders, globs and stdin (-).
An argument that exists as a file is a file, any other is an interface; without one, on a terminal, it asks which.
What is written is written at once: tail -f works, a full disk or a kill loses nothing of it.

Frame numbers are those of tshark: from 1 in the order of the capture, also of several files merged by time. (tshark counts
pcapng blocks that hold no frame, such as custom blocks, as well.) -f takes effect before frames are numbered, as in tshark.

With --rotate the newest file is FILE; a finished one gets a number, the oldest the lowest: log.00001.txt, log.00002.txt.
Nothing is overwritten then: numbers go on where an earlier run ended, and keep counts its files too. A time is counted
from the first frame, in the time of the frames. Each file has its own header.

Exit codes: 0 ok, 1 runtime error, 2 usage, no such interface, bad filter, 4 no capture tool or no permission, 5 not a readable
capture, 6 damaged or cut capture (what was readable is logged).`

  static override examples = [
    {
      description: 'Choose an interface, stop with ENTER',
      command: '<%= config.bin %> <%= command.id %> -o capture_log.txt',
    },
    {
      description: 'A day of DNS, an hour a file',
      command: "<%= config.bin %> <%= command.id %> eth0 -f 'udp port 53' -o dns.csv --rotate time=1h,keep=24",
    },
    { description: 'The frames of a capture', command: '<%= config.bin %> <%= command.id %> capture.pcapng.gz' },
    {
      description: 'The frames themselves, in files of 100 MB',
      command: '<%= config.bin %> <%= command.id %> eth0 -o ring.pcapng --rotate size=100MB,keep=10',
    },
  ]

  // Any number of interfaces, or of files.
  static override strict = false

  static override args = {
    source: Args.string({
      description: 'Interfaces to capture on, by name or number; or captures: files, folders, globs, - for stdin.',
    }),
  }

  static override flags = logFlags

  override async run(): Promise<void> {
    const { argv, flags } = await this.parse(Log)
    const asked = logPlanOf(flags)
    const hiding = await openHiding(flags, (sentence) => this.complain(sentence))
    const plan: LogPlan = { ...asked, anonymizer: hiding?.anonymizer }
    if (plan.format === 'pcapng' || plan.format === 'parquet') refuseTerminal(plan.format, flags.output)
    const target = await chooseTarget(argv as string[], flags)
    if (target.kind === 'live') return this.#logLive(target.names, flags, plan)

    if (plan.snaplen !== undefined && plan.format !== 'pcapng') {
      throw usageError('--snaplen: only for a running capture or with --format pcapng')
    }
    const filter = await compileFilterFlag(flags.filter)
    const inputs = await findInputs(target.names)
    const paths = inputs.map(({ path }) => path)
    const output = await outputOf(flags, plan, paths)
    const progress = createProgress(flags.quiet || isStdout(flags.output) ? null : totalSize(inputs))
    const onProgress = (_frames: number, bytes: number) => progress.update(bytes)
    const options = { ...plan, filter, signal: interruptSignal(), onProgress }
    const logged = nothingLogged()
    await this.#log(inputs, options, output, logged, flags, async () => progress.stop())
  }

  async #logLive(names: readonly string[], flags: LogFlags, plan: LogPlan): Promise<void> {
    const durationNs = parseFlag('duration', flags.duration, parseDuration)
    const signal = interruptSignal()
    const output = await outputOf(flags, plan, flags.follow === undefined ? [] : [flags.follow])
    const filter = isOwnCapture(flags, names) ? undefined : await compileFilterFlag(flags.filter)
    const { live, title, lagMs } = await chooseSource(flags, names, signal)
    const durationMs = durationNs === undefined ? undefined : Number(durationNs / NS_PER_MS)
    const stop = stopLive(live, { signal, durationMs, lagMs })
    if (!flags.quiet) this.complain(`capturing on ${title}; ${stop.byEnter ? 'ENTER or ' : ''}Ctrl-C stops`)
    const input = { name: title, repeatable: false, size: null, open: async () => live.source }
    const options = { ...plan, filter, signal, endsItself: true, atOnce: true }
    const logged = nothingLogged()
    const isShown = !flags.quiet && !isStdout(flags.output)
    const status = isShown ? startStatusLine(() => countsOf(logged, output.place() ?? '')) : null
    await this.#log([input], options, output, logged, flags, async () => {
      status?.stop()
      stop.release()
      // A log that cannot be written leaves it running, perhaps unopened.
      await live.source.close()
      const end = await live.end
      logged.dropped = end.dropped ?? logged.dropped
      if (end.message === null) return
      this.complain(end.message)
      process.exitCode = EXIT_RUNTIME_ERROR
    })
  }

  /** `afterLast`: all is read, or something failed. */
  async #log(
    inputs: readonly Input[],
    options: LogOptions,
    output: LogOutput,
    logged: Logged,
    { quiet }: LogFlags,
    afterLast: () => Promise<void>,
  ): Promise<void> {
    const problems: InputProblem[] = []
    try {
      await writeLog(logFrames(loadCaptureModule(), inputs, options, problems), output, logged)
    } finally {
      await afterLast()
      const place = output.place()
      if (!quiet && place !== null) this.complain(summaryOf(logged, place, options.endsItself ?? false))
    }
    for (const sentence of explainProblems(problems)) this.complain(sentence)
    process.exitCode ||= exitCodeOfProblems(problems)
  }
}

function nothingLogged(): Logged {
  return { frames: 0, bytes: 0, dropped: null }
}

function outputOf({ output }: LogFlags, { rotation, format }: LogPlan, inputs: readonly string[]): Promise<LogOutput> {
  if (format === 'parquet') return openWholeLog(output, inputs)
  return openLogOutput(output, { inputs, rotate: rotation !== undefined, keep: rotation?.keep })
}
