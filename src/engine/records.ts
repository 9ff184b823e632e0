/**
 * What the engine says, ready for a logger: plain values, no bytes, no ids.
 *
 * Packets and bytes are exact integers (a double holds 2^53: nine petabytes). Times are nanoseconds since 1970-01-01 UTC.
 */
import type { RankedGroups } from './ranked-groups.ts'
import type { ShapeFacts } from './shape-facts.ts'

/** How much there was. */
export interface Counts {
  /** Frames, however many packets they carry. */
  readonly packets: number
  /** By the basis of the analysis: on the wire, whatever was captured. */
  readonly bytes: number
}

/** Names of key columns, as machine formats print them. A grouping has some of these, in a fixed order. */
export type KeyColumn =
  | 'src'
  | 'src_name'
  | 'src_name_source'
  | 'dst'
  | 'dst_name'
  | 'dst_name_source'
  | 'host'
  | 'host_name'
  | 'host_name_source'
  | 'subnet'
  | 'src_subnet'
  | 'dst_subnet'
  | 'protocol'
  | 'protocol_number'
  | 'src_port'
  | 'dst_port'
  | 'port'
  | 'vlan'
  | 'interface'
  | 'direction'
  | 'src_mac'
  | 'dst_mac'

/** A value of a key column: text, a number (ports, protocol numbers), or null where there is none. */
export type KeyValue = string | number | null

/** One group of a window (or of the whole capture) with its counts. */
export interface Row extends Counts {
  /** Values of the key columns, in the order of {@link Analysis.columns}. */
  readonly key: readonly KeyValue[]
  /** bytes × 8 / seconds, rounded to 3 decimals; null when the span has no length (a single frame). */
  readonly bitsPerSecond: number | null
  /** Groupings that join both directions (host, conversation): the part that the host, or the first endpoint, sent. */
  readonly sent?: Counts
  /** Values of {@link Analysis.extras}. */
  readonly extras?: readonly (number | string | null)[]
}

/** A column that rows have beside key and counts, because somebody asked for it. */
export interface ExtraColumn {
  /** For machines, with its unit: `p95_bits_per_second`, `handshake_rtt_ms`, `src_country`. */
  readonly name: string
  /** For people, as a heading: `p95`, `rtt`. */
  readonly title: string
  /** `rate` is bit/s, `share` is 0 to 1. */
  readonly kind: 'rate' | 'count' | 'bytes' | 'milliseconds' | 'share' | 'text'
}

/** What `--top` left out: the sum of the rows that are not shown. */
export interface OtherRow extends Counts {
  /** As of a {@link Row}. */
  readonly bitsPerSecond: number | null
  /** How many rows it stands for. */
  readonly rows: number
}

/** A span of time and everything in it. The whole capture is one span too. */
export interface SpanRecord {
  /** What tells records apart. */
  readonly type: 'span'
  /** Half-open: [startNs, endNs). Null when the capture holds no timestamp at all. */
  readonly startNs: bigint | null
  /** End, which is not part of it; of a whole capture, the time of the last frame. */
  readonly endNs: bigint | null
  /** Sorted as asked; at most `--top` of them. */
  readonly rows: readonly Row[]
  /** What is in no row because of `top`; null when nothing is. */
  readonly other: OtherRow | null
  /** Every frame once, whatever the grouping does. */
  readonly total: Counts
  /** Values of {@link Analysis.extras} for the total. */
  readonly totalExtras?: readonly (number | string | null)[]
  /**
   * The rows as numbers, for formats that make no object of a row. Valid until the next record is asked for, and only in the
   * record that the engine made: a copy does not have it.
   * @internal
   */
  readonly ranked?: RankedGroups
}

/** A run of windows in which nothing was seen: [startNs, endNs) holds `windows` of them. */
export interface IdleRecord {
  /** What tells records apart. */
  readonly type: 'idle'
  /** Start of the first of them, nanoseconds since 1970-01-01 UTC. */
  readonly startNs: bigint
  /** End of the last of them. */
  readonly endNs: bigint
  /** How many there are. */
  readonly windows: bigint
}

/** Where every frame of the file went: whole = shown + filtered + undecoded + late + untimed + evicted, bytes alike. */
export interface Accounting {
  /** Every frame of the files that could be read, counted as it was read. */
  readonly whole: Counts
  /** What the bytes here are: of whole frames, of IP packets, or of payload. */
  readonly basis: Analysis['basis']
  /** In rows, with addresses. */
  readonly shown: Counts
  /** Left out by --since, --until, -c. */
  readonly filtered: Counts
  /** In rows too, but of an interface only: an unknown link type, or a frame without any address. */
  readonly undecoded: Counts
  /** In rows too, but of no flow of their own: there were too many flows. */
  readonly evicted: Counts
  /** Timestamps older than the windows already written. */
  readonly late: Counts
  /** Frames without a timestamp, which belong to no window. */
  readonly untimed: Counts
  /**
   * Bytes of the files that are no records: from the damage on, where their number is known (not compressed, and not a pipe),
   * or passed over by --salvage.
   */
  readonly unreadableBytes: number
  /** Frames that the capture itself says it missed; null when it does not say. They are in no other number. */
  readonly dropped: number | null
  /** Frames of which less was captured than there was (snaplen). Their bytes count in full. */
  readonly snaplenCut: number
}

