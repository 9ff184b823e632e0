/** The tables of `netkit sql`: their columns, types and units, and where a value comes from. The names are a public interface. */

export type SqlType = 'BIGINT' | 'INTEGER' | 'DOUBLE' | 'VARCHAR' | 'TIMESTAMP_NS'
export const TABLE_NAMES = ['packets', 'flows', 'windows', 'names', 'captures'] as const
export type TableName = (typeof TABLE_NAMES)[number]

export interface SqlColumn {
  readonly name: string
  readonly type: SqlType
  /** What it is, and in which unit. */
  readonly about: string
  readonly example: string
  /** Not stored: what it is made of. */
  readonly made?: { readonly of: readonly string[]; readonly by: string }
}

export interface SqlTable {
  readonly name: TableName
  readonly about: string
  readonly columns: readonly SqlColumn[]
}

const column = (name: string, type: SqlType, about: string, example: string): SqlColumn => ({
  name,
  type,
  about,
  example,
})

/** Of frames, flows and windows alike: they follow from the flow. */
export const FLOW_COLUMNS: readonly SqlColumn[] = [
  column('flow', 'BIGINT', 'number of the flow: packets, windows and flows are joined by it', '0'),
  column('src', 'VARCHAR', 'source address: IPv4, IPv6, else MAC; NULL without one', '192.168.1.20'),
  column('src_port', 'INTEGER', 'source port of TCP, UDP, SCTP, DCCP', '51234'),
  column('dst', 'VARCHAR', 'destination address', '203.0.113.10'),
  column('dst_port', 'INTEGER', 'destination port', '443'),
  column('protocol', 'VARCHAR', 'of IP, else the EtherType', 'TCP'),
  column('protocol_number', 'INTEGER', 'the number of it by IANA; NULL without IP', '6'),
  column('vlan', 'VARCHAR', 'VLAN ids from the outermost: 10, 10.20', '10'),
]

const PACKETS: SqlTable = {
  name: 'packets',
  about: 'every frame, in the order of time',
  columns: [
    column('frame', 'BIGINT', 'number of the frame, from 1, as netkit log and tshark have it', '1'),
    column('time', 'TIMESTAMP_NS', 'UTC; NULL for a frame without one', '2026-11-22T13:28:14.891940196Z'),
    {
      ...column('time_ns', 'BIGINT', 'the same, nanoseconds since 1970', '1795354094891940196'),
      made: { of: ['time'], by: 'epoch_ns("time")' },
    },
    column('file', 'VARCHAR', 'the capture that it is from, as it was named', 'office.pcapng'),
    column('interface', 'VARCHAR', 'name of the interface, else its number', 'eth0'),
    ...FLOW_COLUMNS,
    column('length', 'BIGINT', 'bytes on the wire', '1514'),
    column('captured_length', 'BIGINT', 'bytes in the file', '96'),
    column('src_mac', 'VARCHAR', 'link-layer source', '02:00:00:00:00:14'),
    column('dst_mac', 'VARCHAR', 'link-layer destination', '02:00:00:00:00:01'),
    column('ttl', 'INTEGER', 'time to live, or hop limit', '64'),
    column('ip_length', 'BIGINT', 'bytes of the IP packet on the wire; NULL without IP', '1500'),
    column('payload_length', 'BIGINT', 'bytes behind the headers of IP, TCP and UDP; NULL without IP', '1448'),
    column('tcp_flags', 'VARCHAR', 'those of FSRPAUEC that are set: S, SA, A, PA, FA, R …', 'SA'),
    column('tcp_sequence', 'BIGINT', 'sequence number', '3735928559'),
    column('tcp_acknowledgment', 'BIGINT', 'acknowledgment number', '3735928560'),
    column('tcp_window', 'INTEGER', 'window field, not scaled', '502'),
    column('icmp_type', 'INTEGER', 'of ICMP and ICMPv6', '8'),
    column('icmp_code', 'INTEGER', 'of ICMP and ICMPv6', '0'),
    column('fault', 'VARCHAR', 'why decoding stopped early: truncated, malformed, unsupported; else NULL', 'truncated'),
  ],
}

const FLOWS: SqlTable = {
  name: 'flows',
  about: 'every flow (one direction of a 5-tuple, with its VLAN), over all captures',
  columns: [
    ...FLOW_COLUMNS,
    column('packets', 'BIGINT', 'frames', '42'),
    column('bytes', 'BIGINT', 'bytes on the wire', '48230'),
    column('first_time', 'TIMESTAMP_NS', 'of its first frame, UTC', '2026-11-22T13:28:14.891940196Z'),
    column('last_time', 'TIMESTAMP_NS', 'of its last frame', '2026-11-22T13:28:37.914246930Z'),
    {
      ...column('seconds', 'DOUBLE', 'between these two', '23.022306734'),
      made: { of: ['first_time', 'last_time'], by: '(epoch_ns("last_time") - epoch_ns("first_time")) / 1e9' },
    },
  ],
}

