/**
 * Conversations → conn.log as Zeek's ASCII writer has it (docs.zeek.org: Log Formats, conn.log; Zeek 8): a head that says what the fields
 * are, a line of tab-separated values each, and a tail. Rows need the columns of NEEDED, which `--format zeek` asks for.
 *
 * What netkit does not know is unset (`-`): the application's protocol (Zeek reads payload for it), what is local, missed bytes. Bytes are
 * those that the packets carried; Zeek's of TCP are those of the stream, each once. One line is all of a 5-tuple: nothing times out.
 */
import type { Analysis, AnalysisRecord, CaptureRecord, KeyColumn, Row } from '../engine/records.ts'
import type { Logger } from './logger.ts'
import { inPieces } from './pieces.ts'
import { printable } from './printable.ts'
import { formatClock, formatDate } from './time-text.ts'

const FIELDS = [
  ['ts', 'time'],
  ['uid', 'string'],
  ['id.orig_h', 'addr'],
  ['id.orig_p', 'port'],
  ['id.resp_h', 'addr'],
  ['id.resp_p', 'port'],
  ['proto', 'enum'],
  ['service', 'string'],
  ['duration', 'interval'],
  ['orig_bytes', 'count'],
  ['resp_bytes', 'count'],
  ['conn_state', 'string'],
  ['local_orig', 'bool'],
  ['local_resp', 'bool'],
  ['missed_bytes', 'count'],
  ['history', 'string'],
  ['orig_pkts', 'count'],
  ['orig_ip_bytes', 'count'],
  ['resp_pkts', 'count'],
  ['resp_ip_bytes', 'count'],
  ['tunnel_parents', 'set[string]'],
  ['community_id', 'string'],
] as const

const UNSET = '-'
const EMPTY = '(empty)'
const SECOND_NS = 1_000_000_000n
const PROTOCOL_ICMP = 1
const PROTOCOL_TCP = 6
const PROTOCOL_UDP = 17
const PROTOCOL_ICMPV6 = 58

/** Columns that rows have beside key and counts, by name. Those of TCP may be missing. */
const NEEDED = ['uid', 'first_seen_ns', 'last_seen_ns', 'first_sender', 'sent_ip_bytes', 'received_ip_bytes'] as const
type Needed = (typeof NEEDED)[number] | 'conn_state' | 'history' | 'community_id'

export function createZeekLogger(analysis: Analysis): Logger {
  const connectionOf = createReader(analysis)
  let capture: CaptureRecord | null = null
  let isOpen = false

  function* recordLines(record: AnalysisRecord): Generator<string> {
    if (record.type === 'capture') capture = record
    if (record.type !== 'span') return
    // By the capture's clock: the same capture gives the same log.
    if (!isOpen) yield head(record.startNs)
    isOpen = true
    for (const row of record.rows) {
      const values = connectionOf(row)
      if (values !== null) yield `${values.join('\t')}\n`
    }
  }

  return {
    begin: () => '',
    record: (record) => inPieces(recordLines(record)),
    end: () => (isOpen ? `#close\t${stamp(capture?.lastNs ?? null)}\n` : ''),
  }
}

function head(startNs: bigint | null): string {
  const lines = [
    '#separator \\x09',
    '#set_separator\t,',
    `#empty_field\t${EMPTY}`,
    `#unset_field\t${UNSET}`,
    '#path\tconn',
    `#open\t${stamp(startNs)}`,
    `#fields\t${FIELDS.map(([name]) => name).join('\t')}`,
    `#types\t${FIELDS.map(([, type]) => type).join('\t')}`,
  ]
  return `${lines.join('\n')}\n`
}

/** `2014-05-23-18-02-35`. */
function stamp(ns: bigint | null): string {
  return ns === null ? UNSET : `${formatDate(ns)}-${formatClock(ns, 0).replaceAll(':', '-')}`
}

