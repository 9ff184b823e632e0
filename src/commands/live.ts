import { setTimeout as pause } from 'node:timers/promises'
import { Args } from '@oclif/core'
import { openHiding } from '../cli/anonymize-flags.ts'
import { startBackgroundNames } from '../cli/background-names.ts'
import { BaseCommand } from '../cli/base-command.ts'
import { refuseTerminal } from '../cli/binary-output.ts'
import { EXIT_RUNTIME_ERROR, usageError } from '../cli/exit-codes.ts'
import { compileFilterFlag } from '../cli/filter-flags.ts'
import { interruptSignal } from '../cli/interrupt.ts'
import { type LiveFlags, liveFlags, liveFormatOf, liveViewOf, speedOf } from '../cli/live-flags.ts'
import { chooseSource, isOwnCapture } from '../cli/live-source.ts'
import { setLongTimer } from '../cli/long-timer.ts'
import { openMetrics } from '../cli/metrics-flags.ts'
import { fullBookSentence, openNameBook, otherNamesIn } from '../cli/name-flags.ts'
import { parseDuration } from '../cli/parse-duration.ts'
import { parseFlag } from '../cli/parse-flag.ts'
import { exitCodeOfProblems, explainProblems } from '../cli/problems.ts'
import { unitsOf } from '../cli/row-choice.ts'
import { hasScreen, isTerminal, terminalStyle, terminalWidth } from '../cli/terminal.ts'
import { writeRecords } from '../cli/write-records.ts'
import type { Analysis } from '../engine/records.ts'
import { openLogger } from '../loggers/open-logger.ts'
import { createEndpointNamer } from '../names/endpoint-names.ts'
import type { LiveSource } from '../node/capture-child.ts'
import { openGrowingOutput } from '../node/growing-file.ts'
import type { Recorder } from '../node/history/recorder.ts'
import { openOutput } from '../node/output.ts'
import { packageVersion } from '../node/package-version.ts'
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
With --web it is a page in the browser, with the rows of the last 10 minutes, and a line of totals on stdout in the end. Its address, on
stderr, holds a random token; only this machine can reach it. A recording begins when the page is opened and is served until Ctrl-C.

