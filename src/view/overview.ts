/** The head of the page: what was read, and what to mind about it. */
import { printable } from '../loggers/printable.ts'
import { type LoadedReport, timesOf } from '../report/select-time.ts'
import { el } from './dom.ts'
import { morphChildren } from './morph.ts'
import type { Part } from './part.ts'
import type { ReportViewOptions } from './report-view.ts'
import { spanWords } from './words.ts'

export function createHead(toggle: HTMLElement, { toolbar, brand = 'netkit report', title }: ReportViewOptions): Part {
  const heading = el('h1')
  const sub = el('p', { class: 'sub' })
  const element = el(
    'header',
    { class: 'head' },
    el('div', { class: 'brand' }, el('span', { class: 'mark', 'aria-hidden': 'true' }), brand, toggle),
    toolbar ?? null,
    heading,
    sub,
  )
  return {
    element,
    draw({ report: { data } }) {
      const format = [...(factOf(data, 'Format') ?? []), ...(factOf(data, 'Link type') ?? [])].join(', ')
      const words = [spanWords(timesOf(data, null), 3), format].filter((text) => text !== '')
      morphChildren(heading, [title ?? fileNames(data.capture.files as readonly string[])])
      morphChildren(sub, [words.join(' · ')])
    },
  }
}

/** Folders can hold thousands of files. */
const NAMED_FILES = 3

function fileNames(paths: readonly string[]): string {
  const names = paths.slice(0, NAMED_FILES).map((path) => printable(path.split(/[\\/]/).at(-1) || path))
  const more = paths.length > NAMED_FILES ? ` and ${paths.length - NAMED_FILES} more` : ''
  return names.length === 0 ? 'capture' : `${names.join(', ')}${more}`
}

function factOf(data: LoadedReport['data'], label: string): readonly string[] | undefined {
  return data.facts.find((fact) => fact.label === label)?.lines
}

/** Damage first; then where every frame went. */
export function createAccounts(): Part {
  const element = el('div', { class: 'accounts' })
  return {
    element,
    draw({ report: { data } }) {
      morphChildren(element, [
        ...data.damage.map((line) => el('p', { class: 'alert', role: 'note' }, line)),
        el('p', { class: 'accounting' }, data.accounting),
      ])
    },
  }
}
