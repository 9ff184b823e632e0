/** Bytes between the largest hosts, who sends down the side and who receives along the top. */
import { printable } from '../loggers/printable.ts'
import { formatBytes } from '../loggers/units.ts'
import { countsIn, type LoadedReport } from '../report/select-time.ts'
import { el } from './dom.ts'
import type { State } from './state.ts'
import { withCommas } from './words.ts'

export function createMatrix({ data, cells }: LoadedReport, state: State): HTMLElement | null {
  if (data.matrix === null || cells.length === 0) return null
  // Hosts that only have traffic with others would be empty lines.
  const places = [...new Set(cells.flatMap(({ from, to }) => [from, to]))].sort((a, b) => a - b)
  const hosts = data.matrix.hosts
  const body = el('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Host to host' })

  const addressOf = (place: number) => printable(String(hosts[place]!.address))
  const nameOf = (place: number) => printable(String(hosts[place]!.name ?? ''))

  function draw(range: State['choices']['range']): void {
    const sums = new Map(cells.map((cell) => [`${cell.from} ${cell.to}`, countsIn(cell, range)]))
    const most = Math.max(1, ...[...sums.values()].map(({ bytes }) => bytes))
    const cellOf = (from: number, to: number): HTMLElement => {
      const sum = sums.get(`${from} ${to}`)
      if (sum === undefined || sum.packets === 0) return el('td', { class: 'empty' })
      // Traffic differs by orders of magnitude.
      const weight = Math.log1p(sum.bytes) / Math.log1p(most)
      const words = `${addressOf(from)} → ${addressOf(to)}: ${withCommas(sum.bytes)} bytes, ${withCommas(sum.packets)} packets`
      const cell = el('td', { title: words }, shortBytes(sum.bytes))
      cell.style.setProperty('--weight', (0.08 + 0.92 * weight ** 2).toFixed(2))
      return cell
    }
    body.replaceChildren(
      el(
        'table',
        { class: 'matrix' },
        el('caption', { class: 'hidden' }, 'Bytes from the host of the row to the host of the column'),
        el(
          'thead',
          {},
          el(
            'tr',
            {},
            el('th', { scope: 'col' }, 'from \\ to'),
            ...places.map((place, i) =>
              el(
                'th',
                { scope: 'col', title: addressOf(place) },
                `${i + 1}`,
                el('span', { class: 'hidden' }, ` ${addressOf(place)}`),
              ),
            ),
          ),
        ),
        el(
          'tbody',
          {},
          ...places.map((from, i) =>
            el(
              'tr',
              {},
              el(
                'th',
                { scope: 'row' },
                el('span', { class: 'index' }, `${i + 1}`),
                ' ',
                addressOf(from),
                ' ',
                el('span', { class: 'beside' }, nameOf(from)),
              ),
              ...places.map((to) => cellOf(from, to)),
            ),
          ),
        ),
      ),
    )
  }

  state.onChange(({ range }) => draw(range))
  const [all, left] = [hosts.length, hosts.length - places.length]
  const apart = left === 0 ? '' : ` ${left} of them had traffic with other hosts only.`
  return el(
    'section',
    { id: 'matrix' },
    el('div', { class: 'heading' }, el('h2', {}, 'Host to host')),
    body,
    el(
      'p',
      { class: 'note' },
      `Bytes between the ${all} hosts with most: the row sent, the column received.${apart} The stronger the colour, the more, by orders of magnitude.`,
    ),
  )
}

/** `1.2M`: room for four characters. */
function shortBytes(bytes: number): string {
  const [number, unit] = formatBytes(bytes).split(' ') as [string, string]
  return `${Number(Number(number).toPrecision(2))}${unit === 'B' ? '' : unit[0]!.toUpperCase()}`
}
