/** The key of a row → how a person says it: `10.0.0.1:443 (Private Network) → 10.0.0.2:50000 (Private Network) (TCP)`. */
import type { Analysis, KeyColumn, KeyValue } from '../engine/records.ts'
import { isHostName } from '../names/host-name.ts'
import { EVICTED_TEXT } from '../names/protocols.ts'
import { printable } from './printable.ts'

type Key = readonly KeyValue[]
type Lookup = (key: Key) => string | null
type Part = (key: Key) => string

/** How many other names the address of that text has. */
export type OtherNames = (address: string) => number

/** Says keys of that analysis. Made once: which columns there are decides the shape, each row only fills it. */
export function createKeyText(analysis: Analysis, otherNames: OtherNames = () => 0): Part {
  const has = (column: KeyColumn) => analysis.columns.includes(column)
  const lookup = (column: KeyColumn): Lookup => {
    const index = analysis.columns.indexOf(column)
    return (key) => {
      const value = index < 0 ? null : (key[index] ?? null)
      return value === null ? null : printable(String(value))
    }
  }

  const name = (end: 'src' | 'dst' | 'host'): Lookup =>
    namedOf(lookup(`${end}_name`), lookup(`${end}_name_source`), lookup(end), otherNames)

  const lead: Part[] = []
  if (has('host') || has('subnet')) {
    const none = () => null
    const place = endpoint(lookup('host'), name('host'), none, lookup('subnet'), none)
    lead.push((key) => place(key) ?? 'no address')
  }
  const hasSource = hasEnd(analysis, 'src')
  const hasDestination = hasEnd(analysis, 'dst')
  if (hasSource || hasDestination) {
    const arrow = analysis.bidirectional && hasTwoEnds(analysis) ? '↔' : '→'
    const source = endpoint(lookup('src'), name('src'), lookup('src_port'), lookup('src_subnet'), lookup('src_mac'))
    const destination = endpoint(
      lookup('dst'),
      name('dst'),
      lookup('dst_port'),
      lookup('dst_subnet'),
      lookup('dst_mac'),
    )
    lead.push((key) => {
      const from = source(key)
      const to = destination(key)
      if (from === null && to === null) return 'no address'
      return `${hasSource ? (from ?? 'no address') : 'any'} ${arrow} ${hasDestination ? (to ?? 'no address') : 'any'}`
    })
  }

  const parts: Part[] = lead.length > 0 ? [(key) => lead.map((part) => part(key)).join(', ')] : []
  if (has('port')) parts.push(named('port', lookup('port')))
  const vlan = lookup('vlan')
  const networkInterface = lookup('interface')
  // Without an address or a port to speak about, the VLAN or the interface is the subject and stands first.
  const subjectIsVlan = parts.length === 0 && has('vlan')
  if (subjectIsVlan) parts.push(named('vlan', vlan))
  const subjectIsInterface = parts.length === 0 && has('interface')
  if (subjectIsInterface) parts.push(named('interface', networkInterface))
  if (has('direction')) {
    const direction = lookup('direction')
    const alone = parts.length === 0
    parts.push((key) => (alone ? (direction(key) ?? 'no direction') : prefixed('going', direction(key))))
  }
  if (has('protocol') || has('protocol_number')) {
    const name = lookup('protocol')
    const number = lookup('protocol_number')
    const alone = parts.length === 0
    parts.push((key) => {
      const protocol = name(key) ?? `protocol ${number(key) ?? 'unknown'}`
      return alone ? protocol : `(${protocol})`
    })
  }
  if (has('vlan') && !subjectIsVlan) parts.push((key) => prefixed('vlan', vlan(key)))
  if (has('interface') && !subjectIsInterface) parts.push((key) => prefixed('on', networkInterface(key)))

  return (key) => {
    // A row of no end in particular.
    if (key.includes(EVICTED_TEXT)) return EVICTED_TEXT
    return parts
      .map((part) => part(key))
      .filter((text) => text !== '')
      .join(' ')
  }
}

