/**
 * A filter as the module runs it: classic BPF (McCanne and Jacobson, 1993), with opcodes of its own numbering and jumps to
 * absolute places. The accumulator A, the index X and the memory words are 32 bits without sign. A load beyond the captured
 * bytes ends the program: the frame is refused.
 *
 * A program is a list of instructions, four u32 each: opcode, K, and for a jump where it goes when it is true and when it is not.
 * Jumps go forward only.
 */
export const FILTER_INSTRUCTION_WORDS = 4
export const FILTER_MEMORY_WORDS = 16

/** Ends: K is the verdict. */
export const OP_RETURN = 0
/** A = the word, half or byte at K, or at X + K. */
export const OP_WORD = 1
export const OP_HALF = 2
export const OP_BYTE = 3
export const OP_WORD_AT_X = 4
export const OP_HALF_AT_X = 5
export const OP_BYTE_AT_X = 6
/** A = the frame's length on the wire. */
export const OP_LENGTH = 7
/** A = K, A = memory K; X alike; X = 4 * (the byte at K & 15). */
export const OP_CONSTANT = 8
export const OP_RECALL = 9
export const OP_CONSTANT_X = 10
export const OP_RECALL_X = 11
export const OP_IPV4_LENGTH_X = 12
/** Memory K = A. */
export const OP_STORE = 13
export const OP_A_TO_X = 14
export const OP_X_TO_A = 15
/** A = A operated with K; OP_BY_X is added for X in place of K. Division by zero refuses the frame; shifts by 32 and more give 0. */
export const OP_ADD = 16
export const OP_SUB = 17
export const OP_MUL = 18
export const OP_DIV = 19
export const OP_MOD = 20
export const OP_AND = 21
export const OP_OR = 22
export const OP_XOR = 23
export const OP_LSH = 24
export const OP_RSH = 25
export const OP_BY_X = 16
export const OP_NEG = 48
/** A compared with K, or with X. */
export const OP_IF_EQUAL = 49
export const OP_IF_GREATER = 50
export const OP_IF_NOT_LESS = 51
export const OP_IF_BITS = 52
export const OP_IF_EQUAL_X = 53
export const OP_IF_GREATER_X = 54
export const OP_IF_NOT_LESS_X = 55

/** A table of programs begins with their number; each has the link type, flags and the place of its code in words; then code. */
export const FILTER_ENTRY_WORDS = 3
/** Whatever link type has no program of its own. */
export const FILTER_OTHER_LINKTYPES = 0xffffffff
/** The filter cannot be said of this link type: a frame of it ends reading. */
export const FILTER_REFUSES = 1
/** Of IPv4 without options and fragments, only addresses, protocol and ports count: the verdict of one frame holds for its flow. */
export const FILTER_OF_FLOWS = 2

/** What a program about the ends of a frame is run on: FAMILY_ (u32, big-endian), and both addresses, padded with zeros. */
export const ENDS_FAMILY = 0
export const ENDS_SOURCE = 4
export const ENDS_DESTINATION = 20
export const ENDS_LENGTH = 36
