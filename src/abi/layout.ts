/**
 * Where things are in the module's memory, for both sides of the border.
 *
 * A flow row, little-endian unless it is an address (network order, padded with zeros):
 *
 *      0         16             32       34       36     40         42       44          48           54
 *     +---------+--------------+--------+--------+------+----------+--------+-----------+------------+-----------------+
 *     | source  | destination  | sport  | dport  | vlan | protocol | family | interface | source MAC | destination MAC |
 *     +---------+--------------+--------+--------+------+----------+--------+-----------+------------+-----------------+
 *
 * Rows end at 48, or at 64 when the key has MAC addresses.
 */
export const ROW_SOURCE = 0
export const ROW_DESTINATION = 16
export const ROW_SOURCE_PORT = 32
export const ROW_DESTINATION_PORT = 34
export const ROW_VLAN = 36
export const ROW_PROTOCOL = 40
export const ROW_FAMILY = 42
export const ROW_INTERFACE = 44
export const ROW_LENGTH = 48
export const ROW_SOURCE_MAC = 48
export const ROW_DESTINATION_MAC = 54
export const ROW_LENGTH_WITH_MACS = 64
/** Rows lie one behind the other in pages of so many, which never move. */
export const ROWS_PER_PAGE_BITS = 14
/** Flows that are looked up together: see assembly/flow-table.ts. */
export const FLOWS_TOGETHER = 128

/**
 * The columns of a batch lie one behind the other, each with room for this many frames. 4096 frames of columns are 150 kB:
 * they stay in the second-level cache between the module that writes them and the engine that reads them.
 */
export const BATCH_FRAMES = 4096
/** i64, ns. */
export const COLUMN_TIME = 0
/** u32 each. */
export const COLUMN_FLOW = 8 * BATCH_FRAMES
export const COLUMN_LENGTH = 12 * BATCH_FRAMES
export const COLUMN_ORIGLEN = 16 * BATCH_FRAMES
export const COLUMN_CAPLEN = 20 * BATCH_FRAMES
export const COLUMN_INTERFACE = 24 * BATCH_FRAMES
/** Address of the frame's bytes in the module's memory. */
export const COLUMN_DATA = 28 * BATCH_FRAMES
/** u32: family in the high half, protocol number in the low one. */
export const COLUMN_PROTOCOL = 32 * BATCH_FRAMES
/** u8: why decoding stopped (STOP_ of the decoders). */
export const COLUMN_STOP = 36 * BATCH_FRAMES
/** u32: bytes from the IP header on. Only of use where payload or IP counts: else most frames are not walked. */
export const COLUMN_IP_LENGTH = 37 * BATCH_FRAMES
export const COLUMNS_LENGTH = 41 * BATCH_FRAMES

/** One interface of the capture; counters are u64. */
export const INTERFACE_LINKTYPE = 0
export const INTERFACE_SNAPLEN = 4
export const INTERFACE_NAME = 8
export const INTERFACE_NAME_LENGTH = 12
/** Frames outside the time range: how many, their original bytes, and what they count for by the chosen basis. */
export const INTERFACE_FILTERED_FRAMES = 16
export const INTERFACE_FILTERED_BYTES = 24
/** From Interface Statistics Blocks; valid when the flags say so. */
export const INTERFACE_RECEIVED = 32
export const INTERFACE_DROPPED = 40
export const INTERFACE_FLAGS = 48
/** Its clock, as the file states it: if_tsresol (u32), if_tsoffset in seconds (i64). */
export const INTERFACE_TSRESOL = 52
export const INTERFACE_TSOFFSET = 56
/** Lowest and highest timestamp that 64 bits of nanoseconds cannot hold, in ticks of that clock (u64). */
export const INTERFACE_FAR_LOWEST = 64
export const INTERFACE_FAR_HIGHEST = 72
export const INTERFACE_FILTERED_LENGTH = 80
/** Frames that were counted, and their original bytes. */
export const INTERFACE_FRAMES = 88
export const INTERFACE_BYTES = 96
export const INTERFACE_LENGTH = 104
export const HAS_RECEIVED = 1
export const HAS_DROPPED = 2
export const HAS_FAR_TIMES = 4

/** What `bytes` counts. */
export const BASIS_FRAME = 0
export const BASIS_IP = 1
export const BASIS_PAYLOAD = 2

/** Rows in which a tally is handed out: three doubles each, flow, packets, bytes; at most so many at once (192 kB). */
export const TALLY_ROW_LENGTH = 24
export const TALLY_ROWS = 8192

/** Frames of one protocol: u32, family << 16 | protocol + 1 (0: no entry), then two u64. */
export const PROTOCOL_PACKETS = 8
export const PROTOCOL_BYTES = 16
export const PROTOCOL_ENTRY_LENGTH = 24

/** What a counter has seen: u64 twice, then the lowest and the highest time (i64), then frames by STOP_ reason (u64 each). */
export const COUNTER_BYTES = 0
export const COUNTER_CAPTURED = 8
export const COUNTER_FIRST_TIME = 16
export const COUNTER_LAST_TIME = 24
export const COUNTER_STOPS = 32
/** u64: frames of which less was captured than there was. */
export const COUNTER_CUT = 64
/** Address of its protocol sums. */
export const COUNTER_PROTOCOLS = 72
export const COUNTER_LENGTH = 80

/** When a flow was seen (i64 each, the first later than the last while it was not), and bytes of its IP packets (u64). */
export const FLOW_TIME_FIRST = 0
export const FLOW_TIME_LAST = 8
export const FLOW_TIME_IP_BYTES = 16
export const FLOW_TIME_LENGTH = 24
export const FLOW_TIMES_PER_PAGE_BITS = 12

/** A frame of the batch that can hold a name: its index, and where its payload begins, from the start of the frame. u32 each. */
export const NAME_FRAME_INDEX = 0
export const NAME_FRAME_PAYLOAD = 4
export const NAME_FRAME_LENGTH = 8
/** In the offset: the payload is that of a segment of TCP, else of a datagram of UDP, whose header stands right before it. */
export const NAME_FRAME_TCP = 0x40000000

/** A block of names of pcapng: the length of its body (u32), 1 where its byte order is big-endian's (u32), then the body. */
export const NAME_BLOCK_SWAPPED = 4
export const NAME_BLOCK_HEADER_LENGTH = 8

/** What resync says: a record was found, more bytes are needed, there is none up to the end. */
export const RESYNC_MORE = 0
export const RESYNC_FOUND = 1
export const RESYNC_NONE = 2
