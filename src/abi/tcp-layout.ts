/**
 * What the module says of TCP: numbers by flow, and by conversation (both directions between two endpoints).
 *
 * A row of a flow: u32 each, in pages that never move. The first says which conversation it is a direction of.
 */
/** (Index of the conversation + 1) << 1 | side. 0: no TCP segment was seen; TCP_UNTRACKED: there were too many conversations. */
export const TCP_FLOW_CONVERSATION = 0
/** Segments that were looked at. */
export const TCP_SEGMENTS = 1
/** All three kinds: the two below, and those that a timeout made. */
export const TCP_RETRANSMISSIONS = 2
export const TCP_FAST_RETRANSMISSIONS = 3
export const TCP_SPURIOUS_RETRANSMISSIONS = 4
export const TCP_OUT_OF_ORDER = 5
export const TCP_DUPLICATE_ACKS = 6
export const TCP_ZERO_WINDOWS = 7
export const TCP_WINDOW_FULLS = 8
export const TCP_KEEP_ALIVES = 9
export const TCP_RESETS = 10
/** Segments before which bytes are missing from the capture. */
export const TCP_LOST_SEGMENTS = 11
/** ACKs of bytes that are missing from the capture. */
export const TCP_ACKED_UNSEEN = 12
/** Segments that nothing is said of: fragments, and headers that are cut or contradict themselves. */
export const TCP_UNREAD = 13
export const TCP_FLOW_NUMBERS = 14
/** Words from one row to the next: a cache line. */
export const TCP_FLOW_WORDS = 16
export const TCP_FLOWS_PER_PAGE_BITS = 12
export const TCP_UNTRACKED = 0xffffffff

/**
 * A row of a conversation, as readTcpConversations writes it: doubles. Times are nanoseconds. Those of one side stand twice,
 * TCP_SIDE apart.
 */
/** 1, and more where ports were used again: a SYN with another number than the last. */
export const TCP_CONNECTIONS = 0
/** SYN to the ACK behind the SYN/ACK: sum, and of how many connections. */
export const TCP_HANDSHAKE_SUM = 1
export const TCP_HANDSHAKES = 2
/** Side of the endpoint that began the last connection: 0 or 1. */
export const TCP_ORIGINATOR = 3
/** Letters of the last connection's history; they stand at TCP_HISTORY. */
export const TCP_HISTORY_LENGTH = 4
export const TCP_SIDES = 5
/** TCP_ENDPOINT_ constant. */
export const TCP_SIDE_STATE = 0
/** Sent payload. */
export const TCP_SIDE_HAS_DATA = 1
/** From a segment of this side to its ACK. */
export const TCP_SIDE_RTTS = 2
export const TCP_SIDE_RTT_SUM = 3
export const TCP_SIDE_RTT_MIN = 4
export const TCP_SIDE_RTT_MAX = 5
export const TCP_SIDE = 6
/** Behind the two sides: bytes of ASCII. */
export const TCP_HISTORY = TCP_SIDES + 2 * TCP_SIDE
/** What does not fit is left out; Zeek has no limit, but longer ones need odd traffic. */
export const TCP_MAX_HISTORY = 32
export const TCP_CONVERSATION_DOUBLES = TCP_HISTORY + TCP_MAX_HISTORY / 8
/** Rows at once. */
export const TCP_CONVERSATIONS_TOGETHER = 256

/** Where an endpoint stands, as Zeek has it (src/analyzer/protocol/tcp). */
export const TCP_ENDPOINT_INACTIVE = 0
export const TCP_ENDPOINT_PARTIAL = 1
export const TCP_ENDPOINT_SYN_SENT = 2
export const TCP_ENDPOINT_SYN_ACK_SENT = 3
export const TCP_ENDPOINT_ESTABLISHED = 4
export const TCP_ENDPOINT_CLOSED = 5
export const TCP_ENDPOINT_RESET = 6
