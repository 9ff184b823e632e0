/** The page of one row: both directions, their last minute, when it was seen, and the flows in it. */
import type { Analysis, KeyColumn } from '../engine/records.ts'
import { createKeyText } from '../loggers/key-text.ts'
import { printable } from '../loggers/printable.ts'
import { displayWidth } from '../loggers/text-table.ts'
import { formatClock, formatDuration } from '../loggers/time-text.ts'
import { formatCount, formatRate } from '../loggers/units.ts'
import type { LiveCountsOfRow, LiveDetail, LiveFlow } from '../pipeline/live-frame.ts'
import { FLOW_COLUMNS } from '../pipeline/live-members.ts'
import { curve, highest } from './curves.ts'
import { clip, fitEnd, fitStart } from './fit-text.ts'
import { bytesCell, commonUnit, countCell, rateOrNothing } from './numbers.ts'
import { createReadKey, keyColumn } from './row-key.ts'
import type { ScreenState } from './screen-state.ts'
import { centred } from './table-lines.ts'

const SECONDS = 60
/** Without the MAC addresses and the interface, which tell flows apart but say little in a line. */
const IS_SHOWN = FLOW_COLUMNS.map((column) => column !== 'interface' && !column.endsWith('_mac'))
const FLOW_ANALYSIS: Analysis = {
  columns: FLOW_COLUMNS.filter((_column, i) => IS_SHOWN[i]),
  windowNs: null,
  basis: 'frame',
  bidirectional: false,
}

/** A sign and a space, or two spaces between numbers. */
const SIGN_WIDTH = 2
const ROOMY_WIDTHS = [14, 14, 12, 9]
/** Below it the numbers of a flow give way to its key. */
const LEAST_FLOW_KEY = 28

interface Direction {
  readonly sign: string
  readonly counts: LiveCountsOfRow
}

/** Exactly `height` lines. */
export function detailLines(state: ScreenState, width: number, height: number): string[] {
  const { detail, frame, style } = state
  if (detail === null || frame === null)
    return centred('Nothing was seen of this row up to this moment.', width, height)
  const key = createKeyText(frame.analysis)(namedKey(state, detail))
  const lines = [
    ...inTwoLines(key, width).map((line) => style.bold(line)),
    ...directionLines(state, detail, width),
    seenLine(detail, width),
    '',
    ...curveLines(state, detail, width, curveHeight(state, height)),
    '',
  ]
  const room = flowRows(state, height)
  if (room > 0) lines.push(...flowLines(state, detail, width, room))
  while (lines.length < height) lines.push('')
  return lines.slice(0, height)
}

/** Lines that flows have on the page, without their title. */
export function flowRows(state: ScreenState, height: number): number {
  if (state.detail === null) return 0
  const { length } = directionsOf(state.detail)
  // Key, gap, title, directions, times, gap; curves with a title each; gap, title of the flows.
  const above = 2 + 1 + length + 1 + 1 + length * (1 + curveHeight(state, height)) + 1 + 1
  return Math.max(0, height - above)
}

function curveHeight({ detail }: ScreenState, height: number): number {
  if (detail === null) return 1
  const both = detail.backward !== null
  if (height < 18) return 1
  if (height < 26) return both ? 2 : 4
  return both ? 4 : 8
}

/** Two addresses of IPv6 with their names are wider than many a screen; the second end begins a line of its own then. */
function inTwoLines(key: string, width: number): [string, string] {
  const arrow = key.search(/ [→↔] /)
  if (displayWidth(key) <= width || arrow === -1) return [clip(key, width), '']
  return [clip(key.slice(0, arrow), width), clip(key.slice(arrow + 1), width)]
}

function directionsOf({ forward, backward }: LiveDetail): Direction[] {
  return backward === null
    ? [{ sign: '•', counts: forward }]
    : [
        { sign: '→', counts: forward },
        { sign: '←', counts: backward },
      ]
}

function directionLines({ choices, style }: ScreenState, detail: LiveDetail, width: number): string[] {
  const columns = ['rate', 'peak, 60 s', 'total', 'packets']
  const cells = directionsOf(detail).map(({ sign, counts }) => [
    sign,
    formatRate(counts.bitsPerSecond, choices.units),
    formatRate(counts.peakBitsPerSecond, choices.units),
    bytesCell(counts.total.bytes, choices.units),
    countCell(counts.total.packets),
  ])
  const table = [['', ...columns], ...cells]
  const widths = columnWidths(table, width)
  return table.map((row, line) => {
    const text = widths.map((cell, i) => (i === 0 ? fitStart(row[i]!, cell) : fitEnd(row[i]!, cell))).join('')
    return line === 0 ? style.dim(text) : text
  })
}

