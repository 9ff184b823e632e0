/** A loaded report → its elements, and other data in the same elements. Charts are drawn when they are on the page. */
import type { LoadedReport } from '../report/select-time.ts'
import { createAbout } from './about.ts'
import { createBar } from './bar.ts'
import { arrange, el } from './dom.ts'
import { createFigures } from './figures.ts'
import { createMatrix } from './matrix.ts'
import { createAccounts, createHead } from './overview.ts'
import type { Part } from './part.ts'
import { createQuality } from './quality.ts'
import { type Picture, State } from './state.ts'
import { createTableSection } from './table-section.ts'
import { createThemeToggle } from './theme.ts'
import { createTimeline } from './timeline.ts'
import { tableKey } from './words.ts'

export interface ReportViewOptions {
  /** Stands at the top: what the page lets people do beside looking. It stays the caller's, who may change it at any time. */
  readonly toolbar?: HTMLElement
  /** Beside the mark; `netkit report` unless given. */
  readonly brand?: string
  /** The heading; the names of the files unless given. */
  readonly title?: string
  /** Where the data are and where they go, last on the page; that of a file unless given. */
  readonly note?: string
  /** The capture goes on: there is more of it with each update. */
  readonly live?: boolean
  /** What all of the data are called, where no part of their time is chosen; `Whole capture` unless given. */
  readonly whole?: string
}

export interface ReportView {
  readonly element: HTMLElement
  /** To be called once, when the element is on the page and has a width. */
  start(): void
  /** Other data in the same elements: what people chose, where they are and what has the focus stay. */
  update(report: LoadedReport): void
  /** Takes the element from the page, and ends everything that listens. */
  destroy(): void
}

export function createReportView(report: LoadedReport, options: ReportViewOptions = {}): ReportView {
  const ended = new AbortController()
  const state = new State(report, draw)
  const timeline = createTimeline(state, ended.signal)
  const toggle = createThemeToggle(() => timeline.redraw(), ended.signal)
  /** Those that there have been: one that comes back is as it was. */
  const tables = new Map<string, Part>()
  const wide = el('div', {})
  const narrow = el('div', { class: 'beside-each-other' })
  const parts: readonly Part[] = [
    createHead(toggle, options),
    createBar(state, options),
    createFigures(),
    createAccounts(),
    timeline,
    createQuality(),
    { element: wide, draw: drawTables },
    createMatrix(),
    createAbout(state, options),
  ]
  const [head, bar, ...others] = parts.map((part) => part.element)
  const main = el('main', {}, ...others)
  wide.after(narrow)
  const element = el('div', { class: 'page' }, head!, bar!, main)
  draw(state.picture)

  function draw(picture: Picture): void {
    for (const part of parts) part.draw(picture)
  }

  function drawTables(picture: Picture): void {
    const shown = new Map(picture.report.tables.map((table) => [tableKey(table), table]))
    for (const [key, table] of shown) {
      if (!tables.has(key)) tables.set(key, createTableSection(table, state))
      tables.get(key)!.draw(picture)
    }
    const sections = (isNarrow: boolean) =>
      [...shown].filter(([, { by }]) => isNarrow === (by === 'protocol' || by === 'service'))
    arrange(
      wide,
      sections(false).map(([key]) => tables.get(key)!.element),
    )
    arrange(
      narrow,
      sections(true).map(([key]) => tables.get(key)!.element),
    )
  }

  return {
    element,
    start: timeline.start,
    update: (other) => state.update(other),
    destroy() {
      ended.abort()
      element.remove()
    },
  }
}
