/** The shape of a capture's traffic → labelled lines for people, and the JSON value. */
import type { ShapeFacts, SpanFacts } from '../engine/shape-facts.ts'
import { decimalsFor, formatSpan } from './span-text.ts'
import { formatDuration, formatSeconds } from './time-text.ts'
import { formatCount, formatRate, formatShare, type Units } from './units.ts'

interface ShapeFact {
  readonly label: string
  readonly lines: readonly string[]
}

export function shapeFacts(shape: ShapeFacts, units: Units): ShapeFact[] {
  const { windows, bursts, link } = shape
  const facts: ShapeFact[] = []
  if (windows !== null) facts.push({ label: 'Windows', lines: spanLines(windows, 'window', units) })
  if (bursts !== null) facts.push({ label: 'Bursts', lines: spanLines(bursts, 'burst', units) })
  if (link !== null) facts.push({ label: 'Link', lines: [linkLine(shape, units)] })
  if (!shape.exact)
    facts.push({ label: 'Percentiles', lines: ['within 1%: there are too many windows and rows for exact ones'] })
  if (shape.unknown > 0) {
    facts.push({
      label: 'Not known',
      lines: [`${formatCount(shape.unknown, 'row')} whose flows or values were too many`],
    })
  }
  return facts
}

/** `300 of 1 s, 12 idle (counted as zero)`, and which one was the busiest. */
function spanLines({ lengthNs, count, idle, busiest }: SpanFacts, noun: string, units: Units): string[] {
  const all = `${count} of ${formatDuration(lengthNs)}, ${idle === 0 ? 'none' : idle} idle${idle === 0 ? '' : ' (counted as zero)'}`
  if (busiest === null) return [all]
  const { startNs, bitsPerSecond } = busiest
  const times = formatSpan(startNs, startNs + lengthNs, decimalsFor(startNs, lengthNs))
  return [all, `busiest ${noun} ${times}: ${formatRate(bitsPerSecond, units)}`]
}

/** `1.00 Gbit/s: mean 2.8%, p95 3.1%, peak 60.2%; above 90% for 0.1% of the time`. */
function linkLine(shape: ShapeFacts, units: Units): string {
  const { bitsPerSecond, above } = shape.link!
  const shares = shape.columns.flatMap(({ title, kind }, i) => {
    const rate = shape.totals[i]
    return kind === 'rate' && USED.includes(title) && rate != null
      ? [`${title} ${formatShare(rate, bitsPerSecond)}`]
      : []
  })
  const time = totalOf(shape, 'time_above_share')
  const used = shares.length === 0 ? '' : `: ${shares.join(', ')}`
  const over = time === null ? '' : `; above ${formatNumber(100 * above)}% for ${formatShare(time, 1)} of the time`
  return `${formatRate(bitsPerSecond, units)}${used}${over}`
}

const USED = ['mean', 'p95', 'max', 'peak']

function totalOf({ columns, totals }: ShapeFacts, name: string): number | null {
  return totals[columns.findIndex((column) => column.name === name)] ?? null
}

/** Without the digits that a double adds. */
function formatNumber(value: number): string {
  return String(Number(value.toFixed(6)))
}

/** The value of the `shape` member of a capture. */
export function shapeObject(shape: ShapeFacts): Readonly<Record<string, unknown>> {
  const { windows, bursts, link, columns, totals } = shape
  return {
    windows: spanObject(windows),
    bursts: spanObject(bursts),
    link: link === null ? null : linkObject(shape),
    total: Object.fromEntries(columns.map(({ name }, i) => [name, totals[i] ?? null])),
    percentiles_exact: shape.exact,
    unknown_rows: shape.unknown,
  }
}

function spanObject(span: SpanFacts | null): Readonly<Record<string, unknown>> | null {
  if (span === null) return null
  const { lengthNs, count, idle, busiest } = span
  return {
    seconds: Number(formatSeconds(lengthNs)),
    count,
    idle,
    busiest: busiest === null ? null : { start_ns: String(busiest.startNs), bits_per_second: busiest.bitsPerSecond },
  }
}

function linkObject(shape: ShapeFacts): Readonly<Record<string, unknown>> {
  const { bitsPerSecond, above } = shape.link!
  const shares = shape.columns.flatMap(({ title, kind }, i) => {
    const rate = shape.totals[i]
    return kind === 'rate' ? [[`${title}_share`, rate == null ? null : rate / bitsPerSecond]] : []
  })
  return { bits_per_second: bitsPerSecond, above_share: above, ...Object.fromEntries(shares) }
}
