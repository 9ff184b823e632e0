/** What the page is when nothing is open: a place for captures, and what happens to them. */
import { el, svg } from '../../src/view/dom.ts'
import { createThemeToggle } from '../../src/view/theme.ts'
import { createFileButton } from './choose-files.ts'

export interface Welcome {
  readonly element: HTMLElement
  /** What went wrong with the last one; null for nothing. */
  say(message: string | null): void
  destroy(): void
}

const FACTS = [
  [
    'Who, and how fast',
    'Rate over time, hosts, conversations, protocols and services. Choose a part of the time, and every table follows.',
  ],
  [
    'Any size',
    'pcap and pcapng, plain or compressed with gzip, zstd or lz4, read piece by piece. Several are read as one, merged by time.',
  ],
  [
    'Nothing leaves this machine',
    'Captures are read by your browser alone. The page is forbidden to open any connection, by its own policy.',
  ],
] as const

export function createWelcome(onFiles: (files: File[]) => void): Welcome {
  const ended = new AbortController()
  const alert = el('div', { class: 'messages', role: 'alert' })
  const zone = el(
    'div',
    { class: 'drop-zone' },
    createPicture(),
    el('p', { class: 'drop-here' }, 'Drop captures here'),
    el('p', { class: 'or' }, 'or'),
    createFileButton('Choose files', 'primary', onFiles),
    el('p', { class: 'quiet' }, 'They stay on this machine.'),
  )
  const element = el(
    'div',
    { class: 'page welcome' },
    el(
      'header',
      { class: 'head' },
      el(
        'div',
        { class: 'brand' },
        el('span', { class: 'mark', 'aria-hidden': 'true' }),
        'netkit',
        createThemeToggle(() => {}, ended.signal),
      ),
    ),
    el(
      'main',
      {},
      el('h1', {}, 'Who talks to whom, and how fast?'),
      el('p', { class: 'lead' }, 'Open a network capture and see.'),
      zone,
      alert,
      el(
        'dl',
        { class: 'promises' },
        ...FACTS.map(([name, text]) => el('div', {}, el('dt', {}, name), el('dd', {}, text))),
      ),
    ),
  )
  return {
    element,
    say(message) {
      alert.replaceChildren(
        ...(message ?? '')
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => el('p', { class: 'alert' }, line)),
      )
    },
    destroy() {
      ended.abort()
      element.remove()
    },
  }
}

/** Traffic, as a report draws it: heights of the upper and the lower part of each bar. */
const BARS = [
  [10, 4],
  [18, 7],
  [13, 9],
  [26, 10],
  [34, 16],
  [22, 8],
  [30, 20],
  [16, 6],
  [11, 3],
] as const

function createPicture(): SVGElement {
  const bar = (x: number, height: number, kind: string) =>
    svg('rect', { x: String(x), y: String(36 - height), width: '7', height: String(height), rx: '1.5', class: kind })
  return svg(
    'svg',
    { viewBox: '0 0 88 36', width: '132', height: '54', 'aria-hidden': 'true', class: 'picture' },
    ...BARS.flatMap(([all, lower], i) => [bar(i * 10, all, 'bar-all'), bar(i * 10, lower, 'bar-part')]),
  )
}
