import { afterEach, describe, expect, test, vi } from 'vitest'
import { terminalStyle, terminalWidth } from '../../src/cli/terminal.ts'

afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

function stdoutIs(isTTY: boolean, columns?: number): void {
  for (const [name, value] of Object.entries({ isTTY, columns })) {
    const before = Object.getOwnPropertyDescriptor(process.stdout, name)
    Object.defineProperty(process.stdout, name, { value, configurable: true })
    undo.push(() => {
      if (before === undefined) Reflect.deleteProperty(process.stdout, name)
      else Object.defineProperty(process.stdout, name, before)
    })
  }
}

const undo: (() => void)[] = []
afterEach(() => {
  for (const action of undo.splice(0).reverse()) action()
})

describe('terminalWidth', () => {
  test('of a terminal: its columns, at least 40', () => {
    vi.stubEnv('COLUMNS', undefined)
    stdoutIs(true, 132)
    expect([terminalWidth(undefined), terminalWidth('-')]).toEqual([132, 132])
    stdoutIs(true, 10)
    expect(terminalWidth(undefined)).toBe(40)
    // As in a terminal that does not say.
    stdoutIs(true, 0)
    expect(terminalWidth(undefined)).toBe(200)
  })

  test('of pipes and files: wide, whatever the terminal', () => {
    vi.stubEnv('COLUMNS', undefined)
    stdoutIs(true, 80)
    expect(terminalWidth('x.txt')).toBe(200)
    stdoutIs(false)
    expect(terminalWidth(undefined)).toBe(200)
  })

  test('COLUMNS says otherwise', () => {
    stdoutIs(false)
    for (const [text, width] of [
      ['100', 100],
      ['0', 200],
      ['-5', 40],
      ['wide', 200],
      ['', 200],
    ] as const) {
      vi.stubEnv('COLUMNS', text)
      expect(terminalWidth(undefined)).toBe(width)
    }
  })
})

describe('terminalStyle', () => {
  test('nothing but the text for files and pipes', () => {
    stdoutIs(true, 80)
    expect(terminalStyle('x.txt').bold('a') + terminalStyle('x.txt').dim('b')).toBe('ab')
    stdoutIs(false)
    expect(terminalStyle(undefined).bold('a') + terminalStyle('-').dim('b')).toBe('ab')
  })
})
