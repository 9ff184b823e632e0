/** The table: a row a line, in as many columns as the width allows. */
import type { Analysis } from '../engine/records.ts'
import { groupNoun } from '../loggers/key-text.ts'
import { displayWidth } from '../loggers/text-table.ts'
import { formatCount } from '../loggers/units.ts'
import type { LiveRow, LiveSort } from '../pipeline/live-frame.ts'
import { sparkline } from './curves.ts'
import { clip, fitEnd, fitStart } from './fit-text.ts'
import { bytesCell, commonUnit, countCell, rateCell, rateOrNothing } from './numbers.ts'
import { arrowOf, createReadKey, keyColumn, naturalWidth } from './row-key.ts'
import type { ScreenState } from './screen-state.ts'

const GAP = '  '
/** `› ` before the row that is marked: reverse alone would say nothing on a terminal without it. */
const MARK_WIDTH = 2
/** Below it numbers give way to the key. By the grouping, not by the rows: columns must not come and go with them. */
const LEAST_KEY_WIDTH = 30
/** Most pairs of IPv4 addresses with their protocol; the same with ports. */
const LEAST_PAIR_WIDTH = 36
const LEAST_FLOW_WIDTH = 48
/** From here on there is room for labels beside addresses. */
const LONG_KEY_WIDTH = 84

interface Column {
  readonly title: string
  readonly sort: LiveSort
  readonly width: number
  cell(row: LiveRow): string
}

/** Rows of the table that `height` lines have room for: all but the title and the line of the others. */
export function tableRows(height: number): number {
  return Math.max(1, height - 2)
}

/** First row to show: the marked one is in the middle, as far as the ends allow. */
export function firstRow(state: ScreenState, page: number): number {
  const rows = state.frame?.rows ?? []
  const marked = rows.findIndex(({ group }) => group === state.choices.selected)
  return Math.max(0, Math.min(marked - Math.floor(page / 2), rows.length - page))
}

/** Exactly `height` lines. */
export function tableLines(state: ScreenState, width: number, height: number): string[] {
  const { frame, choices, style } = state
  if (frame === null) return centred(emptyText(state), width, height)
  const page = tableRows(height)
  const first = firstRow(state, page)
  const rows = frame.rows.slice(first, first + page)

  const readKey = createReadKey(frame.analysis, state.nameOf)
  const arrow = arrowOf(frame.analysis)
  const readAll = (long: boolean) => rows.map(({ key }) => readKey(key, { names: choices.names, long }))
  const shortKeys = readAll(false)
  const { numbers, trendWidth, keyWidth } = plan(state, rows, width, naturalWidth(shortKeys, arrow))
  const keys = keyColumn(keyWidth >= LONG_KEY_WIDTH ? readAll(true) : shortKeys, arrow, keyWidth)

  const trendTitle = trendWidth === 0 ? '' : GAP + fitEnd(`${trendWidth < 8 ? '' : 'last '}${trendWidth} s`, trendWidth)
  const nameTitle = fitStart(`${choices.grouping.name}${choices.sort === 'name' ? ' ▲' : ''}`, keyWidth)
  const title = `${' '.repeat(MARK_WIDTH)}${nameTitle}${trendTitle}${numbers
    .map((column) => GAP + fitEnd(titleOf(column, choices.sort), column.width))
    .join('')}`

  const lines = [style.bold(style.underline(fitStart(title, width)))]
  rows.forEach((row, i) => {
    const marked = row.group === choices.selected
    const trend = trendWidth === 0 ? '' : sparkline(row.history, trendWidth)
    const cells = numbers.map((column) => GAP + fitEnd(column.cell(row), column.width)).join('')
    if (marked) lines.push(style.reverse(`› ${keys[i]}${trend && GAP}${trend}${cells}`))
    else {
      const idle = row.packets === 0
      const key = idle ? style.dim(keys[i]!) : keys[i]!
      lines.push(`  ${key}${trend && GAP}${trend && style.curve(trend)}${idle ? style.dim(cells) : cells}`)
    }
  })
  const before = first === 0 ? null : `${formatCount(first, 'row')} above`
  const rest = restLine(
    state,
    frame.rows.length - first - rows.length,
    numbers,
    MARK_WIDTH + keyWidth,
    trendWidth,
    before,
  )
  if (rest !== null) lines.push(rest)
  while (lines.length < height) lines.push('')
  return lines.slice(0, height)
}

