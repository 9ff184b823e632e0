/** What can be asked of an open capture: grouping, window, filter, names, units, and what to save. */
import { parseDuration } from '../../src/cli/parse-duration.ts'
import { parseBy } from '../../src/engine/by.ts'
import { UNIT_NAMES, type Units } from '../../src/loggers/units.ts'
import { el } from '../../src/view/dom.ts'
import type { Choices, SavedFormat } from '../protocol.ts'
import { createFileButton } from './choose-files.ts'

export const FIRST_CHOICES: Choices = { by: 'pair', filter: '', windowNs: null, names: true, units: 'auto' }

const WORDS: readonly (readonly [string, string])[] = [
  ['pair', 'pairs'],
  ['flow', 'flows'],
  ['conversation', 'conversations'],
  ['host', 'hosts'],
  ['src', 'sources'],
  ['dst', 'destinations'],
  ['protocol', 'protocols'],
  ['service', 'services'],
  ['host/24', 'subnets'],
  ['direction', 'directions'],
  ['vlan', 'VLANs'],
  ['mac', 'MAC addresses'],
  ['interface', 'interfaces'],
]
const OTHER = 'other'

export interface ToolbarEvents {
  onChoice(choices: Choices): void
  onSave(format: SavedFormat): void
  onFiles(files: File[]): void
}

export interface Toolbar {
  readonly element: HTMLElement
  /** Controls show these again: those before failed or were cancelled. */
  reset(choices: Choices): void
  /** The same, but what was typed stays, to be mended. */
  keep(choices: Choices): void
  /** While an answer is made. */
  setBusy(isBusy: boolean): void
  /** One line: what was read for the answer. */
  setStatus(text: string): void
  /** What is wrong with what was typed; the filter with the place in it. */
  setError(error: { readonly message: string; readonly picture: string | null } | null): void
  /** What is to be minded about the capture. */
  setSentences(sentences: readonly string[]): void
}

export function createToolbar(first: Choices, { onChoice, onSave, onFiles }: ToolbarEvents): Toolbar {
  let choices = first
  const by = el(
    'select',
    { 'aria-label': 'Rows' },
    ...WORDS.map(([value, text]) => el('option', { value }, text)),
    el('option', { value: OTHER }, 'other keys…'),
  )
  const otherBy = el('input', {
    class: 'other-by',
    placeholder: 'src/24,protocol',
    'aria-label': 'Keys of a row',
    spellcheck: 'false',
    autocapitalize: 'off',
    hidden: true,
  })
  const window = el('input', {
    class: 'window',
    placeholder: 'none',
    title: 'Length of a window, such as 1s, 500ms or 1m: of the curve, and of saved JSON and CSV',
    spellcheck: 'false',
    autocapitalize: 'off',
    autocomplete: 'off',
  })
  const filter = el('input', {
    class: 'filter',
    placeholder: 'host 10.0.0.1 and tcp port 443',
    spellcheck: 'false',
    autocapitalize: 'off',
    autocomplete: 'off',
    'aria-describedby': 'filter-error',
  })
  const names = el('input', { type: 'checkbox' })
  const units = el(
    'select',
    { 'aria-label': 'Units' },
    ...UNIT_NAMES.map((unit) => el('option', { value: unit }, unit)),
  )
  const save = (format: SavedFormat, text: string) =>
    el('button', { type: 'button', onclick: () => onSave(format) }, text)
  const status = el('p', { class: 'status read-status', role: 'status' })
  const error = el('div', { id: 'filter-error', class: 'choice-error', role: 'alert' })
  const sentences = el('div', { class: 'messages' })
  const label = (text: string, ...controls: HTMLElement[]) => el('label', {}, el('span', {}, text), ...controls)

  const choose = (some: Partial<Choices>) => {
    const next = { ...choices, ...some }
    if (JSON.stringify(keyOf(next)) === JSON.stringify(keyOf(choices))) return setError(null)
    setError(null)
    choices = next
    onChoice(choices)
  }
  /** A sentence in place of a choice. */
  const tryTo = (control: HTMLElement, choice: () => Partial<Choices>) => {
    try {
      control.removeAttribute('aria-invalid')
      choose(choice())
    } catch (problem) {
      control.setAttribute('aria-invalid', 'true')
      setError({ message: (problem as Error).message, picture: null })
    }
  }
  by.addEventListener('change', () => {
    otherBy.hidden = by.value !== OTHER
    if (by.value === OTHER) otherBy.focus()
    else tryTo(by, () => ({ by: by.value }))
  })
  otherBy.addEventListener('change', () =>
    tryTo(otherBy, () => {
      parseBy(otherBy.value)
      return { by: otherBy.value.trim().toLowerCase() }
    }),
  )
  window.addEventListener('change', () =>
    tryTo(window, () => ({ windowNs: isNone(window.value) ? null : parseDuration(window.value) })),
  )
  filter.addEventListener('change', () => tryTo(filter, () => ({ filter: filter.value.trim() })))
  names.addEventListener('change', () => choose({ names: names.checked }))
  units.addEventListener('change', () => choose({ units: units.value as Units }))

  function reset(to: Choices): void {
    choices = to
    const isWord = WORDS.some(([word]) => word === to.by)
    by.value = isWord ? to.by : OTHER
    otherBy.hidden = isWord
    if (!isWord) otherBy.value = to.by
    if (to.windowNs === null) window.value = ''
    filter.value = to.filter
    names.checked = to.names
    units.value = to.units
  }

  function setError(problem: { readonly message: string; readonly picture: string | null } | null): void {
    error.replaceChildren()
    if (problem === null) return
    error.append(el('p', { class: 'alert' }, problem.message))
    if (problem.picture !== null) error.append(el('pre', {}, problem.picture))
  }

  reset(first)
  const element = el(
    'div',
    { class: 'toolbar-group' },
    el(
      'div',
      { class: 'toolbar choices', role: 'group', 'aria-label': 'What to count' },
      label('Rows', by),
      otherBy,
      label('Window', window),
      el('label', { class: 'wide' }, el('span', {}, 'Filter'), filter),
      label('Units', units),
      el('label', { class: 'check' }, names, el('span', {}, 'Names')),
    ),
    error,
    el(
      'div',
      { class: 'toolbar actions' },
      createFileButton('Open…', 'open', onFiles),
      el('span', { class: 'save-word', 'aria-hidden': 'true' }, 'Save'),
      el(
        'span',
        { class: 'save', role: 'group', 'aria-label': 'Save' },
        save('html', 'report.html'),
        save('csv', 'CSV'),
        save('json', 'JSON'),
      ),
      status,
    ),
    sentences,
  )
  return {
    element,
    reset,
    keep(before) {
      choices = before
    },
    setBusy(isBusy) {
      element.setAttribute('aria-busy', String(isBusy))
      for (const control of element.querySelectorAll('button')) control.disabled = isBusy
    },
    setStatus(text) {
      status.textContent = text
    },
    setError,
    setSentences(lines) {
      sentences.replaceChildren(...lines.map((line) => el('p', { class: 'alert', role: 'note' }, line)))
    },
  }
}

/** As the flag of the command line has it. */
function isNone(text: string): boolean {
  return ['', '0', 'all', 'none'].includes(text.trim())
}

function keyOf({ by, filter, windowNs, names, units }: Choices) {
  return [by, filter, String(windowNs), names, units]
}
