/** One table of the report: its rows in the chosen time, sorted, searched, a few of them or all. */
import { compareForSort } from '../engine/compare-keys.ts'
import type { KeyValue } from '../engine/records.ts'
import { csvOf } from '../report/save-csv.ts'
import type { LoadedReport, LoadedRow, LoadedTable } from '../report/select-time.ts'
import { countsTwice } from '../report/stack.ts'
import { el, saveFile } from './dom.ts'
import { morphChildren } from './morph.ts'
import type { Part } from './part.ts'
import type { Picture, State } from './state.ts'
import { type Column, countColumns, keyColumns, type ShownRow, shownRow, shownSum } from './table-columns.ts'
import { fullText, isHealth, tableKey, tableNouns, tableTitle, withCommas } from './words.ts'

const FIRST_ROWS = 10

/** Of any table with the key of this one. */
export function createTableSection(first: LoadedTable, state: State): Part {
  const key = tableKey(first)
  const title = tableTitle(first)
  const nouns = tableNouns(first)
  const id = `by-${title.toLowerCase().replace(/[^\w-]+/g, '-')}`
  const searchTexts = new WeakMap<LoadedRow, string>()
  /** Null: as the report is. */
  let sort: Sort | null = null
  let isOpen = false

  const count = el('span', { class: 'count' })
  const body = el('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': title, onclick: sortByHead })
  const more = el('button', {
    type: 'button',
    class: 'more',
    onclick() {
      isOpen = !isOpen
      draw(state.picture)
    },
  })
  const save = el('button', { type: 'button', 'aria-label': `Save CSV of ${nouns}`, onclick: saveCsv }, 'Save CSV')
  const note = el('p', { class: 'note' })
  const element = el(
    'section',
    { id },
    el('div', { class: 'heading' }, el('h2', {}, title, ' ', count), el('div', { class: 'controls' }, save)),
    body,
    more,
    note,
  )

  const tableOf = ({ tables }: LoadedReport): LoadedTable => tables.find((table) => tableKey(table) === key)!

  function saveCsv(): void {
    const { report, range } = state.picture
    saveFile(`${id}.csv`, 'text/csv', csvOf(report, tableOf(report), range))
  }

  function sortByHead({ target }: MouseEvent): void {
    const head = target instanceof Element ? target.closest<HTMLElement>('button[data-column]') : null
    if (head === null) return
    const column = head.dataset.column!
    const now = sort ?? sortOf(tableOf(state.picture.report))
    const ascending = now.column === column ? !now.ascending : head.dataset.kind === 'text'
    sort = { column, ascending }
    draw(state.picture)
  }

  /** What search looks at: made once. */
  function searchText(row: LoadedRow): string {
    let text = searchTexts.get(row)
    if (text === undefined) {
      text = [...row.key, ...row.extras].join(' ').toLowerCase()
      searchTexts.set(row, text)
    }
    return text
  }

  function draw({ report, range, search }: Picture): void {
    const table = tableOf(report)
    const now = sort ?? sortOf(table)
    const total = shownSum(report.total, range)
    const columns = [...keyColumns(table, report.data.units), ...countColumns(report.data, table, range, total.bytes)]
    const words = search.toLowerCase().split(/\s+/)
    const found =
      search === '' ? table.rows : table.rows.filter((row) => words.every((word) => searchText(row).includes(word)))
    const rows = found
      .map((row) => shownRow(row, range))
      .filter(({ packets, row }) => packets > 0 && hasHealth(table, row!))
    const by = columns.find(({ id }) => id === now.column)
    if (by !== undefined) order(rows, by, now.ascending)
    const shown = isOpen ? rows : rows.slice(0, FIRST_ROWS)
    const foot: [string, ShownRow][] = []
    if (table.other !== null && search === '') {
      foot.push([`${withCommas(table.groups - table.rows.length)} others`, shownSum(table.other, range)])
    }
    foot.push([countsTwice(table) ? 'Total, each frame once' : 'Total', total])
    morphChildren(count, [countWords(table, rows.length, search !== '', range !== null)])
    morphChildren(body, [
      el(
        'table',
        // Two ends with ports and names leave no room for numbers.
        { class: table.columns.includes('dst_port') ? 'names-below' : null },
        el('caption', { class: 'hidden' }, title),
        el('thead', {}, el('tr', {}, ...columns.map((column) => headCell(column, now)))),
        el('tbody', {}, ...shown.map((row) => bodyRow(row, columns))),
        el('tfoot', {}, ...foot.map(([name, row]) => footRow(name, row, columns))),
      ),
    ])
    more.hidden = rows.length <= FIRST_ROWS
    morphChildren(more, [isOpen ? `Show the first ${FIRST_ROWS}` : `Show all ${withCommas(rows.length)}`])
    more.setAttribute('aria-expanded', String(isOpen))
    const notes = notesOn(table)
    note.hidden = notes === ''
    morphChildren(note, [notes])
  }

  return { element, draw }
}

