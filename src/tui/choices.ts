/** What the person at the keyboard has chosen, and what a key changes in it. Pure: nothing here touches a terminal. */
import type { Units } from '../loggers/units.ts'
import { LIVE_SORTS, type LiveSort } from '../pipeline/live-frame.ts'
import { type NamedGrouping, next, SCREEN_UNITS, WINDOW_SECONDS } from './groupings.ts'

export type Page = 'table' | 'detail' | 'help'

export interface Choices {
  readonly page: Page
  readonly grouping: NamedGrouping
  readonly sort: LiveSort
  readonly windowSeconds: number
  readonly units: Units
  readonly names: boolean
  readonly filter: string
  /** The filter is being typed. */
  readonly typing: boolean
  /** Group of the row that is marked. It is followed wherever the order puts it. */
  readonly selected: number | null
  /** First line of a page that is longer than the screen: the help, or the flows of a row. */
  readonly scroll: number
}

/** As `node:readline` reports it. */
export interface Key {
  /** The text that was typed, if it is text. */
  readonly sequence?: string | undefined
  readonly name?: string | undefined
  readonly ctrl?: boolean | undefined
  readonly meta?: boolean | undefined
  readonly shift?: boolean | undefined
}

/** What is to be done besides. */
export type Action =
  | { readonly do: 'quit' | 'suspend' | 'pause' | 'step' | 'redraw' }
  | { readonly do: 'jump'; readonly seconds: number }
  | { readonly do: 'speed'; readonly factor: number }

export interface Surroundings {
  /** Groups of the rows in their order. */
  readonly groups: readonly number[]
  /** Rows on a page. */
  readonly page: number
  /** The last line that a longer page can begin with. */
  readonly maxScroll: number
  /** All groupings, the one that the command was started with among them. */
  readonly groupings: readonly NamedGrouping[]
  readonly isReplay: boolean
}

export interface Reaction {
  readonly choices: Choices
  readonly action: Action | null
}

const SHORT_JUMP_SECONDS = 10
const LONG_JUMP_SECONDS = 60

export function react(choices: Choices, key: Key, around: Surroundings): Reaction {
  if (key.ctrl === true && key.name === 'c') return { choices, action: { do: 'quit' } }
  if (key.ctrl === true && key.name === 'z') return { choices, action: { do: 'suspend' } }
  if (key.ctrl === true && key.name === 'l') return { choices, action: { do: 'redraw' } }
  if (choices.typing) return { choices: type(choices, key), action: null }
  const moved = move(choices, key, around)
  if (moved !== null) return { choices: moved, action: null }
  const action = actionOf(key, around)
  if (action !== null) return { choices, action }
  return { choices: choose(choices, key, around), action: null }
}

function type(choices: Choices, key: Key): Choices {
  const { filter } = choices
  switch (key.name) {
    case 'return':
    case 'enter':
      return { ...choices, typing: false }
    case 'escape':
      return { ...choices, typing: false, filter: '' }
    case 'backspace':
      return { ...choices, filter: Array.from(filter).slice(0, -1).join('') }
  }
  if (key.ctrl === true && (key.name === 'u' || key.name === 'w')) return { ...choices, filter: '' }
  const { sequence = '' } = key
  // Control characters and the sequences of arrows and function keys are no text.
  if (key.ctrl === true || key.meta === true || !/^[^\p{Cc}]+$/u.test(sequence)) return choices
  return { ...choices, filter: filter + sequence }
}

/** Null for keys that do not move anything. */
function move(choices: Choices, key: Key, { groups, page, maxScroll }: Surroundings): Choices | null {
  const by = moveOf(key, page)
  if (by === null) return null
  if (choices.page !== 'table') return { ...choices, scroll: Math.min(Math.max(0, choices.scroll + by), maxScroll) }
  if (groups.length === 0) return choices
  const at = choices.selected === null ? -1 : groups.indexOf(choices.selected)
  const from = at === -1 && by > 0 ? -1 : Math.max(at, 0)
  const to = Math.min(Math.max(from + by, 0), groups.length - 1)
  return { ...choices, selected: groups[to]! }
}

function moveOf({ name, sequence, ctrl }: Key, page: number): number | null {
  if (ctrl === true) return name === 'f' ? page : name === 'b' ? -page : null
  switch (name) {
    case 'up':
      return -1
    case 'down':
      return 1
    case 'pageup':
      return -page
    case 'pagedown':
      return page
    case 'home':
      return Number.NEGATIVE_INFINITY
    case 'end':
      return Number.MAX_SAFE_INTEGER
  }
  switch (sequence) {
    case 'k':
      return -1
    case 'j':
      return 1
    case 'G':
      return Number.MAX_SAFE_INTEGER
  }
  return null
}

function actionOf({ name, sequence, shift, meta, ctrl }: Key, { isReplay }: Surroundings): Action | null {
  if (ctrl === true) return null
  switch (sequence) {
    case 'q':
      return { do: 'quit' }
    case 'p':
    case ' ':
      return { do: 'pause' }
  }
  if (!isReplay) return null
  const far = shift === true || meta === true ? LONG_JUMP_SECONDS : SHORT_JUMP_SECONDS
  if (name === 'left') return { do: 'jump', seconds: -far }
  if (name === 'right') return { do: 'jump', seconds: far }
  switch (sequence) {
    case '[':
      return { do: 'jump', seconds: -LONG_JUMP_SECONDS }
    case ']':
      return { do: 'jump', seconds: LONG_JUMP_SECONDS }
    case '.':
      return { do: 'step' }
    case '+':
    case '=':
      return { do: 'speed', factor: 2 }
    case '-':
      return { do: 'speed', factor: 0.5 }
  }
  return null
}

function choose(choices: Choices, key: Key, { groups, groupings }: Surroundings): Choices {
  if (key.name === 'escape' || key.name === 'backspace') return back(choices)
  if (key.name === 'return' || key.name === 'enter') return open(choices, groups)
  switch (key.sequence) {
    case '?':
    case 'h':
      return choices.page === 'help' ? back(choices) : { ...choices, page: 'help', scroll: 0 }
    case 'b':
      return { ...choices, units: next(SCREEN_UNITS, choices.units) }
    case 'n':
      return { ...choices, names: !choices.names }
    case 'w':
      return { ...choices, windowSeconds: next(WINDOW_SECONDS, choices.windowSeconds) }
  }
  if (choices.page !== 'table') return choices
  switch (key.sequence) {
    case 's':
      return { ...choices, sort: next(LIVE_SORTS, choices.sort) }
    case 'S':
      return { ...choices, sort: next(LIVE_SORTS, choices.sort, -1) }
    case 'g':
      // Groups of one grouping mean nothing in another.
      return { ...choices, grouping: next(groupings, choices.grouping), selected: null }
    case '/':
      return { ...choices, typing: true }
  }
  return choices
}

/** One step less: the page, then the filter, then the mark. */
function back(choices: Choices): Choices {
  if (choices.page !== 'table') return { ...choices, page: 'table', scroll: 0 }
  if (choices.filter !== '') return { ...choices, filter: '' }
  return { ...choices, selected: null }
}

function open(choices: Choices, groups: readonly number[]): Choices {
  if (choices.page === 'help') return back(choices)
  if (choices.page === 'detail') return choices
  const marked = choices.selected !== null && groups.includes(choices.selected) ? choices.selected : groups[0]
  return marked === undefined ? choices : { ...choices, page: 'detail', selected: marked, scroll: 0 }
}
