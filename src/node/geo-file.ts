/**
 * An MMDB file (MaxMind DB File Format 2.0) → what it says of addresses. The file is the user's choice, its bytes are anybody's.
 */
import { readFileSync } from 'node:fs'
import { Reader } from 'mmdb-lib'
import { type GeoDatabase, type GeoFacts, type GeoField, readGeoFacts } from '../names/geo.ts'
import { reasonOf } from './system-error.ts'

/** A file that cannot be used, in one sentence that begins with its name. */
export class GeoFileError extends Error {
  override readonly name = 'GeoFileError'
}

class Damage extends Error {}

/** In front of the metadata, which end the file. */
const METADATA_MARKER = Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1')
/** Zeros between the tree and the data. */
const SEPARATOR_BYTES = 16
/** A record of GeoLite2-City follows some 50 pointers. More would be a file that is made to take long. */
const MOST_POINTERS = 1000
/** Addresses whose facts are kept: a row names an address again and again. */
const KEPT_ADDRESSES = 1 << 14

export function openGeoFile(path: string): GeoDatabase {
  const reader = openReader(path, readBytes(path))
  const known = new Map<string, GeoFacts>()
  return {
    fields: fieldsOf(reader.metadata.databaseType),
    lookup(address) {
      let facts = known.get(address)
      if (facts === undefined) {
        facts = readGeoFacts(find(reader, path, address))
        if (known.size >= KEPT_ADDRESSES) known.clear()
        known.set(address, facts)
      }
      return facts
    },
  }
}

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    throw new GeoFileError(`${path}: ${reasonOf(error)}`, { cause: error })
  }
}

type Mmdb = Pick<Reader<never>, 'get' | 'metadata'>

function openReader(path: string, bytes: Buffer): Mmdb {
  if (bytes.lastIndexOf(METADATA_MARKER) === -1) throw new GeoFileError(`${path}: not an MMDB file: it has no metadata`)
  let pointers = 0
  // Asked for each pointer that is followed: a place where they can be counted.
  const cache = {
    get() {
      if (++pointers > MOST_POINTERS) throw new Damage('a record follows too many pointers')
      return undefined
    },
    set() {},
  }
  try {
    const reader = new Reader<never>(bytes, { cache })
    const { ipVersion, nodeCount, searchTreeSize, binaryFormatMajorVersion } = reader.metadata
    if (binaryFormatMajorVersion !== 2) throw new Damage(`format version ${binaryFormatMajorVersion}, 2 is known`)
    if (ipVersion !== 4 && ipVersion !== 6) throw new Damage(`IP version ${ipVersion}`)
    if (!Number.isInteger(nodeCount) || searchTreeSize + SEPARATOR_BYTES > bytes.length) {
      throw new Damage(`a tree of ${searchTreeSize} bytes in a file of ${bytes.length}`)
    }
    return {
      metadata: reader.metadata,
      get(address) {
        pointers = 0
        return reader.get(address)
      },
    }
  } catch (error) {
    throw new GeoFileError(`${path}: damaged MMDB file: ${describe(error)}`, { cause: error })
  }
}

/** Null for an address that is not in it. */
function find(reader: Mmdb, path: string, address: string): unknown {
  // A tree of IPv4 alone has no place for IPv6.
  if (reader.metadata.ipVersion === 4 && address.includes(':')) return null
  try {
    return reader.get(address)
  } catch (error) {
    throw new GeoFileError(`${path}: damaged MMDB file: ${describe(error)}`, { cause: error })
  }
}

/** By the type, which all known databases name after what they hold: `GeoLite2-ASN`, `DBIP-Country-Lite`. Else: who knows. */
function fieldsOf(type: unknown): readonly GeoField[] {
  const name = typeof type === 'string' ? type : ''
  const fields: readonly GeoField[] = [
    ...(/country|city|enterprise/i.test(name) ? (['country'] as const) : []),
    ...(/asn|isp|enterprise/i.test(name) ? (['asn', 'asName'] as const) : []),
  ]
  return fields.length > 0 ? fields : ['country', 'asn', 'asName']
}

/** What the library throws at damage is in terms of its own. */
function describe(error: unknown): string {
  return error instanceof Damage ? error.message : 'its parts do not fit together'
}
