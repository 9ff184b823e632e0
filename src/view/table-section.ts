/** One table of the report: its rows in the chosen time, sorted, searched, a few of them or all. */
import { compareForSort } from '../engine/compare-keys.ts'
import type { KeyValue } from '../engine/records.ts'
import { csvOf } from '../report/save-csv.ts'
import type { LoadedReport, LoadedRow, LoadedTable } from '../report/select-time.ts'
import { countsTwice } from '../report/stack.ts'
import { el, saveFile } from './dom.ts'
import type { Choices, State } from './state.ts'
import { type Column, countColumns, keyColumns, type ShownRow, shownRow, shownSum } from './table-columns.ts'
import { isHealth, tableNouns, tableTitle, withCommas } from './words.ts'

const FIRST_ROWS = 10

export function createTableSection(report: LoadedReport, table: LoadedTable, state: State): HTMLElement {
  const { data } = report
  const title = tableTitle(table)
  const nouns = tableNouns(table)
  const keys = keyColumns(table, data.units)
  const id = `by-${title.toLowerCase().replace(/[^\w-]+/g, '-')}`
  /** What search looks at: made once. */
  const texts = new Map(table.rows.map((row) => [row, [...row.key, ...row.extras].join(' ').toLowerCase()]))
  let sort = { id: table.sort, ascending: false }
  let isOpen = false

  const count = el('span', { class: 'count' })
  const body = el('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': title })
  const more = el('button', {
    type: 'button',
    class: 'more',
    onclick() {
      isOpen = !isOpen
      draw(state.choices)
    },
  })
  const save = el(
    'button',
    {
      type: 'button',
      'aria-label': `Save CSV of ${nouns}`,
      onclick: () => saveFile(`${id}.csv`, 'text/csv', csvOf(report, table, state.choices.range)),
    },
    'Save CSV',
  )
  const element = el(
    'section',
    { id },
    el('div', { class: 'heading' }, el('h2', {}, title, ' ', count), el('div', { class: 'controls' }, save)),
    body,
    more,
    ...notes(),
  )

  /** Of TCP health, what is no TCP has none. */
  function hasHealth({ extras }: LoadedRow): boolean {
    return !isHealth(table) || extras.some((value) => value !== null)
  }

  function* notes(): Generator<HTMLElement> {
    const words: string[] = []
    if (table.other !== null) {
      const others = withCommas(table.groups - table.rows.length)
      words.push(
        `The row of others is the sum of the ${others} ${nouns} that are not among the first ${table.rows.length} of the whole capture by ${sortWords(table.sort)}: in a chosen time some of them may have had more than a row above.`,
      )
    }
    if (countsTwice(table)) {
      words.push(
        'A frame counts for both its ends, so these rows add up to more than the total, which has each frame once.',
      )
    }
    if (words.length > 0) yield el('p', { class: 'note' }, words.join(' '))
  }

  function draw({ range, search }: Choices): void {
    const total = shownSum(report.total, range)
    const columns = [...keys, ...countColumns(data, table, range, total.bytes)]
    const words = search.toLowerCase().split(/\s+/)
    const found = table.rows.filter((row) => words.every((word) => texts.get(row)!.includes(word)))
    const rows = found.map((row) => shownRow(row, range)).filter(({ packets, row }) => packets > 0 && hasHealth(row!))
    const by = columns.find((column) => column.id === sort.id)
    if (by !== undefined) order(rows, by, sort.ascending)
    const shown = isOpen ? rows : rows.slice(0, FIRST_ROWS)
    const foot: [string, ShownRow][] = []
    if (table.other !== null && search === '') {
      foot.push([`${withCommas(table.groups - table.rows.length)} others`, shownSum(table.other, range)])
    }
    foot.push([countsTwice(table) ? 'Total, each frame once' : 'Total', total])
    count.textContent = countWords(rows.length, search !== '', range !== null)
    const hadFocus = focusedColumn()
    body.replaceChildren(
      el(
        'table',
        {},
        el('caption', { class: 'hidden' }, title),
        el('thead', {}, el('tr', {}, ...columns.map(heading))),
        el('tbody', {}, ...shown.map((row) => bodyRow(row, columns))),
        el('tfoot', {}, ...foot.map(([name, row]) => footRow(name, row, columns))),
      ),
    )
    if (hadFocus !== -1) body.querySelectorAll('th')[hadFocus]?.querySelector('button')?.focus()
    more.hidden = rows.length <= FIRST_ROWS
    more.textContent = isOpen ? `Show the first ${FIRST_ROWS}` : `Show all ${withCommas(rows.length)}`
    more.setAttribute('aria-expanded', String(isOpen))
  }

  function focusedColumn(): number {
    const cell = document.activeElement?.closest('th')
    return cell != null && body.contains(cell) ? [...body.querySelectorAll('th')].indexOf(cell) : -1
  }

  function countWords(rows: number, isSearch: boolean, isPart: boolean): string {
    const of = withCommas(table.groups)
    if (isSearch) return `${rows} found among the first ${table.rows.length}`
    const kept = table.rows.length
    if (table.other !== null) return isPart ? `${rows} of the first ${kept} of ${of}` : `the first ${kept} of ${of}`
    return rows === table.groups ? of : `${withCommas(rows)} of ${of}`
  }

  function heading(column: Column): HTMLElement {
    const attributes = { scope: 'col', class: column.kind, title: column.hint }
    if (column.sortBy === null) return el('th', attributes, column.title)
    const isSorted = sort.id === column.id
    const direction = sort.ascending ? 'ascending' : 'descending'
    const button = el(
      'button',
      {
        type: 'button',
        onclick() {
          sort = isSorted
            ? { ...sort, ascending: !sort.ascending }
            : { id: column.id, ascending: column.kind === 'text' }
          draw(state.choices)
        },
      },
      column.title,
      el('span', { class: 'arrow', 'aria-hidden': 'true' }, isSorted ? (sort.ascending ? ' ↑' : ' ↓') : ''),
    )
    return el('th', { ...attributes, 'aria-sort': isSorted ? direction : null }, button)
  }

  state.onChange(draw)
  return element
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
  return el('tr', {}, ...columns.map((column) => el('td', { class: column.kind }, column.cell(row))))
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