/** Rows are between two ends, so that a direction can be drawn as an arrow. */
export function hasTwoEnds(analysis: Analysis): boolean {
  return hasEnd(analysis, 'src') && hasEnd(analysis, 'dst')
}

/** Names the sum of a table. Between hosts or subnets every frame is in two rows, which then add up to more. */
export function totalNoun(analysis: Analysis): string {
  return analysis.bidirectional && !hasTwoEnds(analysis) ? 'Total, each frame once' : 'Total'
}

function hasEnd({ columns }: Analysis, end: 'src' | 'dst'): boolean {
  return columns.some((column) => column === end || column.startsWith(`${end}_`))
}

/** `10.0.0.1:443 (name) in 10.0.0.0/24 at 00:11:22:33:44:55`, as far as it is known; null when nothing is. */
function endpoint(address: Lookup, name: Lookup, port: Lookup, subnet: Lookup, mac: Lookup): Lookup {
  return (key) => {
    const parts: string[] = []
    const place = joinPort(address(key), port(key))
    if (place !== null) parts.push(place)
    const label = name(key)
    if (label !== null && label !== '') parts.push(`(${label})`)
    const network = subnet(key)
    if (network !== null) parts.push(parts.length > 0 ? `in ${network}` : network)
    const hardware = mac(key)
    if (hardware !== null) parts.push(parts.length > 0 ? `at ${hardware}` : hardware)
    return parts.length > 0 ? parts.join(' ') : null
  }
}

/** `api.example.com [dns, +1]`: the name, who told it, and how many others there are; a label is nobody's word. */
function namedOf(name: Lookup, source: Lookup, address: Lookup, otherNames: OtherNames): Lookup {
  return (key) => {
    const teller = source(key)
    if (teller === null) return name(key)
    const others = otherNames(address(key) ?? '')
    return nameText(name(key) ?? '', teller, others)
  }
}

/** Strangers choose names. One that is no host's is quoted, so that it cannot be read as a name and who told it. */
export function nameText(name: string, source: string, others: number): string {
  const shown = isHostName(name) ? name : `"${name.replaceAll('"', '\\"')}"`
  return `${shown} [${source}${others > 0 ? `, +${others}` : ''}]`
}

/** RFC 3986 §3.2.2 brackets an IPv6 address where a port follows. */
function joinPort(address: string | null, port: string | null): string | null {
  if (port === null) return address
  if (address === null) return `port ${port}`
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}

function named(noun: string, value: Lookup): Part {
  return (key) => {
    const text = value(key)
    return text === null ? `no ${noun}` : `${noun} ${text}`
  }
}

function prefixed(word: string, value: string | null): string {
  return value === null ? '' : `${word} ${value}`
}

const NOUNS: readonly (readonly [KeyColumn, string])[] = [
  ['host', 'host'],
  ['subnet', 'subnet'],
  ['src', 'source'],
  ['dst', 'destination'],
  ['src_subnet', 'source subnet'],
  ['dst_subnet', 'destination subnet'],
  ['src_mac', 'source MAC'],
  ['dst_mac', 'destination MAC'],
  ['src_port', 'source port'],
  ['dst_port', 'destination port'],
  ['port', 'port'],
  ['vlan', 'VLAN'],
  ['interface', 'interface'],
]

/** What one row is: `pair`, `flow`, `conversation`, `host`, …; `group` for a mixture. The plural adds an s. */
export function groupNoun(analysis: Analysis): string {
  const has = (column: KeyColumn) => analysis.columns.includes(column)
  if (has('src') && has('dst')) {
    if (analysis.bidirectional) return 'conversation'
    return has('src_port') || has('dst_port') ? 'flow' : 'pair'
  }
  const nouns = NOUNS.filter(([column]) => has(column)).map(([, noun]) => noun)
  if (nouns.length === 0) return has('protocol') ? 'protocol' : has('direction') ? 'direction' : 'group'
  if (nouns.length === 1) return nouns[0]!
  if (nouns.length === 2 && has('src_subnet') && has('dst_subnet')) return 'subnet pair'
  if (nouns.length === 2 && has('src_mac') && has('dst_mac')) return 'MAC pair'
  return 'group'
}
