import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readNameText } from '../../src/sightings/name-text.ts'

function read(text: string): string | null {
  const bytes = Buffer.from(text, 'latin1')
  return readNameText(bytes, 0, bytes.length)
}

describe('readNameText', () => {
  test.each([
    ['www.example.com', 'www.example.com'],
    ['WWW.Example.COM.', 'www.example.com'],
    ['xn--mnchen-3ya.example', 'xn--mnchen-3ya.example'],
    ['printer_1', 'printer_1'],
    // As dig prints them: RFC 4343 §2.1, RFC 1035 §5.1.
    ['a b.example', 'a\\032b.example'],
    ['\x1b[2J.example', '\\027[2j.example'],
    ['caf\xe9.example', 'caf\\233.example'],
    ['back\\slash', 'back\\\\slash'],
    ['x\x00y', 'x\\000y'],
  ])('%j is %j', (text, name) => expect(read(text)).toBe(name))

  test.each(['', '.', '..', 'a..b', '.a', 'a..'])('%j has an empty label', (text) => expect(read(text)).toBeNull())

  test.each(['192.0.2.1', '127.1', 'host.1', '42', '2001:db8::1', '::'])('%s reads as an address', (text) =>
    expect(read(text)).toBeNull(),
  )

  test('has 253 characters at most, escapes among them', () => {
    expect(read('a'.repeat(253))).toBe('a'.repeat(253))
    expect(read(`${'a'.repeat(253)}.`)).toBe('a'.repeat(253))
    expect(read('a'.repeat(254))).toBeNull()
    expect(read(' '.repeat(63))).toBe('\\032'.repeat(63))
    expect(read(' '.repeat(64))).toBeNull()
  })

  test('any bytes: nothing, or 1 to 253 characters of printable ASCII in small letters', () => {
    const bytes = fc.uint8Array({ maxLength: 300 })
    fc.assert(
      fc.property(bytes, fc.nat(20), fc.nat(20), (all, from, less) => {
        const start = Math.min(from, all.length)
        const name = readNameText(all, start, Math.max(start, all.length - less))
        if (name !== null) expect(name).toMatch(/^[!-@[-~]{1,253}$/)
      }),
    )
  })
})
