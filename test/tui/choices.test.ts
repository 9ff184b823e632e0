import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Choices, type Key, react, type Surroundings } from '../../src/tui/choices.ts'
import { GROUPINGS } from '../../src/tui/groupings.ts'
import { FIRST_CHOICES } from './office-state.ts'

const AROUND: Surroundings = {
  groups: [7, 3, 9, 1, 4],
  page: 2,
  maxScroll: 5,
  groupings: GROUPINGS,
  isReplay: false,
}

const NAMED = new Set([
  'up',
  'down',
  'left',
  'right',
  'pageup',
  'pagedown',
  'home',
  'end',
  'return',
  'escape',
  'backspace',
])

/** As readline reports it: `down`, `x`, `ctrl-c`. */
function key(text: string): Key {
  if (NAMED.has(text)) return { name: text, sequence: text === 'escape' ? '\x1b' : `\x1b[${text}` }
  if (text.startsWith('ctrl-')) return { name: text.slice(5), ctrl: true, sequence: '\x01' }
  return { name: text.toLowerCase(), sequence: text }
}

function pressed(keys: readonly string[], from: Partial<Choices> = {}, around: Partial<Surroundings> = {}) {
  return keys.reduce((choices, text) => react(choices, key(text), { ...AROUND, ...around }).choices, {
    ...FIRST_CHOICES,
    ...from,
  })
}

const actionOf = (text: string, around: Partial<Surroundings> = {}, from: Partial<Choices> = {}) =>
  react({ ...FIRST_CHOICES, ...from }, key(text), { ...AROUND, ...around }).action

describe('choosing', () => {
  test('s and S go round the orders', () => {
    expect([pressed(['s']).sort, pressed(['s', 's']).sort, pressed(['S']).sort]).toEqual(['peak', 'total', 'name'])
    expect(pressed(['s', 's', 's', 's', 's']).sort).toBe('rate')
  })

  test('w, b and n', () => {
    expect(pressed(['w']).windowSeconds).toBe(10)
    // A window that is none of ours gives way to the first of them.
    expect(pressed(['w'], { windowSeconds: 7 }).windowSeconds).toBe(1)
    expect(pressed(['b']).units).toBe('auto')
    expect(pressed(['n']).names).toBe(false)
  })

  test('g takes another grouping and drops the mark, which means nothing there', () => {
    const { grouping, selected } = pressed(['down', 'g'])
    expect([grouping.name, selected]).toEqual(['flow', null])
  })
})

describe('marking', () => {
  test('the first key marks the first row; then up and down, no further than the ends', () => {
    expect(pressed(['down']).selected).toBe(7)
    expect(pressed(['j', 'j']).selected).toBe(3)
    expect(pressed(['down', 'up', 'up']).selected).toBe(7)
    expect(pressed(['end']).selected).toBe(4)
    expect(pressed(['end', 'down', 'home']).selected).toBe(7)
    expect(pressed(['pagedown', 'pagedown']).selected).toBe(1)
    expect(pressed(['G', 'pageup']).selected).toBe(9)
  })

  test('follows the row, not the place', () => {
    const selected = pressed(['down', 'down']).selected
    expect(pressed(['down'], { selected }, { groups: [1, 4, 3, 7] }).selected).toBe(7)
  })

  test('a row that is gone is left for the first', () => {
    expect(pressed(['down'], { selected: 99 }).selected).toBe(7)
  })

  test('nothing to mark', () => {
    expect(pressed(['down', 'return'], {}, { groups: [] })).toEqual(FIRST_CHOICES)
  })
})