/** The values of a row, in the order of FIELDS. Null for rows that are no connection: without IP. */
function createReader({ columns, extras = [] }: Analysis): (row: Row) => readonly string[] | null {
  const placeOf = (column: KeyColumn) => columns.indexOf(column)
  const ends = [
    { address: placeOf('src'), port: placeOf('src_port') },
    { address: placeOf('dst'), port: placeOf('dst_port') },
  ] as const
  const protocolPlace = placeOf('protocol_number')
  const missing = NEEDED.filter((name) => !extras.some((extra) => extra.name === name))
  if (missing.length > 0 || protocolPlace === -1)
    throw new Error(`zeek: rows lack ${missing.join(', ') || 'a protocol'}`)
  const lookup = (name: Needed) => {
    const place = extras.findIndex((extra) => extra.name === name)
    return (row: Row) => row.extras?.[place] ?? null
  }
  const uidOf = lookup('uid')
  const firstOf = lookup('first_seen_ns')
  const lastOf = lookup('last_seen_ns')
  const firstSenderOf = lookup('first_sender')
  const stateOf = lookup('conn_state')
  const historyOf = lookup('history')
  const communityOf = lookup('community_id')
  const ipBytesOf = [lookup('sent_ip_bytes'), lookup('received_ip_bytes')] as const

  return (row) => {
    const { key, packets, bytes, sent } = row
    const protocol = key[protocolPlace]
    if (typeof protocol !== 'number' || sent === undefined) return null
    const history = textOf(historyOf(row))
    // A history of TCP says by a ^ that who sent first is not who began.
    const flips = protocol === PROTOCOL_TCP && history.split('^').length % 2 === 0
    const orig = (firstSenderOf(row) !== 'dst') !== flips ? 0 : 1
    const resp = orig === 0 ? 1 : 0
    const packetsOf = [sent.packets, packets - sent.packets] as const
    const bytesOf = [sent.bytes, bytes - sent.bytes] as const
    const first = firstOf(row)
    const firstNs = first === null ? null : BigInt(first)
    const durationNs = firstNs === null ? 0n : BigInt(lastOf(row)!) - firstNs
    // As Zeek has it: of a connection that took no time neither is known.
    const isLong = durationNs > 0n
    const answers = packetsOf[resp]
    return [
      firstNs === null ? UNSET : seconds(firstNs),
      textOf(uidOf(row)),
      String(key[ends[orig].address]),
      String(key[ends[orig].port] ?? 0),
      String(key[ends[resp].address]),
      String(key[ends[resp].port] ?? 0),
      protocolWord(protocol),
      UNSET,
      isLong ? seconds(durationNs) : UNSET,
      isLong ? String(bytesOf[orig]) : UNSET,
      isLong ? String(bytesOf[resp]) : UNSET,
      connState(protocol, answers, textOf(stateOf(row))),
      UNSET,
      UNSET,
      UNSET,
      connHistory(protocol, answers, history),
      String(packetsOf[orig]),
      String(ipBytesOf[orig](row) ?? 0),
      String(answers),
      String(ipBytesOf[resp](row) ?? 0),
      UNSET,
      textOf(communityOf(row)),
    ]
  }
}

/** Zeek writes microseconds. */
function seconds(ns: bigint): string {
  if (ns < 0n) return `-${seconds(-ns)}`
  return `${ns / SECOND_NS}.${((ns % SECOND_NS) / 1000n).toString().padStart(6, '0')}`
}

function protocolWord(protocol: number): string {
  if (protocol === PROTOCOL_TCP) return 'tcp'
  if (protocol === PROTOCOL_UDP) return 'udp'
  return protocol === PROTOCOL_ICMP || protocol === PROTOCOL_ICMPV6 ? 'icmp' : 'unknown_transport'
}

/** scripts/base/protocols/conn/main.zeek: of UDP whether it was answered; nothing of what has no states. */
function connState(protocol: number, answers: number, tcp: string): string {
  if (protocol === PROTOCOL_TCP) return tcp
  if (protocol === PROTOCOL_UDP) return answers > 0 ? 'SF' : 'S0'
  return 'OTH'
}

function connHistory(protocol: number, answers: number, tcp: string): string {
  if (protocol === PROTOCOL_TCP) return tcp
  if (protocol === PROTOCOL_UDP) return answers > 0 ? 'Dd' : 'D'
  return UNSET
}

function textOf(value: string | number | null): string {
  return value === null || value === '' ? UNSET : printable(String(value))
}
