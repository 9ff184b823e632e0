import { describe, expect, test } from 'vitest'
import type { Page } from '../../src/tui/choices.ts'
import { renderScreen } from '../../src/tui/render-screen.ts'
import { ACTIVE, ATTACKS } from '../support/attack-text.ts'
import { officeState } from './office-state.ts'

describe.each(Object.entries(ATTACKS))('%s', (_, attack) => {
  test.each(['table', 'detail', 'help'] as const satisfies Page[])('cannot act from the screen: %s', async (page) => {
    const rest = { title: attack, nameOf: () => attack }
    const state = await officeState(9, { page, selectRow: 0 }, rest)
    const states = [
      state,
      { ...state, notice: attack },
      { ...state, ending: attack },
      { ...state, status: { ...state.status, fault: attack } },
      { ...state, choices: { ...state.choices, filter: attack } },
    ]
    for (const each of states) {
      for (const width of [40, 80, 160]) {
        for (const line of renderScreen(each, width, 24)) expect(line).not.toMatch(ACTIVE)
      }
    }
  })
})

test('what is shown of it', async () => {
  const state = await officeState(9, {}, { nameOf: () => ATTACKS['title of the window'] })
  expect(renderScreen(state, 160, 24).join('\n')).toContain('\\x1b]0;owned\\x07')
})
