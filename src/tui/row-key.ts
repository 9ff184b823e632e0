/**
 * The key of a row → its cells: `192.168.1.20:51903`, `→`, `198.51.100.60:5004`, `UDP`. Ends stand below each other, and where
 * the room is short they lose their middle, never their port.
 */
import type { Analysis, KeyColumn, KeyValue } from '../engine/records.ts'
import { createKeyText } from '../loggers/key-text.ts'
import { printable } from '../loggers/printable.ts'
import { displayWidth } from '../loggers/text-table.ts'
import { IPV4_SPECIAL_BLOCKS, IPV6_SPECIAL_BLOCKS, NO_NAME } from '../names/special-addresses.ts'
import { elideMiddle, fitStart } from './fit-text.ts'

/** The name of a host by its address, when somebody knows it. */
export type NameOf = (address: string) => string | null

export interface KeyCells {
  readonly from: End
  /** Null where the key has one end, or none. */
  readonly to: End | null
  readonly tail: string
}

/** `text` may be shortened, `port` is kept. */
interface End {
  readonly text: string
  readonly port: string
}

export interface KeyStyle {
  /** Names in place of addresses, where they are known. */
  readonly names: boolean
  /** Room for both: the address and its label, the name and its address. */
  readonly long: boolean
}

export type ReadKey = (key: readonly KeyValue[], style: KeyStyle) => KeyCells

/** Labels of kinds of addresses; any other name beside an address is its host's. */
const LABELS = new Set([
  ...[...IPV4_SPECIAL_BLOCKS, ...IPV6_SPECIAL_BLOCKS].map(([, label]) => label),
  NO_NAME,
  '',
  'Ethernet',
  'Broadcast',
  'Multicast',
])

export function arrowOf({ bidirectional }: Analysis): string {
  return bidirectional ? '↔' : '→'
}

export function createReadKey(analysis: Analysis, nameOf: NameOf): ReadKey {
  const { columns } = analysis
  const at = (column: KeyColumn) => columns.indexOf(column)
  const textOf = (key: readonly KeyValue[], index: number) => {
    const value = index < 0 ? null : (key[index] ?? null)
    return value === null ? null : printable(String(value))
  }
  const endAt = (address: KeyColumn, name: `${'src' | 'dst' | 'host'}_name`, port: KeyColumn | null) => {
    const [addressAt, nameAt, portAt] = [at(address), at(name), port === null ? -1 : at(port)]
    const sourceAt = at(`${name}_source`)
    return (key: readonly KeyValue[], style: KeyStyle): End => {
      const port = textOf(key, portAt)
      const named = { text: textOf(key, nameAt), isHost: textOf(key, sourceAt) !== null }
      return endOf(textOf(key, addressAt), named, port === null ? '' : `:${port}`, style, nameOf)
    }
  }
  const protocolAt = at('protocol')
  const vlanAt = at('vlan')
  const tailOf = (key: readonly KeyValue[]) => {
    const vlan = textOf(key, vlanAt)
    return [textOf(key, protocolAt) ?? '', vlan === null ? '' : `vlan ${vlan}`].filter((text) => text !== '').join(' ')
  }

  if (isMadeOf(columns, ['src', 'dst'], [...NAMES, 'src_port', 'dst_port', ...TAIL])) {
    const source = endAt('src', 'src_name', 'src_port')
    const destination = endAt('dst', 'dst_name', 'dst_port')
    return (key, style) => ({ from: source(key, style), to: destination(key, style), tail: tailOf(key) })
  }
  for (const [address, name] of [
    ['host', 'host_name'],
    ['src', 'src_name'],
    ['dst', 'dst_name'],
  ] as const) {
    if (!isMadeOf(columns, [address], [name, `${name}_source`, ...TAIL])) continue
    const end = endAt(address, name, null)
    return (key, style) => ({ from: end(key, style), to: null, tail: tailOf(key) })
  }
  const keyText = createKeyText(analysis)
  return (key) => ({ from: { text: keyText(key), port: '' }, to: null, tail: '' })
}

