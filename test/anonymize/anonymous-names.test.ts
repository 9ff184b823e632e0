import { expect, test } from 'vitest'
import { Anonymizer } from '../../src/anonymize/anonymizer.ts'
import { createAnonymousNames } from '../../src/anonymize/anonymous-names.ts'
import { createEndpointNamer } from '../../src/names/endpoint-names.ts'
import { ALWAYS, addressKey, NameBook } from '../../src/names/name-book.ts'
import { addressBytes } from '../support/frames.ts'
import { REFERENCE_KEY } from './reference-vectors.ts'

const book = new NameBook()
book.add({ address: addressKey(addressBytes('128.11.68.132')), name: 'www.example.org', source: 'dns', ns: ALWAYS })
const anonymizer = new Anonymizer(REFERENCE_KEY)
const names = createAnonymousNames(createEndpointNamer({ book }), anonymizer)
const describe = (address: string) => names.describe(addressBytes(address))

test('a name is looked up by the real address and told by another', () => {
  expect(describe('128.11.68.132')).toEqual({
    address: '135.242.180.132',
    name: anonymizer.name('www.example.org'),
    source: 'dns',
  })
})

test('a label stays where the kind of the address does', () => {
  expect(describe('127.0.0.1')).toMatchObject({ address: '127.0.0.1', name: 'Localhost', source: null })
  expect(describe('239.1.2.3').name).toBe('Multicast')
  expect(describe('fe80::1').name).toBe('Link-Local')
  expect(describe('02:00:00:00:00:01').name).toBe('Ethernet')
  expect(describe('10.185.25.118')).toEqual({ address: '117.161.29.118', name: null, source: null })
  expect(describe('129.118.74.4').name).toBeNull()
})

test('interfaces', () => {
  expect(names.aliasOf('eth0')).toBe(anonymizer.interfaceName('eth0'))
})
