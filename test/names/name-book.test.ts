import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ALWAYS, addressKey, canHaveName, isBelieved, NAME_SOURCES, NameBook } from '../../src/names/name-book.ts'
import type { NameSource } from '../../src/sightings/sighting.ts'
import { addressBytes } from './address-bytes.ts'

const SERVER = addressBytes('192.0.2.1')

function bookOf(...sightings: readonly (readonly [name: string, ns: bigint, source?: NameSource])[]): NameBook {
  const book = new NameBook()
  for (const [name, ns, source = 'dns'] of sightings) book.add({ address: addressKey(SERVER), name, source, ns })
  return book
}

function shownAt(book: NameBook, endNs: bigint | null): string | null {
  book.showBefore(endNs)
  return book.find(SERVER)?.name ?? null
}

describe('which name holds', () => {
  test('none before it was seen; its end is not in a window', () => {
    const book = bookOf(['a.example', 10n])
    expect([9n, 10n, 11n, null].map((end) => shownAt(book, end))).toEqual([null, null, 'a.example', 'a.example'])
  })

  test('the one that was seen last before the end', () => {
    const book = bookOf(['a.example', 10n], ['b.example', 20n], ['a.example', 30n], ['a.example', 40n])
    expect([11n, 20n, 21n, 31n, null].map((end) => shownAt(book, end))).toEqual([
      'a.example',
      'a.example',
      'b.example',
      'a.example',
      'a.example',
    ])
  })

  test('at one time the more believed, and then the first', () => {
    expect(shownAt(bookOf(['tls.example', 10n, 'tls'], ['dns.example', 10n, 'dns']), null)).toBe('dns.example')
    expect(shownAt(bookOf(['dns.example', 10n, 'dns'], ['tls.example', 10n, 'tls']), null)).toBe('dns.example')
    expect(shownAt(bookOf(['one.example', 10n], ['two.example', 10n]), null)).toBe('one.example')
  })

  test('what is told of the whole capture holds always, until somebody says something else', () => {
    const book = bookOf(['file.example', ALWAYS, 'pcapng'], ['a.example', 10n])
    expect([-100n, 10n, 11n].map((end) => shownAt(book, end))).toEqual(['file.example', 'file.example', 'a.example'])
  })

  test('frames out of order: time decides, not the order of the file', () => {
    const book = bookOf(['late.example', 30n], ['early.example', 10n], ['early.example', 5n])
    expect([6n, 30n, 31n].map((end) => shownAt(book, end))).toEqual(['early.example', 'early.example', 'late.example'])
  })

  test('in the order of time: the same as looking through everything that was seen', () => {
    const anySighting = fc.record({ name: fc.constantFrom('a', 'b', 'c'), ns: fc.bigInt({ min: 0n, max: 40n }) })
    const anySightings = fc.uniqueArray(anySighting, { maxLength: 30, selector: ({ ns }) => ns })
    fc.assert(
      fc.property(anySightings, fc.bigInt({ min: 0n, max: 41n }), (unordered, end) => {
        const sightings = unordered.toSorted((a, b) => Number(a.ns - b.ns))
        const book = bookOf(...sightings.map(({ name, ns }) => [name, ns] as const))
        expect(shownAt(book, end)).toBe(sightings.findLast(({ ns }) => ns < end)?.name ?? null)
      }),
    )
  })
})

