import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fullBookSentence, openNameBook, otherNamesIn } from '../../src/cli/name-flags.ts'
import { addressKey, NameBook } from '../../src/names/name-book.ts'
import { addressBytes } from '../names/address-bytes.ts'
import { temporaryFolder } from '../node/fixtures.ts'

const NONE = { numeric: false, hosts: undefined, 'no-hosts': false }
const file = join(temporaryFolder(), 'hosts')
const LINES = [
  '127.0.0.1 localhost',
  '10.0.0.1\tbox alias # mine',
  '8.8.8.8 dns.example',
  'fe80::1 router',
  'nonsense',
  '1.2.3.4',
]
writeFileSync(file, LINES.join('\n'))

const nameOf = (book: NameBook, address: string) => book.find(addressBytes(address))?.name ?? null

test('-n reads nothing', () => {
  expect(openNameBook({ ...NONE, numeric: true })).toBeUndefined()
})

test('a list of hosts, but for addresses that every machine has', () => {
  const book = openNameBook({ ...NONE, hosts: file })!
  expect(nameOf(book, '10.0.0.1')).toBe('box')
  expect(nameOf(book, '8.8.8.8')).toBe('dns.example')
  for (const address of ['127.0.0.1', 'fe80::1', '1.2.3.4']) expect(nameOf(book, address)).toBeNull()
})

test('no list', () => {
  for (const flags of [
    { ...NONE, hosts: '' },
    { ...NONE, 'no-hosts': true },
  ]) {
    expect(openNameBook(flags)!.find(addressBytes('10.0.0.1'))).toBeNull()
  }
})

test('a list that was asked for and cannot be read is said so', () => {
  expect(() => openNameBook({ ...NONE, hosts: join(file, 'none') })).toThrow(
    /^--hosts: cannot open .*: a part of the path/,
  )
  expect(() => openNameBook({ ...NONE, hosts: temporaryFolder() })).toThrow(/^--hosts: cannot read .*: it is a folder$/)
})

test('other names are counted by the text of the address', () => {
  const book = new NameBook()
  for (const name of ['a.example', 'b.example'])
    book.add({ address: addressKey(addressBytes('2001:db8::1')), name, source: 'dns', ns: 1n })
  const others = otherNamesIn(book)!
  expect(['2001:db8::1', '2001:db8::2', 'eth0', ''].map(others)).toEqual([1, 0, 0, 0])
  expect(otherNamesIn(undefined)).toBeUndefined()
})

test('a book that is full is told of', () => {
  const book = new NameBook({ mostNames: 1 })
  expect(fullBookSentence(book)).toBeNull()
  for (const address of ['10.0.0.1', '10.0.0.2'])
    book.add({ address: addressKey(addressBytes(address)), name: 'a', source: 'dns', ns: 1n })
  expect(fullBookSentence(book)).toMatch(/more than 1 names/)
})
