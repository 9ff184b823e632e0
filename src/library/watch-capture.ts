/** A running capture and plain options → a span for each window as soon as it is over. */
import type { AnalysisRecord, CaptureRecord } from '../engine/records.ts'
import { describeAnalysis } from '../pipeline/analyze.ts'
import type { InputProblem } from '../pipeline/input-problem.ts'
import { stopWith } from '../pipeline/stop-with.ts'
import { watch } from '../pipeline/watch.ts'
import { analysisOf, type CaptureAnalysis } from './analyze-capture.ts'
import { type AnalyzeCaptureOptions, analyzeOptionsOf } from './analyze-options.ts'
import type { CaptureInput, Host } from './host.ts'
import { UnreadableCapture } from './unreadable-capture.ts'

/** What {@link watchCapture} is asked. */
export interface WatchCaptureOptions
  extends Pick<
    AnalyzeCaptureOptions,
    'by' | 'local' | 'step' | 'top' | 'sort' | 'bytes' | 'inner' | 'names' | 'filter' | 'limit' | 'signal'
  > {
  /** Length of a window in seconds; windows are of the packets' own timestamps and begin at round times. Default: 1. */
  readonly window?: number
  /** How long after its end a window stays open for what comes late, in seconds. Default: 0.5. */
  readonly lag?: number
}

const NS_PER_MS = 1_000_000n

/** Throws for options that are none at once. */
export function startWatching(
  host: Host,
  from: CaptureInput,
  { window = 1, lag = 0.5, ...asked }: WatchCaptureOptions,
): CaptureAnalysis {
  const options = analyzeOptionsOf({ ...asked, window })
  const { windowNs } = options
  if (windowNs == null) throw new RangeError('window is a number of seconds')
  if (!(lag >= 0 && lag < 3600)) throw new RangeError('lag is a number of seconds, below an hour')
  const analysis = describeAnalysis(options)
  const problems: InputProblem[] = []
  const { signal } = options
  let capture: CaptureRecord | null = null

  async function* records(): AsyncGenerator<AnalysisRecord> {
    const [input, ...others] = await host.inputs([from])
    if (input === undefined || others.length > 0) throw new RangeError('one capture is watched at a time')
    const module = await host.module()
    const source = await (signal === undefined ? input : stopWith(signal, input)).open()
    const clock = { lagMs: lag * 1000, localClock: false, now: () => BigInt(Date.now()) * NS_PER_MS }
    const watching = watch(
      module,
      source,
      {
        ...clock,
        grouping: options.grouping,
        names: options.names,
        book: options.book,
        windowNs: windowNs!,
        stepNs: options.stepNs ?? windowNs!,
        filter: options.filter,
        limit: options.limit,
        inner: options.inner ?? false,
        ...(options.basis !== undefined && { basis: options.basis }),
        ...(options.sort !== undefined && { sort: options.sort }),
        top: options.top ?? null,
        pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      },
      problems,
    )
    for await (const record of watching) {
      // What is no capture has no facts.
      if (record.type === 'capture' && record.files.length === 0) continue
      if (record.type === 'capture') capture = record
      yield record
    }
    if (capture === null && signal?.aborted !== true) throw new UnreadableCapture(problems)
  }

  return analysisOf(records, { analysis, problems, captureOf: () => capture, stepNs: options.stepNs })
}
