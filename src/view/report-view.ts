/** A loaded report → its elements. Charts are drawn when they are on the page. */
import type { LoadedReport } from '../report/select-time.ts'
import { el } from './dom.ts'
import { createMatrix } from './matrix.ts'
import { createAbout, createAccounts, createBar, createFigures, createHead } from './overview.ts'
import { createQuality } from './quality.ts'
import { State } from './state.ts'
import { createTableSection } from './table-section.ts'
import { createThemeToggle } from './theme.ts'
import { createTimeline } from './timeline.ts'

export interface ReportView {
  readonly element: HTMLElement
  /** To be called when the element is on the page. */
  start(): void
}

export function createReportView(report: LoadedReport): ReportView {
  const state = new State()
  const timeline = createTimeline(report, state)
  const toggle = createThemeToggle(timeline.redraw)
  const tables = report.tables.map((table) => ({ table, section: createTableSection(report, table, state) }))
  const isNarrow = ({ table }: (typeof tables)[number]) => table.by === 'protocol' || table.by === 'service'
  const sections = (some: typeof tables) => some.map(({ section }) => section)
  const element = el(
    'div',
    { class: 'page' },
    createHead(report, toggle),
    createBar(report, state),
    el(
      'main',
      {},
      createFigures(report, state),
      createAccounts(report),
      timeline.element,
      createQuality(report),
      ...sections(tables.filter((one) => !isNarrow(one))),
      el('div', { class: 'beside-each-other' }, ...sections(tables.filter(isNarrow))),
      createMatrix(report, state),
      createAbout(report),
    ),
  )
  return { element, start: timeline.start }
}
