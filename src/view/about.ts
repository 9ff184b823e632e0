/** All that is known of the capture, where the page comes from, and what it is made of. */
import { el, saveFile } from './dom.ts'
import { morphChildren } from './morph.ts'
import type { Part } from './part.ts'
import type { ReportViewOptions } from './report-view.ts'
import type { State } from './state.ts'

const NOTE = 'This file holds everything that it shows, and asks for nothing from anywhere.'
const MEANINGS =
  'Times are UTC. Bytes are those on the wire, whatever the capture cut, unless said otherwise; k, M and G are powers of 1000.'

export function createAbout(state: State, { note = NOTE }: ReportViewOptions): Part {
  const save = el(
    'button',
    {
      type: 'button',
      onclick: () =>
        saveFile('report.json', 'application/json', `${JSON.stringify(state.picture.report.data, null, 1)}\n`),
    },
    'Save data (JSON)',
  )
  const facts = el('dl', { class: 'facts' })
  return {
    element: el(
      'section',
      { id: 'about' },
      el('div', { class: 'heading' }, el('h2', {}, 'About this capture'), el('div', { class: 'controls' }, save)),
      facts,
      el('p', { class: 'note' }, `${note} ${MEANINGS}`),
    ),
    draw({ report: { data } }) {
      const command = data.command === null ? [] : [el('code', { class: 'command' }, data.command)]
      morphChildren(facts, [
        ...data.facts.map(({ label, lines }) => fact(label, lines)),
        fact('Made by', [...command, `netkit ${data.netkit_version}`]),
      ])
    },
  }
}

function fact(label: string, lines: readonly (string | HTMLElement)[]): HTMLElement {
  return el('div', {}, el('dt', {}, label), ...lines.map((line) => el('dd', {}, line)))
}
