/**
 * The key of a row → further columns that follow from it: the service of its ports, the vendors of its MAC addresses, country and
 * AS of its IP addresses, its Community ID. Each is null for analyses whose rows have nothing to look up.
 */
import type { ExtraColumn, KeyColumn, KeyValue, Row } from '../engine/records.ts'
import { addressOctets } from '../names/address-octets.ts'
import { communityId } from '../names/community-id.ts'
import { flowUid } from '../names/flow-uid.ts'
import type { GeoDatabase, GeoField } from '../names/geo.ts'
import type { Services } from '../names/services.ts'
import type { Vendors } from '../names/vendors.ts'

export interface RowLabels {
  readonly columns: readonly ExtraColumn[]
  /** One for each column. */
  values(row: Row): (string | number | null)[]
}

type Columns = readonly KeyColumn[]

/** The name of the service: of the port, or of the lower of two, as `--by service` has it. */
export function serviceLabels(columns: Columns, services: Services): RowLabels | null {
  const ports = places(columns, ['port', 'src_port', 'dst_port'])
  const protocol = columns.indexOf('protocol_number')
  if (ports.length === 0 || protocol === -1) return null
  return {
    columns: [{ name: 'service', title: 'service', kind: 'text' }],
    values({ key }) {
      const known = ports.map((at) => key[at]).filter((port) => typeof port === 'number')
      const number = key[protocol]
      return [known.length === 0 || typeof number !== 'number' ? null : services.nameOf(number, Math.min(...known))]
    },
  }
}

const ENDS = ['src', 'dst', 'host'] as const

/** Who made the interface at each end of which the row has the MAC address. */
export function vendorLabels(columns: Columns, vendors: Vendors): RowLabels | null {
  const ends = ENDS.flatMap((end) => {
    // A host without IP is known by its MAC address.
    const [place] = places(columns, end === 'host' ? ['host'] : [`${end}_mac`, end])
    return place === undefined ? [] : [{ end, place }]
  })
  if (ends.length === 0) return null
  return {
    columns: ends.map(({ end }) => ({ name: `${end}_vendor`, title: `${end} vendor`, kind: 'text' })),
    values: ({ key }) => ends.map(({ place }) => vendors.vendorOf(String(key[place] ?? ''))),
  }
}

const GEO_NAMES = {
  country: ['country', 'country'],
  asn: ['asn', 'AS'],
  asName: ['as_name', 'AS name'],
} as const satisfies Record<GeoField, unknown>

/** Country, AS number and AS name of each end, as far as the databases can know them. */
export function geoLabels(columns: Columns, geo: GeoDatabase): RowLabels | null {
  const ends = ENDS.flatMap((end) => places(columns, [end]).map((place) => ({ end, place })))
  if (ends.length === 0) return null
  return {
    columns: ends.flatMap(({ end }) =>
      geo.fields.map((field) => ({
        name: `${end}_${GEO_NAMES[field][0]}`,
        title: `${end} ${GEO_NAMES[field][1]}`,
        // An AS number is a name too: nobody adds them up.
        kind: 'text' as const,
      })),
    ),
    values: ({ key }) =>
      ends.flatMap(({ place }) => {
        const address = key[place]
        if (typeof address !== 'string' || addressOctets(address) === null) return geo.fields.map(() => null)
        const facts = geo.lookup(address)
        return geo.fields.map((field) => facts[field])
      }),
  }
}

/** Rows are flows or conversations whose ports are known: of ICMP those of the type, see KEY_ICMP. */
export function communityLabels(columns: Columns): RowLabels | null {
  const needed = ['src', 'dst', 'src_port', 'dst_port', 'protocol_number'] as const
  const [src, dst, srcPort, dstPort, protocol] = needed.map((column) => columns.indexOf(column))
  if (!needed.every((column) => columns.includes(column))) return null
  return {
    columns: [{ name: 'community_id', title: 'community id', kind: 'text' }],
    values(row) {
      const { key } = row
      const first = { address: key[src!], port: key[srcPort!] }
      const second = { address: key[dst!], port: key[dstPort!] }
      // Of a message that nobody answers the sender counts, which in a conversation may be its second end.
      const [from, to] = row.sent?.packets === 0 ? [second, first] : [first, second]
      return [idOf(from, to, key[protocol!])]
    },
  }
}

/** An id of the row's connection for Zeek's log: the same ends and the same beginning have the same one in every run. */
export function uidLabels(columns: Columns, measured: readonly ExtraColumn[]): RowLabels {
  const first = measured.findIndex(({ name }) => name === 'first_seen_ns')
  const ends = places(columns, ['src', 'src_port', 'dst', 'dst_port', 'protocol_number'])
  return {
    columns: [{ name: 'uid', title: 'uid', kind: 'text' }],
    values: ({ key, extras }) => [flowUid([extras?.[first] ?? '', ...ends.map((place) => key[place] ?? '')])],
  }
}

interface End {
  readonly address: KeyValue | undefined
  readonly port: KeyValue | undefined
}

function idOf(from: End, to: End, protocol: KeyValue | undefined): string | null {
  if (typeof protocol !== 'number') return null
  const source = addressOctets(String(from.address ?? ''))
  const destination = addressOctets(String(to.address ?? ''))
  if (source === null || destination === null) return null
  const ports = portsOf(from.port, to.port)
  return communityId({ source, destination, protocol, sourcePort: ports[0], destinationPort: ports[1] })
}

/** Rows have no port 0. One that stands beside another is one, though; two are none at all. */
function portsOf(from: KeyValue | undefined, to: KeyValue | undefined): readonly [number | null, number | null] {
  if (typeof from !== 'number' && typeof to !== 'number') return [null, null]
  return [typeof from === 'number' ? from : 0, typeof to === 'number' ? to : 0]
}

/** Where in a key those columns are that it has, in the order asked. */
function places(columns: Columns, names: readonly KeyColumn[]): number[] {
  return names.map((name) => columns.indexOf(name)).filter((at) => at >= 0)
}
