import { setTimeout as pause } from 'node:timers/promises'
import { Args } from '@oclif/core'
import { startBackgroundNames } from '../cli/background-names.ts'
import { BaseCommand } from '../cli/base-command.ts'
import { EXIT_RUNTIME_ERROR, usageError } from '../cli/exit-codes.ts'
import { compileFilterFlag } from '../cli/filter-flags.ts'
import { interruptSignal } from '../cli/interrupt.ts'
import { liveFlags, liveFormatOf, liveViewOf, speedOf } from '../cli/live-flags.ts'
import { chooseSource, isOwnCapture } from '../cli/live-source.ts'
import { setLongTimer } from '../cli/long-timer.ts'
import { fullBookSentence, openNameBook, otherNamesIn } from '../cli/name-flags.ts'
import { parseDuration } from '../cli/parse-duration.ts'
import { parseFlag } from '../cli/parse-flag.ts'
import { exitCodeOfProblems, explainProblems } from '../cli/problems.ts'
import { unitsOf } from '../cli/row-choice.ts'
import { hasScreen, isTerminal, terminalStyle, terminalWidth } from '../cli/terminal.ts'
import { writeRecords } from '../cli/write-records.ts'
import { createLogger } from '../loggers/create-logger.ts'
import { createEndpointNamer } from '../names/endpoint-names.ts'
import { openGrowingOutput } from '../node/growing-file.ts'
import { loadCaptureModule } from '../node/wasm-module.ts'
import type { InputProblem } from '../pipeline/input-problem.ts'
import { watch } from '../pipeline/watch.ts'

export default class Live extends BaseCommand {
  static override summary = 'Who talks to whom on a running network, how fast, each second.'

  static override description =
    `Captures with dumpcap, tshark or tcpdump and prints a block, or rows, as soon as a window is over.
Ctrl-C stops the capture and prints the last window and the totals; a second one leaves at once. Drops are those that the
capture itself reports, which it does when it ends. Of the last 250 ms before a stop frames may be missing: capture tools throw away what they have not
handed on, and do not count it.

On a terminal it is a full screen (? for its keys, q to leave), also for a recording with -r. --plain, a pipe or -o give text.

Names of hosts are those that the traffic itself tells (DNS, TLS, QUIC, HTTP, DHCP), then those of the list of hosts; others
are asked for in the background, by reverse DNS, and show from the next window on. These lookups are left out of
what is captured; what a resolver on this machine then asks other servers is not netkit's and is counted.

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
      description: 'A recording, four times as fast',
      command: '<%= config.bin %> <%= command.id %> -r capture.pcapng --speed 4',
    },
    {
      description: 'Another machine',
      command: "<%= config.bin %> <%= command.id %> --ssh router -i eth1 -f 'not port 22'",
    },
  ]

  // Any number of interfaces.
  static override strict = false

  static override args = {
    interface: Args.string({
      description: 'Interfaces to capture on, by name or number (default: that of the default route), or - for stdin.',
    }),
  }

  static override flags = liveFlags

  override async run(): Promise<void> {
    const { argv, flags } = await this.parse(Live)
    const format = liveFormatOf(flags)
    const units = unitsOf(flags)
    const durationNs = parseFlag('duration', flags.duration, parseDuration)
    const signal = interruptSignal()

    const interfaces = argv as string[]
    // A capture of our own is started with it.
    const isOwn = flags.read === undefined && isOwnCapture(flags, interfaces)
    const view = { ...liveViewOf(flags), filter: isOwn ? undefined : await compileFilterFlag(flags.filter) }
    const onScreen =
      format === 'text' && flags.output === undefined && !flags.plain && hasScreen() && interfaces[0] !== '-'
    if (flags.read !== undefined) {
      if (!onScreen) throw usageError('--read: a recording is played on a terminal; netkit analyze reads it at once')
      const { showRecording } = await import('../tui/live-screen.ts')
      return this.#endWith(await showRecording(flags.read, speedOf(flags), view, units, signal, openNameBook(flags)))
    }
    const book = openNameBook(flags)
    const asks = !flags.numeric && (flags.resolve || isOwn)
    const lookups = asks ? await startBackgroundNames() : null
    const chosen = await chooseSource(flags, interfaces, signal, lookups?.ownFrames)
    const { live, title, localClock, lagMs, lookupsLeftOut } = chosen
    if (!flags.quiet && !onScreen) this.complain(`listening on ${title}`)
    signal.addEventListener('abort', () => live.stop(), { once: true })
    if (signal.aborted) live.stop()
    if (onScreen) {
      const { showCapture } = await import('../tui/live-screen.ts')
      const names = lookupsLeftOut || flags.resolve ? lookups : null
      const over = new AbortController()
      if (durationNs !== undefined) setLongTimer(Number(durationNs / 1_000_000n), () => over.abort())
      const ending = AbortSignal.any([signal, over.signal])
      try {
        return this.#endWith(await showCapture(chosen, view, units, ending, { book, lookups: names }))
      } finally {
        lookups?.close()
      }
    }
    if (durationNs !== undefined) setLongTimer(Number(durationNs / 1_000_000n), () => live.stop())

    const problems: InputProblem[] = []
    const watching = {
      ...view,
      book,
      names: createEndpointNamer({ book, hostNames: lookupsLeftOut || flags.resolve ? lookups?.hostNames : undefined }),
      lagMs,
      localClock,
      now: () => BigInt(Date.now()) * 1_000_000n,
      pause,
      onLimit: () => live.stop(),
      onBlocked: () => this.#warnOfBlockedOutput(flags.quiet),
      toolCounts: () => live.end,
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
      excelSafe: flags['excel-safe'],
      forTerminal: isTerminal(flags.output),
      otherNames: otherNamesIn(book),
      live: true,
      stepNs: view.stepNs,
      style: terminalStyle(flags.output),
      width: terminalWidth(flags.output),
    })
    try {
      const output = await openGrowingOutput(flags.output)
      await writeRecords(records, logger, output, { quiet: flags.quiet, promptly: true, beforeFirst() {} })
    } catch (error) {
      // Otherwise it would go on capturing for nobody.
      live.kill()
      throw error
    } finally {
      lookups?.close()
    }
    const full = fullBookSentence(book)
    if (full !== null) this.complain(full)
    this.#endWith({ problems, message: (await live.end).message })
  }

  #warnOfBlockedOutput(quiet: boolean): void {
    if (!quiet) this.complain('nobody reads the output: capturing waits for it, and frames may be lost until then')
  }

  #endWith({ problems, message }: { problems: readonly InputProblem[]; message: string | null }): void {
    for (const sentence of explainProblems(problems)) this.complain(sentence)
    if (message !== null) this.complain(message)
    process.exitCode = message === null ? exitCodeOfProblems(problems) : EXIT_RUNTIME_ERROR
  }
}
