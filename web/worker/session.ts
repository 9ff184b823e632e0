/**
 * The files that are open, and what is known of them: answers to questions of the page, from what was kept of one reading where that is
 * enough, and else by reading again.
 */
import { blobInput } from '../../src/browser/open-blob.ts'
import { parseBy } from '../../src/engine/by.ts'
import { TooManyFlows } from '../../src/engine/flow-timeline.ts'
import type { AnalysisRecord } from '../../src/engine/records.ts'
import { compileFilter } from '../../src/filter/compile-filter.ts'
import type { CompiledFilter } from '../../src/filter/compiled-filter.ts'
import { createLogger } from '../../src/loggers/create-logger.ts'
import { createEndpointNamer } from '../../src/names/endpoint-names.ts'
import { NameBook } from '../../src/names/name-book.ts'
import { analyze, describeAnalysis } from '../../src/pipeline/analyze.ts'
import { explainProblems } from '../../src/pipeline/explain-problems.ts'
import type { InputProblem } from '../../src/pipeline/input-problem.ts'
import type { Input } from '../../src/pipeline/inputs.ts'
import { type KeptCapture, keepCapture } from '../../src/pipeline/kept-capture.ts'
import { labelRows } from '../../src/pipeline/label-rows.ts'
import { countForReport, type ReportCountsSource } from '../../src/pipeline/report.ts'
import { createReport, type ReportSource } from '../../src/report/create-report.ts'
import { fillPage } from '../../src/report/fill-page.ts'
import { reportText } from '../../src/report/report-text.ts'
import { shellWords } from '../../src/report/shell-words.ts'
import type { Choices, ReadFacts, Reason, SavedFormat } from '../protocol.ts'
import { captureModule, noLabels, portLabels, reportPage, version } from './embedded.ts'

export interface Run {
  readonly signal: AbortSignal
  onProgress(progress: { readonly bytes: number; readonly of: number; readonly reason: Reason | null }): void
}

export class Cancelled extends Error {}

/** Rows of each table, as netkit report has them. */
const TOP = 50
/** Of a report that is read for; each costs some 100 bytes, twice. What is beyond is one row. */
const MOST_REPORT_FLOWS = 4_000_000
/** Of saved JSON and CSV: the default of --max-flows. */
const MOST_SAVED_FLOWS = 10_000_000
/** Text is gathered before it becomes a part of a Blob, which may be on disk. */
const PART_LENGTH = 1 << 20

export class Session {
  readonly #inputs: readonly Input[]
  readonly #size: number
  #kept: KeptCapture | null = null
  #filter = ''
  #compiled: CompiledFilter | undefined
  /** Why nothing is kept although everything was read. */
  #isTooLarge = false
  /** The last report that was read for, which other units change nothing of. */
  #lastRead: { readonly key: string; readonly counts: ReportCountsSource } | null = null
  /** How often the whole was read. */
  #readings = 0
  #problems: readonly InputProblem[] = []
  #bytes = 0
  #started = 0
  #reason: Reason | null = null

  constructor(files: readonly File[]) {
    this.#inputs = files.map((file) => blobInput(file))
    this.#size = files.reduce((bytes, { size }) => bytes + size, 0)
  }

  async report(choices: Choices, run: Run) {
    const source = await this.#source(choices, run)
    const sentences = [...explainProblems(this.#problems)]
    if (this.#kept?.hasAllNames === false) {
      sentences.push('the capture holds more names of addresses than are kept: those that came later were left out')
    }
    return { data: createReport(source), read: this.#facts(), sentences, stepNs: this.#kept?.stepNs ?? null }
  }

  async save(format: SavedFormat, choices: Choices, run: Run): Promise<{ name: string; blob: Blob; read: ReadFacts }> {
    const name = `${baseOf(this.#inputs[0]!.name)}.${format === 'html' ? 'report.html' : format}`
    const blob = format === 'html' ? await this.#page(choices, run) : await this.#table(format, choices, run)
    return { name, blob, read: this.#facts() }
  }

  async #page(choices: Choices, run: Run): Promise<Blob> {
    const source = await this.#source(choices, run)
    const page = fillPage(await reportPage(), {
      title: `${source.capture.files.join(', ')} - netkit report`,
      text: reportText(source),
      data: createReport(source),
    })
    return new Blob(page, { type: 'text/html' })
  }

  /** The bytes of `netkit analyze --format`. */
  async #table(format: 'json' | 'csv', choices: Choices, run: Run): Promise<Blob> {
    const { windowNs, names } = choices
    const grouping = parseBy(choices.by)
    await this.#keep(choices, run)
    const labels = names ? (await portLabels())(grouping.columns) : []
    const extras = labels.flatMap(({ columns }) => columns)
    const problems: InputProblem[] = []
    const known = this.#kept?.records({ grouping, windowNs, names }) ?? null
    const records = known === null ? this.#readRecords(choices, run, problems) : eachOf(known)
    const analysis = describeAnalysis({ grouping, windowNs, extras, names: createEndpointNamer() })
    const logger = createLogger(format, analysis, { header: true })
    const parts = new Parts()
    let isFirst = true
    for await (const record of labels.length > 0 ? labelRows(records, labels) : records) {
      if (isFirst) parts.add(logger.begin())
      isFirst = false
      for (const piece of logger.record(record)) parts.add(piece)
      if (run.signal.aborted) throw new Cancelled()
    }
    if (run.signal.aborted) throw new Cancelled()
    if (!isFirst) parts.add(logger.end())
    return parts.blob(format === 'json' ? 'application/json' : 'text/csv')
  }

  #readRecords(choices: Choices, run: Run, problems: InputProblem[]): AsyncIterable<AnalysisRecord> {
    const { windowNs, by, names } = choices
    const grouping = parseBy(by)
    const book = names ? new NameBook() : undefined
    this.#begin(this.#isTooLarge ? 'flows' : this.#kept === null ? null : 'window')
    const { onProgress } = this.#progress(run, 1)
    return analyze(
      captureModule(),
      this.#inputs,
      {
        grouping,
        windowNs,
        filter: this.#compiled,
        book,
        names: createEndpointNamer({ book }),
        maxFlows: MOST_SAVED_FLOWS,
        signal: run.signal,
        onProgress: (_, bytes) => onProgress(bytes),
      },
      problems,
    )
  }

  async #source(choices: Choices, run: Run): Promise<ReportSource> {
    const { by, names, windowNs, units, filter } = choices
    parseBy(by)
    await this.#keep(choices, run)
    const labelsOf = names ? await portLabels() : noLabels
    const counts =
      this.#kept?.report({ by, names, labelsOf, top: TOP, windowNs }) ?? (await this.#readReport(choices, run))
    return {
      ...counts,
      netkitVersion: version,
      command: null,
      inputs: shellWords([
        ...this.#inputs.map(({ name }) => name),
        ...(filter === '' ? [] : ['--filter', filter]),
        names ? '--no-hosts' : '--numeric',
      ]),
      sinceNs: undefined,
      untilNs: undefined,
      units,
      check: null,
    }
  }

