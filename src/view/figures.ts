/** The numbers that people look for first, of the chosen time. */
import { formatSeconds } from '../loggers/time-text.ts'
import { formatBytes, formatRate } from '../loggers/units.ts'
import type { LoadedReport } from '../report/select-time.ts'
import { countsIn, rateIn, type TimeChoice, timesOf } from '../report/select-time.ts'
import { el } from './dom.ts'
import { morphChildren } from './morph.ts'
import type { Part } from './part.ts'
import { durationWords, withCommas } from './words.ts'

export function createFigures(): Part {
  const element = el('dl', { class: 'figures' })
  return { element, draw: ({ report, range }) => morphChildren(element, [...figuresOf(report, range)]) }
}

function* figuresOf(report: LoadedReport, range: TimeChoice): Generator<HTMLElement> {
  const { data, total } = report
  const { units, basis } = data
  const { packets, bytes } = countsIn(total, range)
  const { startNs, endNs } = timesOf(data, range)
  if (startNs === null || endNs === null) yield figure('Duration', '-')
  else yield figure('Duration', durationWords(endNs - startNs), `${formatSeconds(endNs - startNs)} s`)
  yield figure('Frames', withCommas(packets))
  yield figure(basis === 'frame' ? 'Bytes' : 'Bytes counted', formatBytes(bytes, units), withCommas(bytes))
  yield figure('Mean rate', formatRate(rateIn(data, range)(bytes), units))
  if (data.time !== null) {
    const step = BigInt(data.time.step_ns)
    const peak = (8e9 * peakIn(report, range)) / Number(step)
    yield figure(`Peak in ${durationWords(step)}`, formatRate(peak, units))
  }
  const { dropped } = data.capture.accounting as { readonly dropped: number | null }
  // Capture tools tell when they end.
  const unknown = data.capture.drops_to_come === true ? 'told at the end' : 'not said'
  yield figure('Dropped by the capture', dropped === null ? unknown : withCommas(dropped))
}

function figure(name: string, value: string, exact: string | null = null): HTMLElement {
  return el('div', {}, el('dt', {}, name), el('dd', { title: exact }, value))
}

/** Bytes of the bucket that has most. */
function peakIn({ total }: LoadedReport, range: TimeChoice): number {
  const { at, bytes } = total.series
  const { start, end } = range ?? { start: 0, end: Number.POSITIVE_INFINITY }
  let peak = 0
  for (let i = 0; i < at.length; i++) if (at[i]! >= start && at[i]! < end && bytes[i]! > peak) peak = bytes[i]!
  return peak
}