/** Which columns there are, and how wide. What does not fit beside a readable key goes: the trend, the peak, the total. */
function plan(state: ScreenState, rows: readonly LiveRow[], width: number, natural: number) {
  const { units, sort } = state.choices
  const unit = commonUnit(units)
  const numbers: Column[] = []
  const add = (title: string, name: LiveSort, least: number, cell: (row: LiveRow) => string) => {
    const widest = rows.reduce((most, row) => Math.max(most, displayWidth(cell(row))), least)
    const titleWidth = displayWidth(title) + 2
    numbers.push({ title, sort: name, width: Math.max(widest, titleWidth), cell })
  }
  const rateWidth = unit === null ? 13 : 8
  add(unit ?? 'rate', 'rate', rateWidth, (row) => rateOrNothing(row.bitsPerSecond, units))
  add('peak', 'peak', rateWidth, (row) => rateCell(row.peakBitsPerSecond, units))
  add('total', 'total', 9, (row) => bytesCell(row.total.bytes, units))
  // Packets are for who sorts by them, or has room for everything.
  if (sort === 'packets' || width >= 110)
    add('packets', 'packets', 7, (row) => (row.packets === 0 ? '-' : countCell(row.packets)))

  const least = leastKeyWidth(state.frame!.analysis)
  const roomFor = (columns: readonly Column[]) =>
    width - MARK_WIDTH - columns.reduce((sum, column) => sum + GAP.length + column.width, 0)
  let shown = numbers
  for (const name of ['packets', 'peak', 'total'] as const) {
    if (roomFor(shown) < least && name !== sort) shown = shown.filter((column) => column.sort !== name)
  }
  const room = roomFor(shown)
  const trendWidth = trendFor(room, least, natural)
  return { numbers: shown, trendWidth, keyWidth: Math.max(8, trendWidth === 0 ? room : room - trendWidth - GAP.length) }
}

/** In steps, so that columns do not move whenever a longer name comes or goes. */
const TRENDS: readonly (readonly [width: number, leastRoom: number])[] = [
  [60, 150],
  [30, 110],
  [20, 70],
  [12, 55],
  [8, LEAST_KEY_WIDTH + 10],
]
/** Shorter curves say nothing; where there is room for a long one, it is worth a few characters of a key. */
const LEAST_TREND = 6
const LEAST_TREND_OF_MANY = 12

function leastKeyWidth({ columns }: Analysis): number {
  if (!columns.includes('src') || !columns.includes('dst')) return LEAST_KEY_WIDTH
  return columns.includes('src_port') ? LEAST_FLOW_WIDTH : LEAST_PAIR_WIDTH
}

/** A second a column, up to the minute that there is; less where keys would have to be shortened for it. */
function trendFor(room: number, least: number, natural: number): number {
  const widths = TRENDS.filter(([, leastRoom]) => room >= leastRoom).map(([trend]) => trend)
  if (widths.length === 0) return 0
  const fits = (keyWidth: number) => (trend: number) => room - trend - GAP.length >= keyWidth
  const whole = widths.find(fits(natural))
  if (whole !== undefined) return whole
  const shorter = widths[0]! >= LEAST_TREND_OF_MANY ? [LEAST_TREND_OF_MANY, LEAST_TREND] : [LEAST_TREND]
  return shorter.find(fits(least)) ?? 0
}

function titleOf({ title, sort }: Column, chosen: LiveSort): string {
  return sort === chosen ? `${title} ▼` : title
}

/** What is below, and what the filter left out. */
function restLine(
  { frame, choices, style }: ScreenState,
  below: number,
  numbers: readonly Column[],
  keyWidth: number,
  trendWidth: number,
  before: string | null,
): string | null {
  const { analysis, rows, other } = frame!
  const noun = groupNoun(analysis)
  const parts = before === null ? [] : [before]
  const trend = trendWidth === 0 ? '' : ' '.repeat(trendWidth + GAP.length)
  if (choices.filter !== '') {
    const all = rows.length + (other?.rows ?? 0)
    parts.push(rows.length === 0 ? `no ${noun} of ${all} matches` : `${formatCount(rows.length, noun)} of ${all}`)
  } else if (below > 0 || other !== null) parts.push(`${formatCount(below + (other?.rows ?? 0), `more ${noun}`)}`)
  if (parts.length === 0) return null
  const text = `… ${parts.join(', ')}`
  if (below > 0 || other === null || choices.filter !== '') {
    return style.dim(clip(`${' '.repeat(MARK_WIDTH)}${text}`, keyWidth + trend.length))
  }
  const cell = ({ sort }: Column) => {
    if (sort === 'rate') return rateOrNothing(other.bitsPerSecond, choices.units)
    if (sort === 'total') return bytesCell(other.total.bytes, choices.units)
    return sort === 'packets' ? countCell(other.packets) : ''
  }
  const cells = numbers.map((column) => GAP + fitEnd(cell(column), column.width)).join('')
  return style.dim(fitStart(`${' '.repeat(MARK_WIDTH)}${text}`, keyWidth) + trend + cells)
}

function emptyText({ status }: ScreenState): string {
  if (status.state === 'ended') return 'The capture ended without a single frame.'
  if (status.state === 'running') return 'Counting the first second …'
  return status.replay === null ? 'Waiting for the first frame …' : 'Opening …'
}

export function centred(text: string, width: number, height: number): string[] {
  const lines = Array.from({ length: height }, () => '')
  const clipped = clip(text, width)
  lines[Math.floor((height - 1) / 2)] =
    ' '.repeat(Math.max(0, Math.floor((width - displayWidth(clipped)) / 2))) + clipped
  return lines
}
