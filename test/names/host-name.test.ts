import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isHostName } from '../../src/names/host-name.ts'

test.each([
  'host.example.com',
  'HOST',
  'a-1.b_2.example',
  '_dmarc.example',
  'xn--bcher-kva.example',
  '3com.com',
  '1.0.0.10.example',
  `${'a'.repeat(63)}.example`,
  `${'a.'.repeat(126)}b`, // 253
])('%j is one', (text) => {
  expect(isHostName(text)).toBe(true)
})

test.each([
  '',
  '.',
  'host.',
  '.host',
  'a..b',
  'a b',
  'a/b',
  '*.example',
  'a@b',
  'h\u00f6st.example',
  '\u0440aypal.example', // Cyrillic
  'a\\032b',
  'a\nb.example',
  'host.example\n',
  '\x1b[2J.example',
  '\u202emoc.elpmaxe',
  '192.0.2.1', // reads as another address
  '7',
  'host.7',
  `${'a'.repeat(64)}.example`,
  `${'a.'.repeat(127)}b`, // 255
])('%j is none', (text) => {
  expect(isHostName(text)).toBe(false)
})

test('whatever passes is short printable ASCII that needs no quoting anywhere', () => {
  const characters = fc.constantFrom('a', 'Z', '0', '9', '-', '_', '.', ' ', '\x1b', '"', ',', '\n', '\u202e', '\u00e9')
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: characters, maxLength: 300 }), fc.string({ unit: 'binary' })), (text) => {
      const hasOnlyThese = [...text].every((c) => 'abcdefghijklmnopqrstuvwxyz0123456789-_.'.includes(c.toLowerCase()))
      if (isHostName(text)) return hasOnlyThese && text.length >= 1 && text.length <= 253
      return true
    }),
  )
})

test('takes no time over a long text', () => {
  const start = performance.now()
  for (const text of [
    'a'.repeat(1e6),
    'a.'.repeat(5e5),
    '1'.repeat(1e6),
    `${'1'.repeat(252)}!`,
    `${'a.'.repeat(126)}!`,
  ]) {
    expect(isHostName(text)).toBe(false)
  }
  expect(performance.now() - start).toBeLessThan(100)
})