describe('pages', () => {
  test('Enter opens the marked row, or the first; Esc goes back', () => {
    expect(pressed(['return'])).toMatchObject({ page: 'detail', selected: 7 })
    expect(pressed(['down', 'down', 'return'])).toMatchObject({ page: 'detail', selected: 3 })
    expect(pressed(['return', 'escape'])).toMatchObject({ page: 'table', selected: 7 })
  })

  test('? opens and closes the help', () => {
    expect(pressed(['?']).page).toBe('help')
    expect(pressed(['?', '?']).page).toBe('table')
    expect(pressed(['?', 'return']).page).toBe('table')
  })

  test('pages scroll within their length', () => {
    expect(pressed(['?', 'down', 'down']).scroll).toBe(2)
    expect(pressed(['?', 'end']).scroll).toBe(5)
    expect(pressed(['?', 'end', 'up']).scroll).toBe(4)
    expect(pressed(['?', 'up']).scroll).toBe(0)
  })

  test('on a page the table stays as it is', () => {
    expect(pressed(['return', 's', 'g', '/'])).toEqual(pressed(['return']))
  })
})

describe('the filter', () => {
  test('is typed, kept, changed and cleared', () => {
    expect(pressed(['/', 'q', ':', '4'])).toMatchObject({ typing: true, filter: 'q:4' })
    expect(pressed(['/', 'a', 'return'])).toMatchObject({ typing: false, filter: 'a' })
    expect(pressed(['/', 'a', 'b', 'backspace'])).toMatchObject({ filter: 'a' })
    expect(pressed(['/', 'a', 'escape'])).toMatchObject({ typing: false, filter: '' })
    expect(pressed(['/', 'a', 'return', 'escape'])).toMatchObject({ filter: '' })
    expect(pressed(['/', 'a', 'ctrl-u'])).toMatchObject({ typing: true, filter: '' })
  })

  test('no key of the screen works meanwhile but those that end it', () => {
    expect(actionOf('q', {}, { typing: true })).toBe(null)
    expect(actionOf('ctrl-c', {}, { typing: true })).toEqual({ do: 'quit' })
    expect(pressed(['/', 'down', 'left'])).toMatchObject({ filter: '', selected: null })
  })
})

describe('actions', () => {
  test('of every screen', () => {
    expect(['q', 'ctrl-c', 'p', ' ', 'ctrl-z', 'ctrl-l'].map((text) => actionOf(text)?.do)).toEqual([
      'quit',
      'quit',
      'pause',
      'pause',
      'suspend',
      'redraw',
    ])
  })

  test('of a recording only', () => {
    for (const text of ['left', 'right', '[', ']', '.', '+', '-']) expect(actionOf(text)).toBe(null)
    const isReplay = true
    expect(actionOf('left', { isReplay })).toEqual({ do: 'jump', seconds: -10 })
    expect(actionOf(']', { isReplay })).toEqual({ do: 'jump', seconds: 60 })
    expect(actionOf('+', { isReplay })).toEqual({ do: 'speed', factor: 2 })
    expect(actionOf('.', { isReplay })).toEqual({ do: 'step' })
    const far = react(FIRST_CHOICES, { name: 'right', shift: true }, { ...AROUND, isReplay })
    expect(far.action).toEqual({ do: 'jump', seconds: 60 })
  })
})

test('whatever is pressed, the choices stay choices', () => {
  const anyKey = fc.record({
    name: fc.option(fc.constantFrom(...NAMED, 'a', 's', 'f1', 'undefined'), { nil: undefined }),
    sequence: fc.option(fc.string({ unit: 'binary', maxLength: 4 }), { nil: undefined }),
    ctrl: fc.boolean(),
    shift: fc.boolean(),
    meta: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(anyKey, { maxLength: 40 }), (keys) => {
      const end = keys.reduce((choices, pressed) => react(choices, pressed, AROUND).choices, FIRST_CHOICES)
      expect(end.selected === null || AROUND.groups.includes(end.selected)).toBe(true)
      expect(end.scroll).toBeGreaterThanOrEqual(0)
      expect(end.scroll).toBeLessThanOrEqual(AROUND.maxScroll)
      expect(end.filter).not.toMatch(/\p{Cc}/u)
      expect(GROUPINGS).toContain(end.grouping)
    }),
  )
})
