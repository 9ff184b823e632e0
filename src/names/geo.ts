/** What a geographical database says of an address → country, AS number, AS name; whoever made the database. */

export interface GeoFacts {
  /** ISO 3166-1 alpha-2, as the database has it. */
  readonly country: string | null
  readonly asn: number | null
  readonly asName: string | null
}

export type GeoField = keyof GeoFacts

/** Databases of addresses. They may be damaged: then a lookup throws an Error that says so. */
export interface GeoDatabase {
  /** Which facts such a database can have. */
  readonly fields: readonly GeoField[]
  lookup(address: string): GeoFacts
}

export const NO_FACTS: GeoFacts = { country: null, asn: null, asName: null }

/** Longer than any name of an AS that is registered: of more a table would be made of nothing else. */
const MOST_CHARACTERS = 256

/**
 * The facts of a database's record, which is anything at all. The members are those of MaxMind's and DB-IP's databases
 * (`country.iso_code`, `autonomous_system_number`), of ip-location-db (`country_code`) and of IPinfo (`country`, `asn`, `as_name`).
 */
export function readGeoFacts(record: unknown): GeoFacts {
  const country = member(record, 'country')
  const asn = member(record, 'autonomous_system_number') ?? member(record, 'asn')
  const name = member(record, 'autonomous_system_organization') ?? member(record, 'as_name')
  return {
    country: textOf(member(country, 'iso_code') ?? member(record, 'country_code') ?? country),
    asn: asNumber(asn),
    asName: textOf(name),
  }
}

/** One database after another: the first that knows a fact has it. */
export function joinGeoDatabases(databases: readonly GeoDatabase[]): GeoDatabase {
  const has = (field: GeoField) => databases.some(({ fields }) => fields.includes(field))
  return {
    fields: (['country', 'asn', 'asName'] as const).filter(has),
    lookup(address) {
      const known = databases.map((database) => database.lookup(address))
      const first = <F extends GeoField>(field: F) => known.find((facts) => facts[field] !== null)?.[field] ?? null
      return { country: first('country'), asn: first('asn'), asName: first('asName') }
    },
  }
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value.slice(0, MOST_CHARACTERS) : null
}

/** `64512` or `AS64512`: 32 bits (RFC 6793). */
function asNumber(value: unknown): number | null {
  const number = typeof value === 'string' && /^(AS)?\d{1,10}$/i.test(value) ? Number(value.replace(/^AS/i, '')) : value
  return typeof number === 'number' && Number.isInteger(number) && number >= 0 && number < 2 ** 32 ? number : null
}
