/** What netkit check found in the capture, the worst first. */
import type { ReportFinding } from '../report/report-data.ts'
import { el } from './dom.ts'
import { morphChildren } from './morph.ts'
import type { Part } from './part.ts'

export function createQuality(): Part {
  const element = el('section', { id: 'quality' })
  return {
    element,
    draw({ report: { data } }) {
      const { findings } = data
      element.hidden = findings === null
      morphChildren(element, findings === null ? [] : [heading(), findingsList(findings)])
    },
  }
}

function heading(): HTMLElement {
  return el('div', { class: 'heading' }, el('h2', {}, 'Quality of the capture'))
}

function findingsList(findings: readonly ReportFinding[]): HTMLElement {
  if (findings.length === 0) {
    return el('p', { class: 'fine' }, 'Nothing was found that puts the numbers in doubt.')
  }
  return el(
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
  )
}