/** `seconds`: the length of a window, as a decimal number. */
export function windowsTable(seconds: string): SqlTable {
  return {
    name: 'windows',
    about: `what each flow sent in each window of ${seconds} s that it sent in; windows start at round times`,
    columns: [
      column('window_start', 'TIMESTAMP_NS', 'UTC; the window is [start, start + length)', '2026-11-22T13:28:14Z'),
      {
        ...column('window_start_ns', 'BIGINT', 'the same, nanoseconds since 1970', '1795354094000000000'),
        made: { of: ['window_start'], by: 'epoch_ns("window_start")' },
      },
      {
        ...column('window_seconds', 'DOUBLE', 'length of the window', seconds),
        made: { of: [], by: `${seconds}::DOUBLE` },
      },
      ...FLOW_COLUMNS,
      column('packets', 'BIGINT', 'frames of the flow in the window', '12'),
      column('bytes', 'BIGINT', 'bytes on the wire', '9120'),
      {
        ...column('bits_per_second', 'DOUBLE', 'bytes × 8 / window_seconds', '72960'),
        made: { of: ['bytes'], by: `round("bytes" * 8 / ${seconds}::DOUBLE, 3)` },
      },
    ],
  }
}

const NAMES: SqlTable = {
  name: 'names',
  about: 'the names that the captures hold for addresses, a row for each name of each address',
  columns: [
    column('address', 'VARCHAR', 'IPv4 or IPv6', '203.0.113.10'),
    column('name', 'VARCHAR', 'as it was seen', 'www.example.com'),
    column('source', 'VARCHAR', 'who told it: dns, mdns, llmnr, tls, quic, http, dhcp, pcapng', 'dns'),
    column(
      'first_time',
      'TIMESTAMP_NS',
      'when it was first told; NULL for the whole capture',
      '2026-11-22T13:28:15.104Z',
    ),
  ],
}

const CAPTURES: SqlTable = {
  name: 'captures',
  about: 'every capture file, and where its frames went',
  columns: [
    column('file', 'VARCHAR', 'as it was named', 'office.pcapng'),
    column('format', 'VARCHAR', 'pcap or pcapng; NULL for what is neither', 'pcapng'),
    column('compression', 'VARCHAR', 'gzip, zstd, lz4, or NULL', 'gzip'),
    column('stored_bytes', 'BIGINT', 'size of the file; NULL for a pipe', '286512'),
    column('frames', 'BIGINT', 'that could be read; those of packets and filtered', '812'),
    column('filtered', 'BIGINT', 'of these, left out by --filter', '0'),
    column('bytes', 'BIGINT', 'on the wire, of the frames in packets', '258410'),
    column('captured_bytes', 'BIGINT', 'of these, in the file', '258410'),
    column('first_time', 'TIMESTAMP_NS', 'lowest time of a frame, UTC', '2026-11-22T13:28:14.891940196Z'),
    column('last_time', 'TIMESTAMP_NS', 'highest time', '2026-11-22T13:28:37.914246930Z'),
    column('untimed', 'BIGINT', 'frames without a time: they are in no window', '0'),
    column('cut', 'BIGINT', 'frames of which less was captured than there was', '0'),
    column('truncated', 'BIGINT', 'frames whose headers the capture cut', '0'),
    column('malformed', 'BIGINT', 'frames that contradict themselves', '0'),
    column('unsupported', 'BIGINT', 'frames that netkit does not decode to the end', '2'),
    column('damage', 'VARCHAR', 'what is wrong with the file; NULL when nothing is', 'record header cut at byte 4096'),
  ],
}

/** All tables. */
export function sqlTables(windowSeconds: string): readonly SqlTable[] {
  return [PACKETS, FLOWS, windowsTable(windowSeconds), NAMES, CAPTURES]
}

/** The stored columns that the columns of that name need, in the table's order; at least one, as there have to be rows. */
export function storedColumns(table: SqlTable, needed: ReadonlySet<string>): readonly SqlColumn[] {
  const wanted = new Set<string>()
  for (const { name, made } of table.columns) {
    if (needed.has(name)) for (const part of made?.of ?? [name]) wanted.add(part)
  }
  const stored = table.columns.filter(({ made }) => made === undefined)
  const chosen = stored.filter(({ name }) => wanted.has(name))
  return chosen.length > 0 ? chosen : stored.slice(0, 1)
}
