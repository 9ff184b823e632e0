import { setTimeout as pause } from 'node:timers/promises'
import { Args } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.ts'
import { EXIT_RUNTIME_ERROR } from '../cli/exit-codes.ts'
import { interruptSignal } from '../cli/interrupt.ts'
import { liveFlags, liveFormatOf, liveUnitsOf, liveViewOf } from '../cli/live-flags.ts'
import { chooseSource } from '../cli/live-source.ts'
import { parseDuration } from '../cli/parse-duration.ts'
import { parseFlag } from '../cli/parse-flag.ts'
import { exitCodeOfProblems, explainProblems } from '../cli/problems.ts'
import { terminalStyle, terminalWidth } from '../cli/terminal.ts'
import { writeRecords } from '../cli/write-records.ts'
import { createLogger } from '../loggers/create-logger.ts'
import { createEndpointNamer } from '../names/endpoint-names.ts'
import { openGrowingOutput } from '../node/output.ts'
import { loadCaptureModule } from '../node/wasm-module.ts'
import type { InputProblem } from '../pipeline/input-problem.ts'
import { watch } from '../pipeline/watch.ts'

export default class Live extends BaseCommand {
  static override summary = 'Who talks to whom on a running network, how fast, each second.'

  static override description =
    `Captures with dumpcap, tshark or tcpdump and prints a block, or rows, as soon as a window is over.
Ctrl-C stops the capture and prints the last window and the totals; a second one leaves at once. Drops are those that the
capture itself reports.

Exit codes: 0 ok, 1 runtime error, 2 usage, no such interface, bad filter, 4 no capture tool or no permission, 5 and 6 as in analyze.`

  static override examples = [
    {
      description: 'Every second, on the interface of the default route',
      command: '<%= config.bin %> <%= command.id %>',
    },
    {
      description: 'The last 5 seconds, refreshed every second',
      command: '<%= config.bin %> <%= command.id %> eth0 --detailed -w 5',
    },
    {
      description: 'Rows for a program, one minute long',
      command: '<%= config.bin %> <%= command.id %> eth0 --duration 1m --format jsonl',
    },
    {
      description: 'Another machine',
      command: "<%= config.bin %> <%= command.id %> --ssh router -i eth1 -f 'not port 22'",
    },
  ]

  // Any number of interfaces.
  static override strict = false

  static override args = {
    interface: Args.string({ description: 'Interfaces to capture on, or - for stdin.' }),
  }

  static override flags = liveFlags

  override async run(): Promise<void> {
    const { argv, flags } = await this.parse(Live)
    const view = liveViewOf(flags)
    const format = liveFormatOf(flags)
    const units = liveUnitsOf(flags)
    const durationNs = parseFlag('duration', flags.duration, parseDuration)
    const signal = interruptSignal()

    const { live, title, localClock, lagMs } = await chooseSource(flags, argv as string[], signal)
    if (!flags.quiet) process.stderr.write(`netkit: listening on ${title}\n`)
    signal.addEventListener('abort', () => live.stop(), { once: true })
    if (signal.aborted) live.stop()
    if (durationNs !== undefined) setTimeout(() => live.stop(), Number(durationNs / 1_000_000n)).unref()

    const problems: InputProblem[] = []
    const watching = {
      ...view,
      names: createEndpointNamer(),
      lagMs,
      localClock,
      now: () => BigInt(Date.now()) * 1_000_000n,
      pause,
      onLimit: () => live.stop(),
    }
    const records = watch(loadCaptureModule(), live.source, watching, problems)
    const analysis = {
      columns: view.grouping.columns,
      windowNs: view.windowNs,
      basis: flags.bytes,
      bidirectional: view.grouping.bidirectional,
    }
    const logger = createLogger(format, analysis, {
      units,
      header: flags.header,
      live: true,
      stepNs: view.stepNs,
      style: terminalStyle(flags.output),
      width: terminalWidth(flags.output),
    })
    const output = await openGrowingOutput(flags.output)
    await writeRecords(records, logger, output, { quiet: flags.quiet, promptly: true, beforeFirst() {} })

    const end = await live.end
    for (const sentence of explainProblems(problems)) this.complain(sentence)
    if (end.message !== null) this.complain(end.message)
    process.exitCode = end.message === null ? exitCodeOfProblems(problems) : EXIT_RUNTIME_ERROR
  }
}