/** Far apart where there is room, else as close as can be; the last ones go before a number would be cut. */
function columnWidths(table: readonly (readonly string[])[], width: number): number[] {
  const natural = table[0]!.map((_, i) => Math.max(...table.map((row) => displayWidth(row[i]!))))
  const close = natural.map((cells, i) => (i === 0 ? SIGN_WIDTH : cells + SIGN_WIDTH))
  const apart = natural.map((cells, i) => (i === 0 ? SIGN_WIDTH : Math.max(ROOMY_WIDTHS[i - 1]!, cells) + 1))
  const sum = (widths: readonly number[]) => widths.reduce((total, one) => total + one, 0)
  if (sum(apart) <= width) return apart
  while (close.length > 2 && sum(close) > width) close.pop()
  return close
}

const INTERFACE = FLOW_COLUMNS.indexOf('interface')

/** As much of it as there is room for. */
function seenLine({ firstNs, lastNs, row, flows }: LiveDetail, width: number): string {
  if (firstNs === null || lastNs === null) return clip('seen in this second for the first time', width)
  const length = formatDuration(lastNs - firstNs)
  const packets = formatCount(row.total.packets, 'packet')
  const interfaces = [...new Set(flows.map(({ key }) => printable(String(key[INTERFACE]))))].join(', ')
  let line = `seen ${formatClock(firstNs, 0)} to ${formatClock(lastNs, 0)} UTC`
  for (const more of [` (${length})`, `, ${packets}`, ` on ${interfaces}`]) {
    if (displayWidth(line + more) > width) break
    line += more
  }
  return line
}

function curveLines({ choices, style }: ScreenState, detail: LiveDetail, width: number, height: number): string[] {
  const columns = Math.min(SECONDS, width)
  return directionsOf(detail).flatMap(({ sign, counts }) => {
    const most = highest(counts.history, columns)
    const scale = most === 0 ? 'nothing' : `up to ${formatRate(most, choices.units)}`
    const title = clip(`${sign} last ${columns} s, ${scale}`, width)
    return [style.dim(title), ...curve(counts.history, columns, height).map((line) => style.curve(line))]
  })
}

/** The flows, from the one that the page was scrolled to. */
function flowLines(state: ScreenState, detail: LiveDetail, width: number, room: number): string[] {
  const { choices, style } = state
  const first = Math.min(choices.scroll, Math.max(0, detail.flows.length - room))
  const flows = detail.flows.slice(first, first + room)
  const unit = commonUnit(choices.units)
  const numbers: { title: string; width: number; cell: (flow: LiveFlow) => string }[] = [
    {
      title: unit ?? 'rate',
      width: unit === null ? 14 : 10,
      cell: (flow) => rateOrNothing(flow.bitsPerSecond, choices.units),
    },
    { title: 'total', width: 12, cell: (flow) => bytesCell(flow.total.bytes, choices.units) },
    { title: 'packets', width: 10, cell: (flow) => countCell(flow.total.packets) },
  ]
  const widthOf = () => numbers.reduce((sum, column) => sum + column.width, 0)
  while (numbers.length > 1 && width - widthOf() < LEAST_FLOW_KEY) numbers.pop()
  const numbersWidth = widthOf()
  const readKey = createReadKey(FLOW_ANALYSIS, state.nameOf)
  const keyWidth = Math.max(8, width - numbersWidth)
  const keys = keyColumn(
    flows.map(({ key }) =>
      readKey(
        key.filter((_value, i) => IS_SHOWN[i]),
        { names: choices.names, long: keyWidth >= 90 },
      ),
    ),
    '→',
    keyWidth,
  )
  const range = detail.flowCount > flows.length ? `, ${first + 1} to ${first + flows.length}` : ''
  const noun = `${formatCount(detail.flowCount, 'flow')}${range}`
  const titles = numbers.map((column) => fitEnd(column.title, column.width)).join('')
  const cells = (flow: LiveFlow) => numbers.map((column) => fitEnd(column.cell(flow), column.width)).join('')
  const title = fitStart(noun, keyWidth) + titles
  const lines = [style.bold(style.underline(clip(title, width)))]
  return [...lines, ...flows.map((flow, i) => clip(keys[i]! + cells(flow), width))]
}

function namedKey({ frame, nameOf, choices }: ScreenState, { row }: LiveDetail): LiveDetail['row']['key'] {
  const { columns } = frame!.analysis
  if (!choices.names) return row.key
  const key = [...row.key]
  for (const [i, column] of columns.entries()) {
    if (!column.endsWith('_name')) continue
    // What the capture has named keeps its name.
    const source = columns.indexOf(`${column}_source` as KeyColumn)
    if (typeof key[source] === 'string') continue
    const address = key[i - 1]
    const name = typeof address === 'string' ? nameOf(address) : null
    if (name === null) continue
    key[i] = name
    if (source >= 0) key[source] = 'ptr'
  }
  return key
}
