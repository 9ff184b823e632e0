import { decode, encode } from 'dns-packet'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readDnsName, skipDnsName } from '../../src/sightings/dns-name.ts'

/** Labels of text, and what stands between them. */
function wire(...parts: (string | number[])[]): Uint8Array {
  return Buffer.concat(
    parts.map((part) =>
      typeof part === 'string' ? Buffer.from([part.length, ...Buffer.from(part)]) : Buffer.from(part),
    ),
  )
}

describe('readDnsName', () => {
  test('labels, in small letters', () => {
    const bytes = wire('WWW', 'example', 'com', [0])
    expect(readDnsName(bytes, 0)).toBe('www.example.com')
    expect(skipDnsName(bytes, 0)).toBe(bytes.length)
  })

  test('a pointer to what came before', () => {
    const bytes = wire('example', 'com', [0], 'www', [0xc0, 0])
    expect(readDnsName(bytes, 13)).toBe('www.example.com')
    expect(skipDnsName(bytes, 13)).toBe(19)
  })

  test('a dot inside a label is not one between labels', () => {
    expect(readDnsName(wire('a.b', 'c', [0]), 0)).toBe('a\\.b.c')
  })

  test.each([
    ['a pointer to itself', wire([0xc0, 0]), 0],
    ['two that point to each other', wire([0xc0, 2], [0xc0, 0]), 2],
    ['a pointer ahead', wire([0xc0, 2], 'a', [0]), 0],
    ['a loop through labels', wire('a', [0xc0, 0]), 2],
    ['a pointer behind the end', wire([0xff, 0xff]), 0],
    ['half a pointer', wire([0xc0]), 0],
    ['a label of a kind that is no more', wire([0x41, 0x61, 0]), 0],
    ['a label that is cut', wire([5, 0x61, 0x62]), 0],
    ['no end', wire('abc'), 0],
    ['the root', wire([0]), 0],
    ['256 octets', wire(...new Array(4).fill('x'.repeat(63)), [0]), 0],
    ['a place behind the bytes', wire('a', [0]), 9],
  ])('%s is no name', (_, bytes, at) => expect(readDnsName(bytes, at)).toBeNull())

  test('a chain of pointers as long as a message costs no more than a name', () => {
    // Each points at the one before; the first is the root.
    const chain = Buffer.alloc(16_384)
    for (let at = 2; at < chain.length; at += 2) chain.writeUInt16BE(0xc000 | (at - 2), at)
    const before = performance.now()
    for (let i = 0; i < 100; i++) expect(readDnsName(chain, chain.length - 2)).toBeNull()
    expect(performance.now() - before).toBeLessThan(1000)
  })

  test('reads what dns-packet writes', () => {
    const label = fc.stringMatching(/^[a-z_][a-z0-9-]{0,20}$/)
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 8 }), (labels) => {
        const name = labels.join('.')
        const bytes = encode({ type: 'query', questions: [{ type: 'A', name }] })
        expect(readDnsName(bytes, 12)).toBe(name)
        expect(skipDnsName(bytes, 12)).toBe(bytes.length - 4)
        expect(decode(bytes).questions![0]!.name).toBe(name)
      }),
    )
  })

  test('any bytes: an end inside them or none, and a name or none', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.nat(90), (bytes, at) => {
        expect(skipDnsName(bytes, at)).toBeLessThanOrEqual(bytes.length)
        const name = readDnsName(bytes, at)
        if (name !== null) expect(name).toMatch(/^[!-@[-~]{1,253}$/)
      }),
    )
  })
})
