/** Values of a report → the words of the page. */
import type { Analysis, ExtraColumn, KeyColumn } from '../engine/records.ts'
import { formatClock, formatDate, formatDuration } from '../loggers/time-text.ts'
import type { ReportData, ReportTable } from '../report/report-data.ts'
import type { LoadedTable, SpanTimes } from '../report/select-time.ts'

const TITLES: Readonly<Record<string, string>> = {
  pair: 'Pairs',
  flow: 'Flows',
  host: 'Hosts',
  conversation: 'Conversations',
  protocol: 'Protocols',
  service: 'Services',
}

/** Characters that a cell has room for anywhere; and those that a title is read to. */
const ROOM = 20
const LONGEST_TITLE = 400

/** The only table that is not of the rows with most traffic. */
export function isHealth({ sort }: Pick<ReportTable, 'sort'>): boolean {
  return sort === 'retransmissions'
}

/** The same for the same table of other data. */
export function tableKey({ by, sort }: Pick<ReportTable, 'by' | 'sort'>): string {
  return isHealth({ sort }) ? `${by}, health` : by
}

export function tableTitle({ by, noun, sort }: Pick<ReportTable, 'by' | 'noun' | 'sort'>): string {
  if (isHealth({ sort })) return 'TCP health'
  const title = TITLES[by] ?? `${noun}s`
  return title[0]!.toUpperCase() + title.slice(1)
}

/** What the table counts, in a sentence: `pairs`, `services`. */
export function tableNouns({ by, noun }: Pick<ReportTable, 'by' | 'noun'>): string {
  return TITLES[by]?.toLowerCase() ?? `${noun}s`
}

const COLUMN_TITLES: Readonly<Partial<Record<KeyColumn, string>>> = {
  src: 'Source',
  dst: 'Destination',
  host: 'Host',
  subnet: 'Subnet',
  src_subnet: 'Source subnet',
  dst_subnet: 'Destination subnet',
  protocol: 'Protocol',
  src_port: 'Port',
  dst_port: 'Port',
  port: 'Port',
  vlan: 'VLAN',
  interface: 'Interface',
  direction: 'Direction',
  src_mac: 'Source MAC',
  dst_mac: 'Destination MAC',
}

export function columnTitle(column: KeyColumn): string {
  return COLUMN_TITLES[column] ?? column.replaceAll('_', ' ')
}

/** Said in the column of what it is of. */
export function isBeside(column: KeyColumn): boolean {
  return /_name(_source)?$|^protocol_number$/.test(column)
}

/** Of further columns, whose own titles are for lines of text. */
const EXTRA_TITLES: Readonly<Record<string, string>> = {
  rtt_mean_ms: 'RTT',
  out_of_order: 'Out\u00a0of order',
  duplicate_acks: 'Dup ACKs',
}

export function extraTitle({ name, title }: ExtraColumn): string {
  // `iRTT` is written so.
  const first = title === title.toLowerCase() ? title.slice(0, 1).toUpperCase() : title.slice(0, 1)
  return EXTRA_TITLES[name] ?? first + title.slice(1)
}

/** What is cut where there is no room, as a title: null when there is, and not all of 60 kB. */
export function fullText(text: string): string | null {
  if (text.length <= ROOM) return null
  return text.length <= LONGEST_TITLE ? text : `${text.slice(0, LONGEST_TITLE)}…`
}

/** `1,234,567`, whatever the language of the browser. */
export function withCommas(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** Decimals of a second that tell times so far apart. */
export function decimalsOf(stepNs: bigint): number {
  let decimals = 0
  for (let unit = 1_000_000_000n; decimals < 9 && stepNs % unit !== 0n; unit /= 10n) decimals++
  return decimals
}

/** `2023-11-14 22:13:20 – 22:18:20.5 UTC (5 m)`. */
export function spanWords({ startNs, endNs }: SpanTimes, decimals: number): string {
  if (startNs === null || endNs === null) return 'no time'
  const [startDate, endDate] = [formatDate(startNs), formatDate(endNs)]
  const end = `${startDate === endDate ? '' : `${endDate} `}${formatClock(endNs, decimals)}`
  return `${startDate} ${formatClock(startNs, decimals)} – ${end} UTC`
}

/** Three digits that count are enough for eyes: `5 m 0.0706 s` is `5 m`. */
export function durationWords(ns: bigint): string {
  const second = 1_000_000_000n
  if (ns >= 3600n * second) return formatDuration((ns / (60n * second)) * 60n * second)
  if (ns >= 10n * second) return formatDuration((ns / 100_000_000n) * 100_000_000n)
  if (ns >= second) return formatDuration((ns / 1_000_000n) * 1_000_000n)
  return formatDuration(ns >= 1_000_000n ? (ns / 1_000n) * 1_000n : ns)
}

/** What the formats of loggers want to know of a table. */
export function analysisOf({ basis }: ReportData, { columns, bidirectional, extras }: LoadedTable): Analysis {
  return { columns, windowNs: null, basis, bidirectional, ...(extras.length > 0 && { extras }) }
}
