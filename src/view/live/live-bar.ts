/** The line at the top of a live page: whether it is still fed, what came in so far, and a button that holds the picture still. */
import { formatRate } from '../../loggers/units.ts'
import type { LiveHistory } from '../../report/live-history.ts'
import type { LiveStart, LiveState } from '../../report/live-messages.ts'
import { el } from '../dom.ts'
import { withCommas } from '../words.ts'

export interface LiveBar {
  readonly element: HTMLElement
  /** The picture stands still; what comes is kept. */
  readonly isPaused: boolean
  connected(start: LiveStart): void
  /** `isFinal`: nobody tries again. */
  disconnected(isFinal: boolean): void
  show(history: LiveHistory): void
}

/** `live`, `waiting` and `paused` go on; `broken` may. */
type Mood = 'connecting' | 'waiting' | 'live' | 'paused' | 'broken' | 'ended'

export function createLiveBar(onResume: () => void): LiveBar {
  let isPaused = false
  let isBroken: 'no' | 'trying' | 'gone' = 'no'
  let history: LiveHistory | null = null
  let title = ''
  const dot = el('span', { class: 'live-dot', 'aria-hidden': 'true' })
  // Said aloud when it changes, which is not each second.
  const word = el('span', { class: 'live-word', role: 'status' }, 'Connecting')
  const facts = el('span', { class: 'live-facts' })
  const lost = el('span', { class: 'live-lost', role: 'status' })
  const pause = el('button', { type: 'button', 'aria-pressed': 'false', onclick: () => toggle() }, 'Pause')
  const element = el('div', { class: 'toolbar live-bar' }, dot, word, facts, lost, pause)
  set('connecting', 'Connecting')
  pause.hidden = true

  function toggle(): void {
    isPaused = !isPaused
    pause.textContent = isPaused ? 'Go on' : 'Pause'
    pause.setAttribute('aria-pressed', String(isPaused))
    say()
    if (!isPaused) onResume()
  }

  function set(mood: Mood, words: string): void {
    element.dataset.mood = mood
    if (word.textContent !== words) word.textContent = words
    pause.hidden = mood !== 'live' && mood !== 'paused'
  }

  function say(): void {
    const state = history?.state ?? null
    if (state?.state === 'ended') set('ended', endWords(state, history!.start))
    else if (isBroken === 'gone') set('broken', 'netkit does not answer: it has ended, or too many pages look on')
    else if (isBroken === 'trying') set('broken', 'The connection is lost; trying again')
    else if (history === null) set('connecting', 'Connecting')
    else if (state === null || state.state === 'waiting') set('waiting', `Waiting for the first frame on ${title}`)
    else if (isPaused) set('paused', 'The picture is held; counting goes on')
    else set('live', history.start.source === 'recording' ? 'Playing' : 'Live')
  }

  return {
    element,
    get isPaused() {
      return isPaused
    },
    connected(start) {
      isBroken = 'no'
      title = start.title
      say()
    },
    disconnected(isFinal) {
      isBroken = isFinal ? 'gone' : 'trying'
      say()
    },
    show(current) {
      history = current
      const { state, start } = current
      if (state !== null) {
        const rate = state.state === 'ended' ? null : formatRate(current.bitsPerSecondNow, start.units)
        const dropped = state.dropped === null ? null : `${withCommas(state.dropped)} dropped`
        const frames = `${withCommas(state.frames)} frames since the start`
        facts.textContent = [rate, frames, dropped].filter((fact) => fact !== null).join(' · ')
      }
      lost.textContent = current.lost > 0 ? `dropped ${withCommas(current.lost)} updates on this page` : ''
      say()
    },
  }
}

function endWords({ problem }: LiveState, { source }: LiveStart): string {
  const what = source === 'recording' ? 'The recording' : 'The capture'
  return problem === null ? `${what} has ended; this is what it came to` : `${what} has ended: ${problem}`
}
