import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatAddress } from '../../src/decoders/address-text.ts'
import { createEndpointNamer } from '../../src/names/endpoint-names.ts'
import { labelAddress } from '../../src/names/labels.ts'
import { addressKey, NameBook } from '../../src/names/name-book.ts'
import { addressBytes, fromNumber } from './address-bytes.ts'

test('the label stands in for a name', () => {
  const namer = createEndpointNamer()
  expect(namer.describe(addressBytes('172.21.80.1'))).toEqual({
    address: '172.21.80.1',
    name: 'Private Network',
    source: null,
  })
  expect(namer.describe(addressBytes('2001:db8::1'))).toEqual({
    address: '2001:db8::1',
    name: 'Documentation',
    source: null,
  })
  expect(namer.describe(addressBytes('ff:ff:ff:ff:ff:ff'))).toMatchObject({ name: 'Broadcast', source: null })
  expect(namer.describe(new Uint8Array(0))).toEqual({ address: '', name: '', source: null })
})

test('a host name goes before the label', () => {
  const names = new Map([
    ['10.0.0.1', 'printer.lan'],
    ['2001:db8::53', 'resolver.example'],
    ['10.0.0.2', ''],
  ])
  const namer = createEndpointNamer({ hostNames: (address) => names.get(address) })
  expect(namer.describe(addressBytes('10.0.0.1')).name).toBe('printer.lan')
  expect(namer.describe(addressBytes('2001:db8::53')).name).toBe('resolver.example')
  expect(namer.describe(addressBytes('10.0.0.2')).name).toBe('Private Network')
  expect(namer.describe(addressBytes('10.0.0.3')).name).toBe('Private Network')
})

test('a name that arrives, changes or goes shows at once, and does not change an answer given before', () => {
  const names = new Map<string, string>()
  const namer = createEndpointNamer({ hostNames: (address) => names.get(address) })
  const bytes = addressBytes('192.0.0.170')
  const before = namer.describe(bytes)
  names.set('192.0.0.170', 'first.example')
  expect(namer.describe(bytes).name).toBe('first.example')
  names.set('192.0.0.170', 'second.example')
  expect(namer.describe(bytes).name).toBe('second.example')
  names.clear()
  expect(namer.describe(bytes).name).toBe('NAT64')
  expect(before).toEqual({ address: '192.0.0.170', name: 'NAT64', source: null })
})

test('a repeated address gives the same object', () => {
  const namer = createEndpointNamer({ hostNames: () => 'host' })
  expect(namer.describe(addressBytes('10.0.0.1'))).toBe(namer.describe(addressBytes('10.0.0.1')))
})

test('bytes that are reused after the call do not reach the cache', () => {
  const namer = createEndpointNamer()
  for (const bytes of [addressBytes('10.0.0.1'), Buffer.from([10, 0, 0, 1])]) {
    namer.describe(bytes)
    bytes[3] = 2
    expect(namer.describe(bytes).address).toBe('10.0.0.2')
    expect(namer.describe(addressBytes('10.0.0.1')).address).toBe('10.0.0.1')
  }
})

test('more addresses than the cache has slots are all described right, twice', () => {
  const namer = createEndpointNamer()
  for (let pass = 0; pass < 2; pass++) {
    for (let i = 0; i < 70_000; i++) {
      const bytes = fromNumber(0x0a000000n + BigInt(i), 4)
      if (namer.describe(bytes).address !== `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`) {
        expect.fail(`wrong answer for ${i}`)
      }
    }
  }
})

test('any bytes in any order: the same as without a cache', () => {
  const anyBytes = fc.oneof(
    ...[0, 4, 6, 16].map((length) => fc.uint8Array({ minLength: length, maxLength: length, max: 2 })),
  )
  const namer = createEndpointNamer()
  fc.assert(
    fc.property(fc.array(anyBytes), (list) => {
      for (const bytes of list) {
        expect(namer.describe(bytes)).toEqual({
          address: formatAddress(bytes),
          name: labelAddress(bytes),
          source: null,
        })
      }
    }),
  )
})

test('the name alone is that of the description', () => {
  const bytes = addressBytes('10.0.0.1')
  expect(createEndpointNamer().nameOf(bytes)).toBe('Private Network')
  const names = new Map<string, string>()
  const namer = createEndpointNamer({ hostNames: (address) => names.get(address) })
  expect(namer.nameOf(bytes)).toBe('Private Network')
  names.set('10.0.0.1', 'printer.example')
  expect(namer.nameOf(bytes)).toBe('printer.example')
  expect(namer.nameSource).toBe('ptr')
})

test('what the capture says comes before the list of hosts, and that before DNS; each says so', () => {
  const book = new NameBook()
  const namer = createEndpointNamer({ book, hostNames: () => 'pointer.example' })
  const bytes = addressBytes('10.0.0.1')
  const told = () => {
    const { name, source } = namer.describe(bytes)
    expect([namer.nameOf(bytes), namer.nameSource]).toEqual([name, source])
    return [name, source]
  }
  expect(told()).toEqual(['pointer.example', 'ptr'])
  book.addHost(bytes, 'box')
  expect(told()).toEqual(['box', 'hosts'])
  book.add({ address: addressKey(bytes), name: 'api.example', source: 'dns', ns: 5n })
  expect(told()).toEqual(['api.example', 'dns'])
  book.showBefore(5n)
  expect(told()).toEqual(['box', 'hosts'])
})

test('DNS is not asked for what is known', () => {
  const book = new NameBook()
  const asked: string[] = []
  const namer = createEndpointNamer({ book, hostNames: (address) => void asked.push(address) })
  book.addHost(addressBytes('10.0.0.1'), 'box')
  namer.describe(addressBytes('10.0.0.1'))
  namer.nameOf(addressBytes('10.0.0.1'))
  expect(asked).toEqual([])
})
