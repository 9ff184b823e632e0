/**
 * The integer type that the decoders are written in. asc has it built in: a 32-bit signed integer. To tsc it is a number.
 * Nothing in src/decoders computes past 31 bits, so both builds do the same arithmetic.
 */
type i32 = number
