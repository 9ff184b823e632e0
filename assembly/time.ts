/**
 * Timestamps: the ticks of a clock → nanoseconds since 1970-01-01 UTC, in 64 bits, rounded down, exact.
 *
 * A pcapng interface counts in 10^-p or 2^-p seconds (if_tsresol, draft-ietf-opsawg-pcapng §4.2) from an offset in seconds
 * (if_tsoffset). Times beyond the years 1677 to 2262 do not fit in 64 bits; their ticks are noted apart (interfaces.ts).
 */

/** The time of a frame that has none, or one that does not fit. */
export const NO_TIME: i64 = i64.MIN_VALUE
const LATEST: i64 = i64.MAX_VALUE

const NS_PER_SECOND: u64 = 1000000000
const MAX_SECONDS: i64 = LATEST / 1000000000

@unmanaged
export class Clock {
  /** Ticks × multiplier = nanoseconds, for clocks of up to nine decimals; 0 for the others. */
  multiplier: u64
  /** Nanoseconds = ticks / divisor, for clocks of more than nine decimals; 0 for the others. */
  divisor: u64
  /** Power of two for binary clocks. */
  shift: u32
  /** Seconds. */
  offset: i64
}

/** Sets a clock from if_tsresol, whose highest bit chooses powers of two, and if_tsoffset. */
export function setResolution(clock: Clock, tsresol: u32, tsoffset: i64): void {
  const power = tsresol & 0x7f
  clock.offset = tsoffset
  clock.multiplier = 0
  clock.divisor = 0
  clock.shift = 0
  if ((tsresol & 0x80) !== 0) clock.shift = power
  else if (power <= 9) clock.multiplier = powerOfTen(9 - power)
  else if (power <= 28) clock.divisor = powerOfTen(power - 9)
  // 2^64 ticks of a finer clock are less than a nanosecond, as they are in 2^-127 s.
  else clock.shift = 127
  if ((tsresol & 0x80) !== 0 && power === 0) clock.multiplier = NS_PER_SECOND
}

/** 10^n, which fits in 64 bits up to n = 19. */
function powerOfTen(n: u32): u64 {
  let result: u64 = 1
  for (let i: u32 = 0; i < n; i++) result *= 10
  return result
}

/** Nanoseconds since 1970; NO_TIME beyond 64 bits of them. */
export function timeOfTicks(clock: Clock, ticks: u64): i64 {
  const multiplier = clock.multiplier
  if (multiplier !== 0 && clock.offset === 0) {
    return ticks <= <u64>LATEST / multiplier ? <i64>(ticks * multiplier) : NO_TIME
  }
  let seconds: u64
  let nanoseconds: u64
  if (multiplier !== 0) {
    const perSecond = NS_PER_SECOND / multiplier
    seconds = ticks / perSecond
    nanoseconds = (ticks % perSecond) * multiplier
  } else if (clock.divisor !== 0) {
    const total = ticks / clock.divisor
    seconds = total / NS_PER_SECOND
    nanoseconds = total % NS_PER_SECOND
  } else {
    const shift = clock.shift
    seconds = shift < 64 ? ticks >> shift : 0
    nanoseconds = binaryFraction(shift < 64 ? ticks & (((<u64>1) << shift) - 1) : ticks, shift)
  }
  return addSeconds(<i64>nanoseconds, seconds, clock.offset)
}

/** floor(fraction × 10^9 / 2^shift), in two halves because the product has up to 94 bits. */
function binaryFraction(fraction: u64, shift: u32): u64 {
  const high = (fraction >> 32) * NS_PER_SECOND
  const low = (fraction & 0xffffffff) * NS_PER_SECOND
  if (shift < 32) return low >> shift
  const upper = high + (low >> 32)
  return shift - 32 < 64 ? upper >> (shift - 32) : 0
}

/** Nanoseconds of the sum; NO_TIME where it does not fit. What wraps all the same has the wrong sign. */
function addSeconds(nanoseconds: i64, seconds: u64, offset: i64): i64 {
  if (offset >= 0 && (seconds > <u64>MAX_SECONDS || offset > MAX_SECONDS)) return NO_TIME
  const total = <i64>(seconds + <u64>offset)
  const isNegative = offset < 0 && seconds < <u64>-offset
  if (total < 0 !== isNegative) return NO_TIME
  if (total > MAX_SECONDS || total < -MAX_SECONDS - 1) return NO_TIME
  const time = total * <i64>NS_PER_SECOND + nanoseconds
  return time < 0 === isNegative ? time : NO_TIME
}
