/** How far reading has come, and the way to end it. */
import { formatBytes } from '../../src/loggers/units.ts'
import { el } from '../../src/view/dom.ts'
import type { Reason } from '../protocol.ts'
import type { Progress } from './worker-client.ts'

/** What is quicker is not shown: it would only flicker. */
const SHOWN_AFTER_MS = 150

export const REASONS: Readonly<Record<Reason, string>> = {
  filter: 'the filter looks at every frame',
  keys: 'flows were not told apart by this',
  window: 'windows of this length are finer than what was kept',
  flows: 'there are too many flows to keep',
}

export interface Reading {
  readonly element: HTMLElement
  begin(what: string): void
  show(progress: Progress): void
  end(): void
}

export function createReading(onCancel: () => void): Reading {
  const title = el('p', { class: 'reading-title' })
  const bar = el('progress', { max: '1', value: '0', 'aria-label': 'Read so far' })
  const facts = el('p', { class: 'status' })
  const element = el(
    'div',
    { class: 'reading', role: 'region', 'aria-label': 'Reading', hidden: true },
    title,
    el('div', { class: 'reading-line' }, bar, el('button', { type: 'button', onclick: onCancel }, 'Cancel')),
    facts,
  )
  let started = 0
  let timer = 0
  return {
    element,
    begin(what) {
      started = performance.now()
      title.textContent = what
      bar.removeAttribute('value')
      facts.textContent = ''
      clearTimeout(timer)
      timer = setTimeout(() => {
        element.hidden = false
      }, SHOWN_AFTER_MS)
    },
    show({ bytes, of, reason }) {
      const seconds = (performance.now() - started) / 1000
      const rate = bytes / Math.max(seconds, 0.001)
      bar.value = of === 0 ? 1 : Math.min(1, bytes / of)
      const left = Math.ceil(Math.max(0, of - bytes) / Math.max(rate, 1))
      facts.textContent = [
        `${formatBytes(bytes, 'auto')} of ${formatBytes(of, 'auto')}`,
        `${formatBytes(rate, 'auto')}/s`,
        ...(seconds > 1 && left > 0 ? [`${left} s left`] : []),
        ...(reason === null ? [] : [`read again: ${REASONS[reason]}`]),
      ].join(' · ')
    },
    end() {
      clearTimeout(timer)
      element.hidden = true
    },
  }
}