describe('several names', () => {
  test('are all kept, and counted as far as they were seen', () => {
    const book = bookOf(['a.example', 10n], ['b.example', 20n], ['a.example', 30n, 'tls'])
    const others = [11n, 21n, null].map((end) => {
      book.showBefore(end)
      return book.others(SERVER)
    })
    expect(others).toEqual([0, 1, 1])
    expect(book.others(addressBytes('192.0.2.2'))).toBe(0)
    expect(book.list(10)).toEqual([
      { address: SERVER, name: 'a.example', source: 'dns', firstNs: 10n },
      { address: SERVER, name: 'b.example', source: 'dns', firstNs: 20n },
    ])
  })

  test('one that a better source tells too is that source’s', () => {
    expect(bookOf(['a.example', 10n, 'tls'], ['a.example', 20n, 'dns']).find(SERVER)).toMatchObject({
      source: 'dns',
      firstNs: 10n,
    })
  })

  test('are listed by address, time and text', () => {
    const book = new NameBook()
    const add = (address: string, name: string, ns: bigint) =>
      book.add({ address: addressKey(addressBytes(address)), name, source: 'dns', ns })
    add('2001:db8::1', 'six', 1n)
    add('192.0.2.10', 'ten', 1n)
    add('192.0.2.9', 'later', 2n)
    add('192.0.2.9', 'b', 1n)
    add('192.0.2.9', 'a', 1n)
    expect(book.list(10).map(({ name }) => name)).toEqual(['a', 'b', 'later', 'ten', 'six'])
    expect(book.list(2).map(({ name }) => name)).toEqual(['a', 'b'])
    expect(book.size).toBe(5)
  })
})

describe('bounds', () => {
  test('sixteen names of one address', () => {
    const book = bookOf(...Array.from({ length: 100 }, (_, i) => [`n${i}`, BigInt(i)] as const))
    expect(book.list(1000)).toHaveLength(16)
    expect(shownAt(book, null)).toBe('n15')
    expect(book.isFull).toBe(false)
  })

  test('so many names; what is known is still seen again', () => {
    const book = new NameBook({ mostNames: 2 })
    const add = (last: number, name: string, ns: bigint) =>
      book.add({ address: addressKey(Uint8Array.of(192, 0, 2, last)), name, source: 'dns', ns })
    add(1, 'one', 1n)
    add(2, 'two', 2n)
    expect(book.isFull).toBe(false)
    add(3, 'three', 3n)
    expect([book.isFull, book.size]).toEqual([true, 2])
    add(1, 'one', 0n)
    expect(book.list(10)[0]!.firstNs).toBe(0n)
  })

  test('an address that goes over to another name all the time', () => {
    const book = bookOf(...Array.from({ length: 5000 }, (_, i) => [i % 2 === 0 ? 'a' : 'b', BigInt(i)] as const))
    expect([shownAt(book, null), shownAt(book, 4999n), shownAt(book, 4990n)]).toEqual(['b', 'a', 'b'])
    // Of a time whose changes are forgotten, the one that came last.
    expect(shownAt(book, 100n)).toBe('b')
    expect(shownAt(book, 1n)).toBe('a')
  })
})

test('names of the list of hosts stand where the capture has none; the first of an address', () => {
  const book = bookOf(['a.example', 10n])
  book.addHost(SERVER, 'box')
  book.addHost(SERVER, 'alias')
  book.showBefore(10n)
  expect(book.find(SERVER)).toMatchObject({ name: 'box', source: 'hosts' })
  book.showBefore(11n)
  expect(book.find(SERVER)).toMatchObject({ name: 'a.example', source: 'dns' })
  expect(book.list(10)).toHaveLength(1)
})

test('nobody is called by the answer that blocks a name, or by that of a list of spammers', () => {
  const can = (address: string, source: NameSource) => canHaveName(addressBytes(address), source)
  expect(can('0.0.0.0', 'dns')).toBe(false)
  expect(can('::', 'dns')).toBe(false)
  expect(can('127.0.0.2', 'dns')).toBe(false)
  expect(can('127.0.0.1', 'http')).toBe(false)
  expect(can('127.0.0.1', 'pcapng')).toBe(true)
  expect(can('224.0.0.251', 'mdns')).toBe(false)
  expect(can('fe80::1', 'mdns')).toBe(true)
  expect(can('192.0.2.1', 'dns')).toBe(true)
})

test('sources are believed in their order', () => {
  for (const [i, source] of NAME_SOURCES.entries()) {
    for (const [j, other] of NAME_SOURCES.entries()) expect(isBelieved(source, other)).toBe(i < j)
  }
})
