/**
 * Rows of recorded windows → rows of the tables that can be made of them: those that were recorded, and hosts, pairs, services and
 * protocols where their keys say enough. What is in no row of its own there (`--top`) is in none here.
 */
import { parseBy } from '../engine/by.ts'
import type { Analysis, Counts, KeyColumn, KeyValue, Row, SpanRecord } from '../engine/records.ts'

/** A window that was recorded, and what its rows are. */
export interface RecordedWindow {
  readonly analysis: Analysis
  readonly span: SpanRecord
}

/** What a row of a table gets from a recorded one. */
export interface Share extends Counts {
  readonly key: readonly KeyValue[]
  /** Of a table of two directions: what the row's end sent. */
  readonly sent?: Counts
}

export interface HistoryTable {
  /** As --by takes it, or the columns where no word of it gives them. */
  readonly by: string
  readonly analysis: Analysis
  shares(row: Row): Share[]
}

const WORDS = ['pair', 'flow', 'conversation', 'host', 'src', 'dst', 'protocol', 'service', 'vlan', 'mac', 'interface']
const HOST: readonly KeyColumn[] = ['host', 'host_name', 'host_name_source']
const SRC: readonly KeyColumn[] = ['src', 'src_name', 'src_name_source']
const DST: readonly KeyColumn[] = ['dst', 'dst_name', 'dst_name_source']
const PROTOCOL: readonly KeyColumn[] = ['protocol', 'protocol_number']
const NONE: Counts = { packets: 0, bytes: 0 }

/** The first is what was recorded. */
export function historyTables(recorded: Analysis): HistoryTable[] {
  const tables: HistoryTable[] = [{ by: wordFor(recorded), analysis: recorded, shares: (row) => [row] }]
  const add = (by: string, columns: readonly KeyColumn[], bidirectional: boolean, shares: HistoryTable['shares']) => {
    if (tables.some((table) => table.by === by)) return
    tables.push({ by, analysis: { ...recorded, columns, bidirectional }, shares })
  }
  const { columns, bidirectional } = recorded
  const has = (...names: KeyColumn[]) => names.every((name) => columns.includes(name))
  const pick = (names: readonly KeyColumn[]) => {
    const places = names.map((name) => columns.indexOf(name))
    return (row: Row) => places.map((place) => row.key[place] ?? null)
  }
  if (has('src', 'dst')) add('host', HOST, true, hostShares(pick(SRC), pick(DST), bidirectional))
  if (has('src', 'dst', 'protocol')) {
    add('pair', [...SRC, ...DST, ...PROTOCOL], false, pairShares(pick(SRC), pick(DST), pick(PROTOCOL), bidirectional))
  }
  if (has('protocol') && (has('port') || has('src_port', 'dst_port'))) {
    const ports = pick(has('port') ? ['port'] : ['src_port', 'dst_port'])
    const protocol = pick(PROTOCOL)
    add('service', [...PROTOCOL, 'port'], false, (row) => [{ ...row, key: [...protocol(row), lowest(ports(row))] }])
  }
  if (has('protocol')) {
    const protocol = pick(PROTOCOL)
    add('protocol', PROTOCOL, false, (row) => [{ ...row, key: protocol(row) }])
  }
  return tables
}

/** The values that a key is known by: an address may have other names at another time. */
export function identityOf({ columns }: Analysis): (key: readonly KeyValue[]) => string {
  const places = columns.flatMap((column, i) => (/_name(?:_source)?$/.test(column) ? [] : [i]))
  return (key) => places.map((i) => key[i] ?? '').join('\0')
}

/** Who sent how much to whom, where rows say it. */
export function directionsOf({ columns, bidirectional }: Analysis): ((row: Row) => Direction[]) | null {
  const src = columns.indexOf('src')
  const dst = columns.indexOf('dst')
  if (src < 0 || dst < 0) return null
  return (row) => {
    const [a, b] = [row.key[src] ?? null, row.key[dst] ?? null]
    if (!bidirectional) return [{ from: a, to: b, counts: row }]
    const sent = row.sent ?? NONE
    return [
      { from: a, to: b, counts: sent },
      { from: b, to: a, counts: minus(row, sent) },
    ]
  }
}

export interface Direction {
  readonly from: KeyValue
  readonly to: KeyValue
  readonly counts: Counts
}

type Pick = (row: Row) => KeyValue[]

function hostShares(src: Pick, dst: Pick, bidirectional: boolean): HistoryTable['shares'] {
  return (row) => {
    const [a, b] = [src(row), dst(row)]
    const { packets, bytes } = row
    const sent = bidirectional ? (row.sent ?? NONE) : row
    // A frame without addresses has its interface at the source alone; one from a host to itself is its frame once.
    if (b[0] === null || a[0] === b[0]) return [{ key: a, packets, bytes, sent: row }]
    return [
      { key: a, packets, bytes, sent },
      { key: b, packets, bytes, sent: minus(row, sent) },
    ]
  }
}

function pairShares(src: Pick, dst: Pick, protocol: Pick, bidirectional: boolean): HistoryTable['shares'] {
  return (row) => {
    const [a, b, name] = [src(row), dst(row), protocol(row)]
    if (!bidirectional) return [{ key: [...a, ...b, ...name], packets: row.packets, bytes: row.bytes }]
    const sent = row.sent ?? NONE
    const shares = [
      { key: [...a, ...b, ...name], ...sent },
      { key: [...b, ...a, ...name], ...minus(row, sent) },
    ]
    return shares.filter(({ packets }) => packets > 0)
  }
}

/** As the engine has it: servers listen below the ephemeral ports (RFC 6335 §6). */
function lowest(ports: readonly KeyValue[]): KeyValue {
  const numbers = ports.filter((port): port is number => typeof port === 'number')
  return numbers.length === 0 ? null : Math.min(...numbers)
}

function minus(a: Counts, b: Counts): Counts {
  return { packets: a.packets - b.packets, bytes: a.bytes - b.bytes }
}

function wordFor({ columns, bidirectional }: Analysis): string {
  const isIt = (word: string) => {
    const grouping = parseBy(word)
    return grouping.bidirectional === bidirectional && grouping.columns.join() === columns.join()
  }
  return WORDS.find(isIt) ?? columns.filter((column) => !/_(name|name_source|number)$/.test(column)).join(',')
}
