/** What netkit check found in the capture, the worst first. */
import type { LoadedReport } from '../report/select-time.ts'
import { el } from './dom.ts'

export function createQuality({ data: { findings } }: LoadedReport): HTMLElement | null {
  if (findings === null) return null
  const heading = el('div', { class: 'heading' }, el('h2', {}, 'Quality of the capture'))
  if (findings.length === 0) {
    return el(
      'section',
      { id: 'quality' },
      heading,
      el('p', { class: 'fine' }, 'Nothing was found that puts the numbers in doubt.'),
    )
  }
  return el(
    'section',
    { id: 'quality' },
    heading,
    el(
      'ul',
      { class: 'findings' },
      ...findings.map(({ severity, what, effect }) =>
        el(
          'li',
          {},
          el('span', { class: `severity ${severity}` }, severity),
          el('div', {}, el('p', { class: 'what' }, what), el('p', { class: 'effect' }, effect)),
        ),
      ),
    ),
  )
}