interface Sort {
  readonly column: string
  readonly ascending: boolean
}

function sortOf({ sort }: LoadedTable): Sort {
  return { column: sort, ascending: false }
}

/** Of TCP health, what is no TCP has none. */
function hasHealth(table: LoadedTable, { extras }: LoadedRow): boolean {
  return !isHealth(table) || extras.some((value) => value !== null)
}

function notesOn(table: LoadedTable): string {
  const words: string[] = []
  if (table.other !== null) {
    const others = withCommas(table.groups - table.rows.length)
    words.push(
      `The row of others is the sum of the ${others} ${tableNouns(table)} that are not among the first ${table.rows.length} of the whole capture by ${sortWords(table.sort)}: in a chosen time some of them may have had more than a row above.`,
    )
  }
  if (countsTwice(table)) {
    words.push(
      'A frame counts for both its ends, so these rows add up to more than the total, which has each frame once.',
    )
  }
  return words.join(' ')
}

function countWords(
  { groups, rows: kept, other }: LoadedTable,
  rows: number,
  isSearch: boolean,
  isPart: boolean,
): string {
  const of = withCommas(groups)
  if (isSearch) return `${rows} found among the first ${kept.length}`
  if (other !== null)
    return isPart ? `${rows} of the first ${kept.length} of ${of}` : `the first ${kept.length} of ${of}`
  return rows === groups ? of : `${withCommas(rows)} of ${of}`
}

/** Clicks on it are heard by what it is in, which stays. */
function headCell({ id, title, kind, hint, sortBy }: Column, sort: Sort): HTMLElement {
  const attributes = { scope: 'col', class: kind, title: hint }
  if (sortBy === null) return el('th', attributes, title)
  const isSorted = sort.column === id
  // Behind a space that does not break.
  const arrow = isSorted ? (sort.ascending ? '\u00a0↑' : '\u00a0↓') : ''
  return el(
    'th',
    { ...attributes, 'aria-sort': isSorted ? (sort.ascending ? 'ascending' : 'descending') : null },
    el(
      'button',
      { type: 'button', 'data-column': id, 'data-kind': kind },
      title,
      el('span', { class: 'arrow', 'aria-hidden': 'true' }, arrow),
    ),
  )
}

/** As the engine does it; equal rows stay in its order. */
function order(rows: ShownRow[], { sortBy, kind }: Column, ascending: boolean): void {
  if (sortBy === null) return
  const compare = (a: KeyValue, b: KeyValue): number => {
    if (kind === 'text') return compareForSort(a, b)
    return Number(b ?? -1) - Number(a ?? -1)
  }
  const sign = ascending === (kind === 'text') ? 1 : -1
  rows.sort((a, b) => sign * compare(sortBy(a), sortBy(b)))
}

function bodyRow(row: ShownRow, columns: readonly Column[]): HTMLElement {
  return el(
    'tr',
    {},
    ...columns.map(({ kind, cell }) => {
      const content = cell(row)
      const text = typeof content === 'string' ? content : (content.textContent ?? '')
      return el('td', { class: kind, title: kind === 'text' ? fullText(text) : null }, content)
    }),
  )
}

function footRow(name: string, row: ShownRow, columns: readonly Column[]): HTMLElement {
  const keys = columns.findIndex(({ id }) => id === 'bytes')
  return el(
    'tr',
    {},
    el('th', { scope: 'row', colspan: keys }, name),
    ...columns.slice(keys).map((column) => el('td', { class: column.kind }, column.cell(row))),
  )
}

function sortWords(sort: string): string {
  return sort.replaceAll('_', ' ')
}
