import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type GeoDatabase,
  type GeoFacts,
  type GeoField,
  joinGeoDatabases,
  NO_FACTS,
  readGeoFacts,
} from '../../src/names/geo.ts'

describe('a record of', () => {
  test.each<[string, unknown, Partial<GeoFacts>]>([
    [
      'GeoLite2-Country',
      { country: { iso_code: 'SE', names: { en: 'Sweden' } }, continent: { code: 'EU' } },
      { country: 'SE' },
    ],
    [
      'GeoLite2-ASN',
      { autonomous_system_number: 29518, autonomous_system_organization: 'Bredband2 AB' },
      { asn: 29518, asName: 'Bredband2 AB' },
    ],
    ['ip-location-db', { country_code: 'NL' }, { country: 'NL' }],
    [
      'IPinfo Lite',
      { country: 'US', country_code: 'US', asn: 'AS15169', as_name: 'Google LLC' },
      { country: 'US', asn: 15169, asName: 'Google LLC' },
    ],
    ['the IPinfo of before', { country: 'DE', asn: 'AS3320' }, { country: 'DE', asn: 3320 }],
    ['nothing', null, {}],
    ['something else', { country: { iso_code: 7 }, autonomous_system_number: 'many' }, {}],
    ['numbers that are none', { autonomous_system_number: 2 ** 32, asn: 5 }, {}],
    ['negative ones', { asn: -1 }, {}],
    ['an object that has them from elsewhere', Object.create({ country_code: 'NL' }), {}],
    ['empty texts', { country: { iso_code: '' }, as_name: '' }, {}],
  ])('%s', (_name, record, facts) => {
    expect(readGeoFacts(record)).toEqual({ ...NO_FACTS, ...facts })
  })

  test('anything at all', () => {
    fc.assert(
      fc.property(fc.anything(), (record) => {
        const { country, asn, asName } = readGeoFacts(record)
        expect(country === null || typeof country === 'string').toBe(true)
        expect(asName === null || typeof asName === 'string').toBe(true)
        expect(asn === null || (Number.isInteger(asn) && asn >= 0)).toBe(true)
      }),
    )
  })

  test('a name is no longer than names are', () => {
    expect(readGeoFacts({ as_name: 'x'.repeat(1e6) }).asName!.length).toBe(256)
  })
})

describe('several databases', () => {
  const database = (fields: readonly GeoField[], facts: Partial<GeoFacts>): GeoDatabase => ({
    fields,
    lookup: () => ({ ...NO_FACTS, ...facts }),
  })

  test('the first that knows a fact has it', () => {
    const joined = joinGeoDatabases([
      database(['country'], { country: 'SE' }),
      database(['country', 'asn', 'asName'], { country: 'NO', asn: 7 }),
    ])
    expect(joined.fields).toEqual(['country', 'asn', 'asName'])
    expect(joined.lookup('192.0.2.1')).toEqual({ country: 'SE', asn: 7, asName: null })
  })

  test('facts that none can have are no columns', () => {
    expect(joinGeoDatabases([database(['asn', 'asName'], {})]).fields).toEqual(['asn', 'asName'])
  })
})
