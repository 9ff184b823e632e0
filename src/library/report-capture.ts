/** Captures → a report: its data, and the one HTML file that `netkit report` writes. */
import type { Damage } from '../engine/records.ts'
import { parseUnits, type Units } from '../loggers/units.ts'
import { createEndpointNamer } from '../names/endpoint-names.ts'
import { NameBook } from '../names/name-book.ts'
import type { InputProblem } from '../pipeline/input-problem.ts'
import { countForReport } from '../pipeline/report.ts'
import { createReport } from '../report/create-report.ts'
import { fillPage } from '../report/fill-page.ts'
import type { ReportData } from '../report/report-data.ts'
import { reportText } from '../report/report-text.ts'
import { type CountChoice, type FrameChoice, framesOf, MOST_FLOWS } from './frame-choice.ts'
import { type CaptureInput, type Host, listOf } from './host.ts'
import { UnreadableCapture } from './unreadable-capture.ts'
import { VERSION } from './version.ts'

/** What a report is asked to show. The flags of `netkit report` have the same names and meanings. */
export interface CreateReportOptions extends FrameChoice, CountChoice {
  /** What the first table is of; the others always are hosts, conversations, protocols and services. Default: `pair`. */
  readonly by?: string
  /** Rows of each table; the rest is added up in "other". Default: 100. */
  readonly top?: number
  /** Order of rows: `bytes` or `packets`. Default: `bytes`. */
  readonly sort?: 'bytes' | 'packets'
  /** A table of TCP health too: conversations with most retransmissions. */
  readonly tcp?: boolean
  /** Names that the capture holds beside addresses. Default: true. */
  readonly names?: boolean
  /** What rates are shown in, such as `Mbit/s`, or `auto`. Default: `auto`. */
  readonly units?: Units
  /** What the page says is its title. Default: the names of the captures. */
  readonly title?: string
  /** Stored bytes that were read so far; in all, those of the inputs twice. */
  readonly onProgress?: (bytes: number) => void
}

/** A report. */
export interface CaptureReport {
  /** Plain JSON: what the page shows, and holds. */
  readonly data: ReportData
  /** What could not be read. */
  readonly problems: readonly Damage[]
  /** The page: one HTML file with everything inside, to be written to a file or opened. Throws an Error when the package's page cannot be read. */
  html(): Promise<string>
}

const ROWS = 100

/** `page`: gives the page of a report without its data. */
export async function reportOn(
  host: Host,
  page: () => Promise<string>,
  from: CaptureInput | readonly CaptureInput[],
  asked: CreateReportOptions,
): Promise<CaptureReport> {
  const { by = 'pair', top = ROWS, sort = 'bytes', tcp = false, names = true, onProgress } = asked
  const units = parseUnits(asked.units ?? 'auto')
  const frames = framesOf(asked)
  const inputs = await host.inputs(listOf(from))
  const once = inputs.find(({ repeatable, size }) => !repeatable && size !== 0)
  if (once !== undefined) {
    throw new TypeError(
      `a report reads its captures twice, and ${once.name} can be read once: give it a file, a Blob or bytes`,
    )
  }
  const book = names ? new NameBook() : undefined
  const problems: InputProblem[] = []
  const module = await host.module()
  const counted = await countForReport(
    module,
    inputs,
    {
      ...frames,
      by,
      top,
      sort,
      tcp,
      names: createEndpointNamer({ book }),
      book,
      basis: asked.bytes ?? 'frame',
      inner: asked.inner ?? false,
      maxFlows: asked.maxFlows ?? MOST_FLOWS,
      ...(onProgress !== undefined && { onProgress }),
    },
    problems,
  )
  if (counted === null) {
    asked.signal?.throwIfAborted()
    throw new UnreadableCapture(problems)
  }
  const { sinceNs, untilNs } = frames
  const origin = { netkitVersion: VERSION, command: null, inputs: null, sinceNs, untilNs, check: null }
  const source = { ...counted, ...origin, units }
  const data = createReport(source)
  return {
    data,
    problems,
    async html() {
      const title = asked.title ?? `${counted.capture.files.join(', ')} - netkit report`
      return fillPage(await page(), { title, text: reportText(source), data }).join('')
    },
  }
}