/** A place where bytes of a file are no records, and --salvage went on behind them. */
export interface SalvagePlace {
  /** Name of the file, as it was given. */
  readonly file: string
  /** Into the capture, after decompression. */
  readonly offset: number
  /** How many bytes were passed over. */
  readonly bytes: number
  /** Frames of the file before it, and between it and the next place or the end. */
  readonly framesBefore: number
  /** Frames between it and the next place or the end. */
  readonly framesAfter: number
  /** What is wrong there. */
  readonly message: string
}

/** Frames of a link type. */
export interface LinktypeCount extends Counts {
  /** LINKTYPE_ number, tcpdump.org/linktypes.html. */
  readonly number: number
  /** LINKTYPE_ name, such as `ETHERNET`. */
  readonly name: string
}

/** What the capture says of an interface. */
export interface InterfaceFacts {
  /** Null when the capture does not say. */
  readonly name: string | null
  /** LINKTYPE_ number. */
  readonly linktype: number
  /** Bytes of a frame that were captured at most; 0 for no limit. */
  readonly snaplen: number
  /** From pcapng Interface Statistics Blocks; null when the capture does not say. */
  readonly received: number | null
  /** Packets dropped while capturing; null when the capture does not say. */
  readonly dropped: number | null
}

/** Why a file is not in the records, or not whole. */
export interface Damage {
  /** Name of the file, as it was given. */
  readonly file: string
  /** `cut`: it ends too early; `damaged`: its bytes contradict themselves; `foreign`: no capture; `unavailable`: no bytes. */
  readonly kind: 'cut' | 'damaged' | 'foreign' | 'unavailable'
  /** One sentence: what is wrong, at which byte. */
  readonly message: string
}

/** A name that was seen in the capture. */
export interface NamedAddress {
  /** Canonical text. */
  readonly address: string
  /** Text from a stranger, checked: printable ASCII, anything else as \\DDD. */
  readonly name: string
  /** Who told it: `dns`, `tls` and so on. */
  readonly source: string
  /** Time of the first packet that told it; null for what is told of the whole capture. */
  readonly firstSeenNs: bigint | null
}

/** Names that the capture holds. */
export interface CaptureNames {
  /** By address, time and name; the first ten thousand. */
  readonly listed: readonly NamedAddress[]
  /** How many there are beside those. */
  readonly more: number
}

/** The facts of the capture as a whole. */
export interface CaptureRecord {
  /** What tells records apart. */
  readonly type: 'capture'
  /** Names of the inputs that could be read, as they were given. */
  readonly files: readonly string[]
  /** `pcap`, `pcapng`, or both joined with `+`, with the compression: `pcap (gzip)`. */
  readonly format: string
  /** Most frames first. */
  readonly linktypes: readonly LinktypeCount[]
  /** In the order of the capture. */
  readonly interfaces: readonly InterfaceFacts[]
  /** Reading was ended by Ctrl-C or SIGTERM: these are the facts of what was read until then. */
  readonly interrupted: boolean
  /** In the files, whatever `--since` and `--until` left out. */
  readonly frames: number
  /** Their original bytes. */
  readonly bytes: number
  /** What they left in, by original length as `bytes` is. The facts below are about these frames. */
  readonly kept: Counts
  /** Bytes of frames that the capture holds. */
  readonly capturedBytes: number
  /** Lowest and highest timestamp. */
  readonly firstNs: bigint | null
  /** Highest timestamp; null when no frame has one. */
  readonly lastNs: bigint | null
  /** Decoding stopped early, by reason; these frames are in the rows nevertheless. */
  readonly truncated: number
  /** Decoding stopped because the bytes contradict themselves. */
  readonly malformed: number
  /** Decoding stopped at something that netkit does not know. */
  readonly unsupported: number
  /** Where every frame went. */
  readonly accounting: Accounting
  /** What could not be read; empty when all was. */
  readonly damage: readonly Damage[]
  /** What --salvage passed over: the first hundred places of each file. Null when reading ends at damage. */
  readonly salvage: readonly SalvagePlace[] | null
  /** Names that the capture holds, when they were asked for. */
  readonly names?: CaptureNames
  /** Frames and bytes per protocol name, largest first. */
  readonly protocols: readonly (Counts & { readonly name: string })[]
  /** How rates vary, when that was asked for. */
  readonly shape?: ShapeFacts
}

/** What an analysis hands out; `type` tells which. */
export type AnalysisRecord = SpanRecord | IdleRecord | CaptureRecord

/** What a logger knows before the first record comes. */
export interface Analysis {
  /** Key columns of every row. */
  readonly columns: readonly KeyColumn[]
  /** Window length; null for one span over the whole capture. */
  readonly windowNs: bigint | null
  /** What `bytes` counts. */
  readonly basis: 'frame' | 'ip' | 'payload'
  /** Rows have `sent`. */
  readonly bidirectional: boolean
  /** Columns beside those; left out when nobody asked for any. */
  readonly extras?: readonly ExtraColumn[]
}