const NAMES: readonly KeyColumn[] = ['src_name', 'src_name_source', 'dst_name', 'dst_name_source']
const TAIL: readonly KeyColumn[] = ['protocol', 'protocol_number', 'vlan']

function isMadeOf(columns: readonly KeyColumn[], needed: readonly KeyColumn[], allowed: readonly KeyColumn[]): boolean {
  return (
    needed.every((column) => columns.includes(column)) &&
    columns.every((column) => needed.includes(column) || allowed.includes(column))
  )
}

function endOf(
  address: string | null,
  { text: named, isHost }: { readonly text: string | null; readonly isHost: boolean },
  port: string,
  { names, long }: KeyStyle,
  nameOf: NameOf,
): End {
  if (address === null) return { text: 'no address', port }
  // What the capture says comes before what servers say.
  const known = isHost ? named : (nameOf(address) ?? (named !== null && !LABELS.has(named) ? named : ''))
  const host = printable(known ?? '')
  if (names && host !== '') return long ? { text: `${host}${port} (${address})`, port: '' } : { text: host, port }
  const bracketed = port !== '' && address.includes(':') ? `[${address}]` : address
  if (names && long && named !== null && named !== '') return { text: `${bracketed}${port} (${named})`, port: '' }
  return { text: bracketed, port }
}

/** One line for a row whose width does not matter: what a filter looks at. */
export function keyLine({ from, to, tail }: KeyCells, arrow: string): string {
  const ends = to === null ? `${from.text}${from.port}` : `${from.text}${from.port} ${arrow} ${to.text}${to.port}`
  return tail === '' ? ends : `${ends} ${tail}`
}

/** Columns that the keys of a table take when nothing is shortened. */
export function naturalWidth(keys: readonly KeyCells[], arrow: string): number {
  const widest = (measure: (cells: KeyCells) => number) => keys.reduce((most, key) => Math.max(most, measure(key)), 0)
  const toWidth = widest(({ to }) => (to === null ? 0 : arrow.length + 2 + endWidth(to)))
  const tailWidth = widest(({ tail }) => (tail === '' ? 0 : 1 + displayWidth(tail)))
  return widest(({ from }) => endWidth(from)) + toWidth + tailWidth
}

const NARROW = 36

/** All keys of a table as texts of exactly `width` columns, or less where none needs them. */
export function keyColumn(keys: readonly KeyCells[], arrow: string, width: number): string[] {
  const widest = (measure: (cells: KeyCells) => number) => keys.reduce((most, key) => Math.max(most, measure(key)), 0)
  const fromWidth = widest(({ from }) => endWidth(from))
  const toWidth = widest(({ to }) => (to === null ? 0 : endWidth(to)))
  const between = toWidth === 0 ? 0 : arrow.length + 2
  const wantedTail = widest(({ tail }) => displayWidth(tail))
  // On a narrow screen the ends are worth more than the protocol.
  const isTight = width < NARROW && fromWidth + between + toWidth + wantedTail >= width
  const tailWidth = isTight ? 0 : wantedTail
  const gap = tailWidth === 0 ? 0 : 1
  const shownTail = Math.min(tailWidth, Math.max(0, width - between - gap - 8))
  const room = Math.max(0, width - between - gap - shownTail)
  const [fromRoom, toRoom] = share(room, fromWidth, toWidth)
  return keys.map(({ from, to, tail }) => {
    const start = endText(from, to === null ? fromRoom + between + toRoom : fromRoom)
    const rest = to === null ? '' : ` ${arrow} ${endText(to, toRoom)}`
    return fitStart(gap === 0 ? start + rest : `${start}${rest} ${fitStart(tail, shownTail)}`, width)
  })
}

function endWidth({ text, port }: End): number {
  return displayWidth(text) + port.length
}

function endText({ text, port }: End, width: number): string {
  return fitStart(elideMiddle(text, Math.max(0, width - port.length)) + port, width)
}

/** Of the two that want more than there is, the one that wants less than half gets it. */
function share(room: number, first: number, second: number): [number, number] {
  if (first + second <= room) return [first, second]
  const half = Math.floor(room / 2)
  if (first <= half) return [first, room - first]
  if (second <= half) return [room - second, second]
  return [room - half, half]
}