  async #readReport({ by, names, filter }: Choices, run: Run): Promise<ReportCountsSource> {
    const key = JSON.stringify([by, names, filter])
    if (this.#lastRead?.key === key) return this.#lastRead.counts
    const problems: InputProblem[] = []
    const book = names ? new NameBook() : undefined
    this.#begin(this.#isTooLarge ? 'flows' : 'window')
    const counts = await countForReport(
      captureModule(),
      this.#inputs,
      {
        by,
        filter: this.#compiled,
        book,
        names: createEndpointNamer({ book }),
        labelsOf: names ? await portLabels() : noLabels,
        sort: 'bytes',
        top: TOP,
        maxFlows: MOST_REPORT_FLOWS,
        signal: run.signal,
        ...this.#progress(run, 2),
      },
      problems,
    )
    this.#problems = problems
    if (run.signal.aborted) throw new Cancelled()
    if (counts === null) throw this.#unreadable(problems)
    this.#lastRead = { key, counts }
    return counts
  }

  /** Reads where what is kept is of other frames, or tells too little apart. */
  async #keep({ by, filter }: Choices, run: Run): Promise<void> {
    this.#bytes = 0
    this.#started = performance.now()
    this.#reason = null
    const grouping = parseBy(by)
    const isSameFilter = filter === this.#filter
    if (this.#isTooLarge && isSameFilter) return
    if (this.#kept !== null && isSameFilter && this.#kept.knows(grouping)) return
    const compiled = filter === '' ? undefined : compileFilter(filter)
    this.#begin(this.#readings === 0 ? null : isSameFilter ? 'keys' : 'filter')
    const problems: InputProblem[] = []
    let kept: KeptCapture | null = null
    let isTooLarge = false
    try {
      const options = { grouping, filter: compiled, signal: run.signal, ...this.#progress(run, 1) }
      kept = await keepCapture(captureModule(), this.#inputs, options, problems)
    } catch (error) {
      if (!(error instanceof TooManyFlows)) throw error
      isTooLarge = true
    }
    if (run.signal.aborted) throw new Cancelled()
    if (kept === null && !isTooLarge) throw this.#unreadable(problems)
    this.#readings++
    this.#kept = kept
    this.#isTooLarge = isTooLarge
    this.#filter = filter
    this.#compiled = compiled
    this.#problems = problems
  }

  #unreadable(problems: readonly InputProblem[]): Error {
    return new Error([...explainProblems(problems)].join('\n') || 'nothing was chosen')
  }

  #begin(reason: Reason | null): void {
    this.#reason = reason
  }

  #progress(run: Run, times: number) {
    const { onProgress } = run
    const before = this.#bytes
    let said = 0
    return {
      onProgress: (bytes: number) => {
        this.#bytes = before + bytes
        const now = performance.now()
        if (now - said < 100) return
        said = now
        onProgress({ bytes, of: times * this.#size, reason: this.#reason })
      },
    }
  }

  #facts(): ReadFacts {
    const bytes = this.#bytes
    return { bytes, milliseconds: performance.now() - this.#started, reason: bytes === 0 ? null : this.#reason }
  }
}

/** Parts of a Blob: what is complete need not stay in this memory. */
class Parts {
  readonly #blobs: Blob[] = []
  #texts: string[] = []
  #length = 0

  add(text: string): void {
    this.#texts.push(text)
    this.#length += text.length
    if (this.#length >= PART_LENGTH) this.#flush()
  }

  blob(type: string): Blob {
    this.#flush()
    return new Blob(this.#blobs, { type })
  }

  #flush(): void {
    this.#blobs.push(new Blob(this.#texts))
    this.#texts = []
    this.#length = 0
  }
}

/** With a turn for other messages now and then: somebody may want to end it. */
async function* eachOf(records: Iterable<AnalysisRecord>): AsyncGenerator<AnalysisRecord> {
  let last = performance.now()
  for (const record of records) {
    yield record
    if (performance.now() - last < 50) continue
    await new Promise((resolve) => setTimeout(resolve))
    last = performance.now()
  }
}

/** `office.pcap.gz` → `office`. */
function baseOf(name: string): string {
  return name.replace(/(\.(pcap|pcapng|cap|ntar|gz|zst|lz4))+$/i, '') || 'capture'
}