With --record DIR windows are kept as Parquet by hour, of a running capture or at once of a file with -r, and nothing is printed but a status
line. A kill at any moment costs the open window at most. netkit report, diff and sql read DIR; it has one writer (a second ends with 1).

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
      description: 'A history of a month, at most 10 GB',
      command: '<%= config.bin %> <%= command.id %> eth0 --record /var/lib/netkit --keep 30d --max-size 10GB',
    },
    {
      description: 'In the browser',
      command: '<%= config.bin %> <%= command.id %> eth0 --web',
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
    const { argv, flags, metadata } = await this.parse(Live)
    const format = liveFormatOf(flags)
    if (format === 'parquet') refuseTerminal(format, flags.output)
    const hiding = await openHiding(flags, (sentence) => this.complain(sentence))
    const units = unitsOf(flags)
    const durationNs = parseFlag('duration', flags.duration, parseDuration)
    const signal = interruptSignal()

    const interfaces = argv as string[]
    // A capture of our own is started with it.
    const isOwn = flags.read === undefined && isOwnCapture(flags, interfaces)
    const view = { ...liveViewOf(flags), filter: isOwn ? undefined : await compileFilterFlag(flags.filter) }
    const onScreen =
      !flags.web &&
      flags.record === undefined &&
      format === 'text' &&
      flags.output === undefined &&
      !flags.plain &&
      hasScreen() &&
      interfaces[0] !== '-'
    const args = hiding === null ? this.argv : ['--anonymize', 'KEYFILE']
    const say = (sentence: string) => this.complain(sentence)
    // A page has room for the unit that fits.
    const pageUnits = metadata.flags.units?.setFromDefault === true ? ('auto' as const) : units
    const page = { flags, view, units: pageUnits, args, signal, say }
    if (flags.read !== undefined && flags.web) {
      const { serveRecording } = await import('../cli/live-web.ts')
      const book = openNameBook(flags)
      const real = createEndpointNamer({ book })
      const names = hiding === null ? real : hiding.names(real)
      const title = hiding === null ? undefined : 'file 1'
      return this.#endWith(await serveRecording(flags.read, speedOf(flags), { ...page, book, names, title }))
    }
    if (flags.read !== undefined && flags.record === undefined) {
      if (!onScreen) throw usageError('--read: a recording is played on a terminal; netkit analyze reads it at once')
      const { showRecording } = await import('../tui/live-screen.ts')
      const asked = { book: openNameBook(flags), hiding }
      return this.#endWith(await showRecording(flags.read, speedOf(flags), view, units, signal, asked))
    }
    const measured = { ...view, asRecords: !onScreen && !flags.web }
    const metrics = await openMetrics(flags, measured, (sentence) => this.complain(sentence))
    const book = openNameBook(flags)
    const asks = !flags.numeric && hiding === null && (flags.resolve || isOwn)
    const lookups = asks ? await startBackgroundNames() : null
    const history = flags.record === undefined ? null : await import('../cli/record-windows.ts')
    const source =
      flags.read !== undefined && history !== null
        ? await history.fileSource(flags.read)
        : await chooseSource(flags, interfaces, signal, lookups?.ownFrames)
    const { live, localClock, lagMs, lookupsLeftOut } = source
    if (!flags.quiet && !onScreen) {
      this.complain(
        flags.record === undefined ? `listening on ${source.title}` : `recording ${source.title} into ${flags.record}`,
      )
    }
    const chosen = hiding === null ? source : { ...source, title: hiding.anonymizer.interfaceName(source.title) }
    signal.addEventListener('abort', () => live.stop(), { once: true })
    if (signal.aborted) live.stop()
    if (onScreen) {
      const { showCapture } = await import('../tui/live-screen.ts')
      const names = lookupsLeftOut || flags.resolve ? lookups : null
      const over = new AbortController()
      if (durationNs !== undefined) setLongTimer(Number(durationNs / 1_000_000n), () => over.abort())
      const ending = AbortSignal.any([signal, over.signal])
      try {
        return this.#endWith(await showCapture(source, view, units, ending, { book, lookups: names, hiding, metrics }))
      } finally {
        lookups?.close()
      }
    }
    if (durationNs !== undefined) setLongTimer(Number(durationNs / 1_000_000n), () => live.stop())
    const real = createEndpointNamer({
      book,
      hostNames: lookupsLeftOut || flags.resolve ? lookups?.hostNames : undefined,
    })
    const names = hiding === null ? real : hiding.names(real)
    if (flags.web) {
      const { serveCapture } = await import('../cli/live-web.ts')
      try {
        return this.#endWith(await serveCapture(chosen, { ...page, book, names, metrics }))
      } finally {
        lookups?.close()
      }
    }

    const problems: InputProblem[] = []
    const shown = view.top ?? null
    const watching = {
      ...view,
      top: metrics === null ? shown : metrics.top(shown),
      book,
      names,
      lagMs,
      localClock,
      now: () => BigInt(Date.now()) * 1_000_000n,
      pause,
      onLimit: () => live.stop(),
      onBlocked: () => this.#warnOfBlockedOutput(flags.quiet),
      toolCounts: () => live.end,
    }
    const watched = watch(loadCaptureModule(), live.source, watching, problems)
    const told = hiding === null ? watched : hiding.records(watched)
    const records = metrics === null ? told : metrics.count(told, shown)
    const analysis = {
      columns: view.grouping.columns,
      windowNs: view.windowNs,
      basis: flags.bytes,
      bidirectional: view.grouping.bidirectional,
    }
    const recorder = history === null ? null : await this.#openRecorder(history, flags, analysis, live)
    if (history !== null && recorder !== null && flags.format === undefined && flags.output === undefined) {
      try {
        const sentence = await history.recordOnly(records, recorder, flags.record!)
        if (!flags.quiet) this.complain(sentence)
      } catch (error) {
        live.kill()
        throw error
      } finally {
        lookups?.close()
      }
      return this.#endWith({ problems, message: (await live.end).message })
    }
    const logger = await openLogger(format, analysis, {
      ...(format === 'parquet' && { version: packageVersion() }),
      units,
      header: flags.header,
      excelSafe: flags['excel-safe'],
      forTerminal: isTerminal(flags.output),
      otherNames: hiding === null ? otherNamesIn(book) : undefined,
      live: true,
      stepNs: view.stepNs,
      style: terminalStyle(flags.output),
      width: terminalWidth(flags.output),
    })
    try {
      const output = await (format === 'parquet' ? openOutput(flags.output, []) : openGrowingOutput(flags.output))
      await writeRecords(recorder?.through(records) ?? records, logger, output, {
        quiet: flags.quiet,
        promptly: true,
        beforeFirst() {},
      })
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

  async #openRecorder(
    history: typeof import('../cli/record-windows.ts'),
    flags: LiveFlags,
    analysis: Analysis,
    live: LiveSource,
  ): Promise<Recorder> {
    try {
      const say = (sentence: string) => this.complain(sentence)
      return await history.openRecorder({ ...flags, record: flags.record! }, analysis, say)
    } catch (error) {
      live.kill()
      throw error
    }
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
