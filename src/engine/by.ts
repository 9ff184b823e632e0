/**
 * The text of `--by` to a grouping: `pair`, `src,protocol`, `host/24`.
 *
 * Words are keys, in any number and order; each adds its columns once. `host` and `conversation` look at a frame from both
 * ends, so they only go with keys that are the same from both.
 */

import { LOCAL_BY_KIND, type LocalNetworks } from '../names/local-networks.ts'
import { directionPart } from './direction-part.ts'
import { createGrouping, type Grouping, type Sides } from './grouping.ts'
import {
  addressPart,
  interfacePart,
  type KeyPart,
  macPart,
  type Prefixes,
  portPart,
  protocolPart,
  servicePortPart,
  subnetPart,
  vlanPart,
} from './key-parts.ts'

const source = addressPart(['src', 'src_name', 'src_name_source'], 'source')
const destination = addressPart(['dst', 'dst_name', 'dst_name_source'], 'destination')
const host = addressPart(['host', 'host_name', 'host_name_source'], 'source')
const sourcePort = portPart('src_port', 'source')
const destinationPort = portPart('dst_port', 'destination')

interface Word {
  readonly parts: readonly KeyPart[]
  readonly sides?: Sides
}

const WORDS: Readonly<Record<string, Word>> = {
  pair: { parts: [source, destination, protocolPart] },
  flow: { parts: [source, sourcePort, destination, destinationPort, protocolPart, vlanPart] },
  conversation: { parts: [source, sourcePort, destination, destinationPort, protocolPart], sides: 'joined' },
  host: { parts: [host], sides: 'each' },
  src: { parts: [source] },
  dst: { parts: [destination] },
  protocol: { parts: [protocolPart] },
  service: { parts: [protocolPart, servicePortPart] },
  port: { parts: [protocolPart, servicePortPart] },
  vlan: { parts: [vlanPart] },
  mac: { parts: [macPart] },
  interface: { parts: [interfacePart] },
  direction: { parts: [directionPart(LOCAL_BY_KIND)] },
}

const SUBNET_WORDS = {
  src: { column: 'src_subnet', end: 'source', sides: 'directed' },
  dst: { column: 'dst_subnet', end: 'destination', sides: 'directed' },
  host: { column: 'subnet', end: 'source', sides: 'each' },
} as const

const ACCEPTED = `${Object.keys(WORDS).join(', ')}, src/24, dst/24, host/24 (also src/24/56: IPv4 and IPv6 prefix), or several with commas`

/**
 * The grouping that the text asks for; `local` says which networks are ours, for `direction`. Throws an Error that lists the accepted
 * words when there is no such one.
 */
export function parseBy(text: string, local: LocalNetworks = LOCAL_BY_KIND): Grouping {
  const direction = local === LOCAL_BY_KIND ? WORDS.direction : { parts: [directionPart(local)] }
  const words = text.split(',').map((word) => lookUp(word.trim().toLowerCase(), { ...WORDS, direction }))
  const parts: KeyPart[] = []
  for (const word of words) {
    for (const part of word.parts) addPart(parts, part, word.text)
  }
  const twoSided = words.find((word) => word.sides !== 'directed')
  if (twoSided === undefined) return createGrouping(parts, 'directed')
  const misfit = words.find((word) => word.sides !== twoSided.sides && word.parts.some((part) => !part.symmetric))
  if (misfit !== undefined) {
    throw new Error(
      `'${twoSided.text}' looks at a frame from both ends and cannot be joined with '${misfit.text}': ` +
        'use protocol, service, vlan or interface beside it',
    )
  }
  return createGrouping(parts, twoSided.sides)
}

function lookUp(text: string, given: typeof WORDS): Word & { readonly text: string; readonly sides: Sides } {
  const known = Object.hasOwn(given, text) ? given[text] : parseSubnet(text)
  if (known === undefined) throw new Error(`Cannot group by '${text}'. Accepted: ${ACCEPTED}`)
  return { sides: 'directed', ...known, text }
}

function parseSubnet(word: string): Word | undefined {
  const match = /^(src|dst|host)\/(\d{1,3})(?:\/(\d{1,3}))?$/.exec(word)
  if (match === null) return undefined
  const { column, end, sides } = SUBNET_WORDS[match[1] as keyof typeof SUBNET_WORDS]
  return { parts: [subnetPart(column, end, parsePrefixes(word, match[2]!, match[3]))], sides }
}

/** One number is the IPv4 prefix, with /64 for IPv6; over 32 it can only be meant for IPv6, and IPv4 stays whole. */
function parsePrefixes(word: string, first: string, second: string | undefined): Prefixes {
  const prefixes =
    second === undefined && Number(first) > 32
      ? { ipv4: 32, ipv6: Number(first) }
      : { ipv4: Number(first), ipv6: Number(second ?? 64) }
  if (prefixes.ipv4 > 32) throw new Error(`An IPv4 prefix has at most 32 bits: '${word}'`)
  if (prefixes.ipv6 > 128) throw new Error(`An IPv6 prefix has at most 128 bits: '${word}'`)
  return prefixes
}

function addPart(parts: KeyPart[], part: KeyPart, word: string): void {
  if (parts.includes(part)) return
  const clash = parts.flatMap((known) => known.columns).find((column) => part.columns.includes(column))
  if (clash !== undefined) throw new Error(`'${word}' gives the column '${clash}' a second time`)
  parts.push(part)
}
