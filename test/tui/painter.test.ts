import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Painter } from '../../src/tui/painter.ts'

/** The rows that a terminal would show: cursor position, clear line, clear screen and text, nothing else. */
class Terminal {
  readonly rows: string[] = Array.from({ length: 20 }, () => 'left over')
  #row = 0

  write(text: string): void {
    const parts = text.replaceAll('\x1b', '⎋').matchAll(/⎋\[(\??[\d;]*)([A-Za-z])|([^⎋]+)/g)
    for (const [, parameters, final, plain] of parts) {
      if (plain !== undefined) this.rows[this.#row] += plain
      else if (final === 'H') this.#row = Number(parameters!.split(';')[0]) - 1
      else if (final === 'K') this.rows[this.#row] = ''
      else if (final === 'J') this.rows.fill('')
      else expect(parameters).toBe('?2026')
    }
  }
}

test('only lines that changed are written', () => {
  const painter = new Painter()
  painter.paint(['one', 'two', 'three'])
  const text = painter.paint(['one', 'TWO', 'three'])
  expect(text).toContain('TWO')
  expect(text).not.toContain('one')
  expect(text).not.toContain('three')
  expect(painter.paint(['one', 'TWO', 'three'])).toBe('')
})

test('all of them once the terminal shows something else', () => {
  const painter = new Painter()
  painter.paint(['one', 'two'])
  painter.forget()
  expect(painter.paint(['one', 'two'])).toContain('one')
})

test('after any pictures the terminal shows the last one', () => {
  const picture = fc.array(fc.stringMatching(/^[a-z ]{0,10}$/), { maxLength: 20 })
  fc.assert(
    fc.property(fc.array(picture, { minLength: 1, maxLength: 6 }), (pictures) => {
      const terminal = new Terminal()
      const painter = new Painter()
      for (const lines of pictures) terminal.write(painter.paint(lines))
      const last = pictures.at(-1)!
      expect(terminal.rows).toEqual([...last, ...Array.from({ length: 20 - last.length }, () => '')])
    }),
  )
})
