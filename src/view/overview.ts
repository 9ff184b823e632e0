/** The head of the page: what was read, the key figures of the chosen time, and what to mind about them. */
import { formatSeconds, formatTime } from '../loggers/time-text.ts'
import { formatBytes, formatRate } from '../loggers/units.ts'
import { countsIn, type LoadedReport, rateIn, type TimeChoice, timesOf } from '../report/select-time.ts'
import { el, saveFile } from './dom.ts'
import type { State } from './state.ts'
import { decimalsOf, durationWords, spanWords, withCommas } from './words.ts'

export function createHead({ data }: LoadedReport, toggle: HTMLElement): HTMLElement {
  const files = factOf(data, 'File') ?? factOf(data, 'Files') ?? []
  const times = timesOf(data, null)
  const format = [...(factOf(data, 'Format') ?? []), ...(factOf(data, 'Link type') ?? [])].join(', ')
  return el(
    'header',
    { class: 'head' },
    el('div', { class: 'brand' }, el('span', { class: 'mark', 'aria-hidden': 'true' }), 'netkit report', toggle),
    el('h1', {}, files.map(baseName).join(', ') || 'capture'),
    el('p', { class: 'sub' }, [spanWords(times, 3), format].filter((text) => text !== '').join(' · ')),
  )
}

function baseName(path: string): string {
  return path.split(/[\\/]/).at(-1) || path
}

function factOf(data: LoadedReport['data'], label: string): readonly string[] | undefined {
  return data.facts.find((fact) => fact.label === label)?.lines
}

/** Damage first; then where every frame went. */
export function createAccounts({ data }: LoadedReport): HTMLElement {
  return el(
    'div',
    { class: 'accounts' },
    ...data.damage.map((line) => el('p', { class: 'alert', role: 'note' }, line)),
    el('p', { class: 'accounting' }, data.accounting),
  )
}

/** The numbers that people look for first, of the chosen time. */
export function createFigures(report: LoadedReport, state: State): HTMLElement {
  const { data, total } = report
  const figures = el('dl', { class: 'figures' })
  const accounting = data.capture.accounting as { readonly dropped: number | null }
  state.onChange(({ range }) => {
    const counts = countsIn(total, range)
    const { startNs, endNs } = timesOf(data, range)
    const length = startNs === null || endNs === null ? null : endNs - startNs
    const rate = rateIn(data, range)(counts.bytes)
    const figure = (name: string, value: string, exact: string | null = null) =>
      el('div', {}, el('dt', {}, name), el('dd', { title: exact }, value))
    figures.replaceChildren(
      figure(
        'Duration',
        length === null ? '-' : durationWords(length),
        length === null ? null : `${formatSeconds(length)} s`,
      ),
      figure('Frames', withCommas(counts.packets)),
      figure(
        data.basis === 'frame' ? 'Bytes' : 'Bytes counted',
        formatBytes(counts.bytes, data.units),
        withCommas(counts.bytes),
      ),
      figure('Mean rate', formatRate(rate, data.units)),
      ...(data.time === null ? [] : [peakFigure()]),
      figure('Dropped by the capture', accounting.dropped === null ? 'not said' : withCommas(accounting.dropped)),
    )

    function peakFigure(): HTMLElement {
      const step = BigInt(data.time!.step_ns)
      const { start, end } = range ?? { start: 0, end: data.time!.buckets }
      const { at, bytes } = total.series
      let peak = 0
      for (let i = 0; i < at.length; i++) if (at[i]! >= start && at[i]! < end && bytes[i]! > peak) peak = bytes[i]!
      const peakRate = (8e9 * peak) / Number(step)
      return figure(`Peak in ${durationWords(step)}`, formatRate(peakRate, data.units))
    }
  })
  return figures
}

/** Sticks to the top while tables are read: which time they are of, how to get back, and the search. */
export function createBar({ data }: LoadedReport, state: State): HTMLElement {
  const decimals = data.time === null ? 0 : decimalsOf(BigInt(data.time.step_ns))
  const when = el('span', { class: 'when', role: 'status' })
  const back = el('button', { type: 'button', onclick: () => state.choose({ range: null }) }, 'Whole capture')
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
  state.onChange(({ range, stackedBy }) => {
    const times = timesOf(data, range)
    when.textContent =
      range === null
        ? 'Whole capture'
        : `${spanWords(times, decimals)} (${durationWords(times.endNs! - times.startNs!)})`
    back.hidden = range === null
    const again = commandFor(data, range, stackedBy)
    line.hidden = again === null
    command.textContent = again ?? ''
  })
  return el(
    'div',
    { class: 'bar-top', role: 'search', 'aria-label': 'Time and rows' },
    el('div', { class: 'bar-line' }, when, back, search),
    line,
  )
}

/** Null where no command reads the same frames. */
function commandFor(data: LoadedReport['data'], range: TimeChoice, table: number): string | null {
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
  return ['netkit analyze', inputs, '--by', data.tables[table]!.by, ...times].join(' ')
}

/** RFC 3339, without the digits that say nothing. */
function timeFlag(ns: bigint): string {
  return formatTime(ns).replace(/\.?0+Z$/, 'Z')
}

/** All that is known of the capture, where the page comes from, and what it is made of. */
export function createAbout({ data }: LoadedReport): HTMLElement {
  const save = el(
    'button',
    {
      type: 'button',
      onclick: () => saveFile('report.json', 'application/json', `${JSON.stringify(data, null, 1)}\n`),
    },
    'Save data (JSON)',
  )
  const fact = (label: string, lines: readonly (string | HTMLElement)[]) =>
    el('div', {}, el('dt', {}, label), ...lines.map((line) => el('dd', {}, line)))
  return el(
    'section',
    { id: 'about' },
    el('div', { class: 'heading' }, el('h2', {}, 'About this capture'), el('div', { class: 'controls' }, save)),
    el(
      'dl',
      { class: 'facts' },
      ...data.facts.map(({ label, lines }) => fact(label, lines)),
      fact('Made by', [el('code', { class: 'command' }, data.command), `netkit ${data.netkit_version}`]),
    ),
    el(
      'p',
      { class: 'note' },
      'This file holds everything that it shows, and asks for nothing from anywhere. Times are UTC. Bytes are those on the wire, whatever the capture cut, unless said otherwise; k, M and G are powers of 1000.',
    ),
  )
}
