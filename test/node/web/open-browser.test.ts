import { expect, test } from 'vitest'
import { browserCommand } from '../../../src/node/web/open-browser.ts'

const URL = 'http://127.0.0.1:1/a/'
const isTerminal = true

test('each system has its own way', () => {
  const env = { DISPLAY: ':0' }
  expect(browserCommand(URL, { platform: 'linux', env, isTerminal })).toEqual(['xdg-open', URL])
  expect(browserCommand(URL, { platform: 'linux', env: { WAYLAND_DISPLAY: 'wayland-0' }, isTerminal })).not.toBeNull()
  expect(browserCommand(URL, { platform: 'darwin', env: {}, isTerminal })).toEqual(['open', URL])
  expect(browserCommand(URL, { platform: 'win32', env: {}, isTerminal })?.at(-1)).toBe(URL)
})

test.each([
  ['no display', {}, true],
  ['an empty one', { DISPLAY: '' }, true],
  ['a build', { DISPLAY: ':0', CI: 'true' }, true],
  ['another machine', { DISPLAY: 'localhost:10.0', SSH_CONNECTION: '192.0.2.1 1 192.0.2.2 22' }, true],
  ['no terminal', { DISPLAY: ':0' }, false],
])('nothing is opened where nobody looks: %s', (_, env, isTerminal) => {
  expect(browserCommand(URL, { platform: 'linux', env, isTerminal })).toBeNull()
})
