/** What the parser makes of text, and what it says of text that is no filter. */
import * as fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { compileFilter } from '../../src/filter/compile-filter.ts'
import { FilterError } from '../../src/filter/filter-error.ts'
import { parseFilter } from '../../src/filter/parse.ts'
import { expression, filterText, withoutPlaces } from '../support/filter-text.ts'

function errorOf(text: string): string {
  try {
    compileFilter(text)
  } catch (error) {
    if (error instanceof FilterError) return `\n${error.message}\n`
    throw error
  }
  return 'no error'
}

describe('an error points at the place', () => {
  test('where the filter ends too soon', () => {
    expect(errorOf('tcp and')).toBe(`
the filter ends too soon
  tcp and
         ^
`)
  })

  test('at a word that does not belong there', () => {
    expect(errorOf('host 10.0.0.1 port 80')).toBe(`
'port' does not belong here
  host 10.0.0.1 port 80
                ^^^^
`)
  })

  test('at a word that is misspelt', () => {
    expect(errorOf('port 80 and hots 10.0.0.1')).toBe(`
'hots' is no word of filters, and as a name it ends here
  port 80 and hots 10.0.0.1
              ^^^^
`)
  })

  test('at a value without a word for what it is', () => {
    expect(errorOf('tcp or 80')).toBe(`
what 80 is, nothing says: say host, net, port or proto before it
  tcp or 80
         ^^
`)
    expect(errorOf('10.0.0.1')).toBe(`
what 10.0.0.1 is, nothing says: say host 10.0.0.1 or net 10.0.0.1
  10.0.0.1
  ^^^^^^^^
`)
  })

  test('at a name that nobody looks up', () => {
    expect(errorOf('tcp and host www.example.com')).toBe(`
'www.example.com': names of hosts are not looked up: write its address
  tcp and host www.example.com
          ^^^^^^^^^^^^^^^^^^^^
`)
  })

  test('at an address that is none', () => {
    expect(errorOf('net 10.1.2.3/8 or arp')).toBe(`
the address has bits set beyond the network: 10.1.2.3/8
  net 10.1.2.3/8 or arp
  ^^^^^^^^^^^^^^
`)
  })

  test('inside of a calculation', () => {
    expect(errorOf('tcp[13] & (2 != 0')).toBe(`
'!=' does not belong here: ) does
  tcp[13] & (2 != 0
               ^^
`)
    expect(errorOf('ip[0:3] = 1')).toBe(`
a field has 1, 2 or 4 bytes
  ip[0:3] = 1
  ^^^^^^^
`)
  })

  test('of a parenthesis that is not closed', () => {
    expect(errorOf('(tcp or udp')).toBe(`
the '(' here is not closed
  (tcp or udp
  ^
`)
  })

  test('in a long filter, without all of it', () => {
    const many = Array.from({ length: 40 }, (_, i) => `port ${1000 + i}`).join(' or ')
    const [, shown, carets] = errorOf(`${many} or vlan vlan or ${many}`).trim().split('\n')
    expect(shown!.length).toBeLessThan(140)
    expect(shown!.startsWith('  …')).toBe(true)
    expect(shown!.slice(carets!.indexOf('^'), carets!.lastIndexOf('^') + 1)).toBe('vlan')
    expect(shown!.slice(0, carets!.indexOf('^'))).toMatch(/or vlan $/)
  })
})

it('is made of words, however deep and long', () => {
  expect(errorOf(`${'('.repeat(4000)}tcp${')'.repeat(4000)}`)).toContain('nested too deeply')
  expect(errorOf(`${'not '.repeat(5000)}tcp`)).toContain('nested too deeply')
  expect(errorOf(`len ${'+ 1 % 2 '.repeat(2000)} = 1`)).toContain('nested too deeply')
  expect(errorOf('tcp or '.repeat(3000))).toContain('ends too soon')
  expect(errorOf('tcp or '.repeat(5000))).toContain('too long')
  expect(errorOf(`${'tcp or '.repeat(3000)}udp`)).toBe('no error')
})

it('reads any tree back from its text', () => {
  const property = fc.property(expression, (tree) => {
    expect(withoutPlaces(parseFilter(filterText(tree)))).toEqual(withoutPlaces(tree))
  })
  fc.assert(property, { numRuns: 500 })
})

it('throws nothing but its own error, for any text', () => {
  const words =
    'host net port src dst and or not ( ) [ ] tcp ip6 vlan mpls 10.0.0.1 ::1 80 & | = - / : 1-2 len \\tcp type'
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fc.constantFrom(...words.split(' '))).map((some) => some.join(' ')),
    fc.array(fc.constantFrom(...words.split(' '))).map((some) => some.join('')),
  )
  fc.assert(
    fc.property(text, (some) => {
      errorOf(some)
    }),
    { numRuns: 2000 },
  )
})
