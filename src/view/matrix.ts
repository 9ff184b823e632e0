/** Bytes between the largest hosts, who sends down the side and who receives along the top. */
import { printable } from '../loggers/printable.ts'
import { formatBytes } from '../loggers/units.ts'
import { countsIn, type LoadedReport, type TimeChoice } from '../report/select-time.ts'
import { el } from './dom.ts'
import { morphChildren } from './morph.ts'
import type { Part } from './part.ts'
import { fullText, withCommas } from './words.ts'

export function createMatrix(): Part {
  const body = el('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Host to host' })
  const note = el('p', { class: 'note' })
  const element = el(
    'section',
    { id: 'matrix' },
    el('div', { class: 'heading' }, el('h2', {}, 'Host to host')),
    body,
    note,
  )
  return {
    element,
    draw({ report, range }) {
      const { matrix } = report.data
      element.hidden = matrix === null || report.cells.length === 0
      if (matrix === null) return
      // Hosts that only have traffic with others would be empty lines.
      const places = [...new Set(report.cells.flatMap(({ from, to }) => [from, to]))].sort((a, b) => a - b)
      morphChildren(body, [matrixTable(report, range, places)])
      const [all, left] = [matrix.hosts.length, matrix.hosts.length - places.length]
      const apart = left === 0 ? '' : ` ${left} of them had traffic with other hosts only.`
      morphChildren(note, [
        `Bytes between the ${all} hosts with most: the row sent, the column received.${apart} The stronger the colour, the more, by orders of magnitude.`,
      ])
    },
  }
}

function matrixTable({ data, cells }: LoadedReport, range: TimeChoice, places: readonly number[]): HTMLElement {
  const { hosts } = data.matrix!
  const sums = new Map(cells.map((cell) => [`${cell.from} ${cell.to}`, countsIn(cell, range)]))
  const most = Math.max(1, ...[...sums.values()].map(({ bytes }) => bytes))
  const addressOf = (place: number) => printable(String(hosts[place]!.address))
  const nameOf = (place: number) => printable(String(hosts[place]!.name ?? ''))

  function cellOf(from: number, to: number): HTMLElement {
    const sum = sums.get(`${from} ${to}`)
    if (sum === undefined || sum.packets === 0) return el('td', { class: 'empty' })
    // Traffic differs by orders of magnitude.
    const weight = Math.log1p(sum.bytes) / Math.log1p(most)
    const words = `${addressOf(from)} → ${addressOf(to)}: ${withCommas(sum.bytes)} bytes, ${withCommas(sum.packets)} packets`
    const cell = el('td', { title: words }, shortBytes(sum.bytes))
    cell.style.setProperty('--weight', (0.08 + 0.92 * weight ** 2).toFixed(2))
    return cell
  }

  const heads = places.map((place, i) => {
    const address = addressOf(place)
    return el('th', { scope: 'col', title: address }, `${i + 1}`, el('span', { class: 'hidden' }, ` ${address}`))
  })
  const rows = places.map((from, i) => {
    const index = el('span', { class: 'index' }, `${i + 1}`)
    const name = el('span', { class: 'beside' }, nameOf(from))
    const words = `${addressOf(from)} ${nameOf(from)}`
    const head = el('th', { scope: 'row', title: fullText(words) }, index, ' ', addressOf(from), ' ', name)
    return el('tr', {}, head, ...places.map((to) => cellOf(from, to)))
  })
  return el(
    'table',
    { class: 'matrix' },
    el('caption', { class: 'hidden' }, 'Bytes from the host of the row to the host of the column'),
    el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, 'from \\ to'), ...heads)),
    el('tbody', {}, ...rows),
  )
}

/** `1.2M`: room for four characters. */
function shortBytes(bytes: number): string {
  const [number, unit] = formatBytes(bytes).split(' ') as [string, string]
  return `${Number(Number(number).toPrecision(2))}${unit === 'B' ? '' : unit[0]!.toUpperCase()}`
}
