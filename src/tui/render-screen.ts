/**
 * The state of the screen → its lines, from the top. Pure: the same state, columns and rows give the same lines.
 *
 *     head       2 lines: what, whether it runs, sums
 *     overview   0, 1 or 3 lines: everything in the last minute
 *     body       the table, or the page over it
 *     notice     1 line, on small screens only when there is something to say
 *     foot       1 line: keys
 */
import { printable } from '../loggers/printable.ts'
import { formatCount } from '../loggers/units.ts'
import { detailLines, flowRows } from './detail-lines.ts'
import { clip } from './fit-text.ts'
import { footerLine } from './footer-line.ts'
import { headerLines, overviewLines } from './header-lines.ts'
import { helpText } from './help-lines.ts'
import type { ScreenState } from './screen-state.ts'
import { centred, tableLines, tableRows } from './table-lines.ts'

export const LEAST_COLUMNS = 40
export const LEAST_ROWS = 6

export interface Layout {
  readonly overview: number
  readonly body: number
  /** An empty line between overview and body. */
  readonly spaced: boolean
  readonly notice: boolean
  /** Rows of the table, or lines of the page, that the body shows at once. */
  readonly page: number
  /** The last line that a longer page can begin with. */
  readonly maxScroll: number
}

const HEAD = 2
const FOOT = 1

export function layOut(state: ScreenState, columns: number, rows: number): Layout {
  const { page } = state.choices
  const overview = page === 'help' || rows < 16 ? 0 : rows < 30 || page === 'detail' ? (page === 'detail' ? 0 : 1) : 3
  const spaced = rows >= 14
  const notice = rows >= 20 || noticeText(state) !== null
  const body = Math.max(1, rows - HEAD - FOOT - overview - (spaced ? 1 : 0) - (notice ? 1 : 0))
  if (page === 'help')
    return {
      overview,
      body,
      spaced,
      notice,
      page: body,
      maxScroll: Math.max(0, helpText(state, Math.max(columns, LEAST_COLUMNS)).length - body),
    }
  if (page === 'detail') {
    const shown = Math.max(1, flowRows(state, body))
    const maxScroll = Math.max(0, (state.detail?.flows.length ?? 0) - shown)
    return { overview, body, spaced, notice, page: shown, maxScroll }
  }
  return { overview, body, spaced, notice, page: tableRows(body), maxScroll: 0 }
}

/** Exactly `rows` lines of at most `columns` columns. */
export function renderScreen(state: ScreenState, columns: number, rows: number): string[] {
  if (columns < LEAST_COLUMNS || rows < LEAST_ROWS) {
    return centred(`${LEAST_COLUMNS} × ${LEAST_ROWS} at least`, columns, Math.max(1, rows)).slice(0, rows)
  }
  const layout = layOut(state, columns, rows)
  const lines = [...headerLines(state, columns), ...overview(state, columns, layout.overview)]
  if (layout.spaced) lines.push('')
  lines.push(...bodyLines(state, columns, layout))
  if (layout.notice) lines.push(noticeLine(state, columns))
  lines.push(footerLine(state, columns))
  return lines
}

function overview(state: ScreenState, columns: number, height: number): string[] {
  return height === 0 ? [] : overviewLines(state, columns, height)
}

function bodyLines(state: ScreenState, columns: number, { body, maxScroll }: Layout): string[] {
  switch (state.choices.page) {
    case 'table':
      return tableLines(state, columns, body)
    case 'detail':
      return detailLines(state, columns, body)
    case 'help': {
      const first = Math.min(state.choices.scroll, maxScroll)
      const all = helpText(state, columns)
      const lines = all.slice(first, first + body)
      const below = all.length - first - body
      if (below > 0) lines[body - 1] = state.style.dim(`… ${formatCount(below + 1, 'more line')}`)
      while (lines.length < body) lines.push('')
      return lines
    }
  }
}

/** The most urgent thing that there is to say. */
function noticeText({ status, notice, choices, ending }: ScreenState): string | null {
  if (notice !== null) return notice
  if (ending !== null) return ending
  if (status.fault !== null)
    return status.frames === 0 ? status.fault : `${status.fault}; everything before it is shown`
  if (choices.filter !== '' && !choices.typing && choices.page === 'table') return `filter: ${choices.filter}`
  if (status.paused && status.replay === null) return 'paused; frames are still counted'
  return null
}

function noticeLine(state: ScreenState, columns: number): string {
  const text = clip(printable(noticeText(state) ?? ''), columns)
  const isAlarm = state.notice === null && (state.ending !== null || state.status.fault !== null)
  return isAlarm ? state.style.alarm(text) : text
}
