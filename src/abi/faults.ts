/**
 * Why a reader stopped. Every fault has a byte offset into the capture (after decompression) and up to two numbers;
 * src/capture/fault-text.ts says them in words.
 */
export const FAULT_NONE = 0

/** The first bytes are no capture. a: the first four bytes, big-endian; b: how many there are. */
export const FAULT_NOT_A_CAPTURE = 1
/** a: major, b: minor. */
export const FAULT_PCAP_VERSION = 2
export const FAULT_PCAPNG_VERSION = 3
/** The input ended inside something. a: bytes there, b: bytes needed (0: unknown). */
export const FAULT_CUT_FILE_HEADER = 10
export const FAULT_CUT_RECORD_HEADER = 11
export const FAULT_CUT_PACKET = 12
export const FAULT_CUT_BLOCK = 13
/** A pcap record claims a bytes; b is the most that is believed. */
export const FAULT_RECORD_TOO_LONG = 20
/** a: total length. */
export const FAULT_BLOCK_LENGTH = 21
/** a: total length, b: the most that is believed. */
export const FAULT_BLOCK_TOO_LONG = 22
/** a: leading, b: trailing total length. */
export const FAULT_BLOCK_TRAILER = 23
/** a: block type, b: total length. */
export const FAULT_BLOCK_TOO_SHORT = 24
/** a: the four bytes. */
export const FAULT_BYTE_ORDER_MAGIC = 25
/** a: interface id, b: interfaces of the section. */
export const FAULT_INTERFACE = 26
/** a: captured bytes claimed, b: bytes in the block. */
export const FAULT_PACKET_IN_BLOCK = 27
/** More interfaces than are kept. a: the limit. */
export const FAULT_TOO_MANY_INTERFACES = 28
/** Only when salvaging: a record leads to nothing that can be one. a: its seconds, b: captured bytes claimed. */
export const FAULT_STRAY_RECORD = 29

export const FORMAT_UNKNOWN = 0
export const FORMAT_PCAP = 1
export const FORMAT_PCAP_NANOSECOND = 2
export const FORMAT_PCAP_MODIFIED = 3
export const FORMAT_PCAPNG = 4
