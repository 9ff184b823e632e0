/** Sticks to the top while tables are read: which time they are of, how to get back, the search, and the command for the same. */
import { formatTime } from '../loggers/time-text.ts'
import { timesOf } from '../report/select-time.ts'
import { el } from './dom.ts'
import type { Part } from './part.ts'
import type { ReportViewOptions } from './report-view.ts'
import type { Picture, State } from './state.ts'
import { decimalsOf, durationWords, spanWords } from './words.ts'

export function createBar(
  state: State,
  { live = false, whole = live ? 'All so far' : 'Whole capture' }: ReportViewOptions,
): Part {
  const when = el('span', { class: 'when', role: 'status' })
  const back = el(
    'button',
    { type: 'button', onclick: () => state.choose({ range: null }) },
    live ? 'Back to live' : whole,
  )
  const search = el('input', {
    type: 'search',
    placeholder: 'Search rows',
    'aria-label': 'Search rows of all tables',
    spellcheck: 'false',
    autocomplete: 'off',
    oninput: () => state.choose({ search: search.value.trim() }),
  })
  const command = el('code', { class: 'command' })
  const line = el('p', { class: 'again' }, el('span', {}, 'The same on the command line: '), command)
  return {
    element: el(
      'div',
      { class: 'bar-top', role: 'search', 'aria-label': 'Time and rows' },
      el('div', { class: 'bar-line' }, when, back, search),
      line,
    ),
    draw(picture) {
      // A status is read out when it changes: of a running capture that is what was chosen, not how far it is.
      const words = chosenWords(picture) ?? whole
      if (when.textContent !== words) when.textContent = words
      back.hidden = picture.range === null
      const again = commandFor(picture)
      line.hidden = again === null
      if (command.textContent !== again) command.textContent = again
    },
  }
}

function chosenWords({ report: { data }, range }: Picture): string | null {
  if (range === null || data.time === null) return null
  const times = timesOf(data, range)
  return `${spanWords(times, decimalsOf(BigInt(data.time.step_ns)))} (${durationWords(times.endNs! - times.startNs!)})`
}

/** Null where no command reads the same frames. */
function commandFor({ report: { data }, range, stack }: Picture): string | null {
  const { inputs, since_ns, until_ns } = data
  if (inputs === null) return null
  let since = since_ns === null ? null : BigInt(since_ns)
  let until = until_ns === null ? null : BigInt(until_ns)
  if (range !== null) {
    const { startNs, endNs } = timesOf(data, range)
    if (since === null || startNs! > since) since = startNs
    if (until === null || endNs! < until) until = endNs
  }
  const times = [
    ...(since === null ? [] : ['--since', timeFlag(since)]),
    ...(until === null ? [] : ['--until', timeFlag(until)]),
  ]
  return ['netkit analyze', inputs, '--by', stack.by, ...times].join(' ')
}

/** RFC 3339, without the digits that say nothing. */
function timeFlag(ns: bigint): string {
  return formatTime(ns).replace(/\.?0+Z$/, 'Z')
}
