/** `5`, `0.5s`, `500ms`, `1m` → nanoseconds, for flags such as --window. */

/** `µ` has two code points: U+00B5 on keyboards, U+03BC in Greek text. */
const NS_PER_UNIT: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  '\u00b5s': 1_000n,
  '\u03bcs': 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
  d: 86_400_000_000_000n,
}

/** Timestamps are signed 64-bit nanoseconds, so nothing longer can be measured. */
const LONGEST_NS = 2n ** 63n - 1n

/** The exact length in nanoseconds, more than 0 and less than 2^63. A bare number is seconds. Throws an Error otherwise. */
export function parseDuration(text: string): bigint {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?\s*([a-z\u00b5\u03bc]*)$/u.exec(text.trim())
  const [, sign, whole = '', fraction = '', unit] = match ?? []
  const size = unit === '' ? NS_PER_UNIT.s! : Object.hasOwn(NS_PER_UNIT, unit ?? '') ? NS_PER_UNIT[unit!]! : null
  if (match === null || size === null || whole + fraction === '') {
    throw new Error(`"${text}" is not a duration; write it like 5, 0.5, 500ms, 250us, 10ns, 1m, 1h or 1d`)
  }
  if (sign === '-') throw new Error(`"${text}" is negative; a duration is more than zero`)
  const digits = fraction.replace(/0+$/, '')
  // Before any arithmetic: digits beyond these cannot lead to a result in range, and BigInt(text) is quadratic in them.
  if (whole.replace(/^0+/, '').length > 19) throw tooLong(text)
  if (digits.length > 19) throw tooFine(text)
  const scaled = BigInt(whole + digits) * size
  const scale = 10n ** BigInt(digits.length)
  if (scaled % scale !== 0n) throw tooFine(text)
  const ns = scaled / scale
  if (ns === 0n) throw new Error(`"${text}" is zero; a duration is more than zero`)
  if (ns > LONGEST_NS) throw tooLong(text)
  return ns
}

function tooFine(text: string): Error {
  return new Error(`"${text}" is finer than a nanosecond, which is the smallest step of time here`)
}

function tooLong(text: string): Error {
  return new Error(`"${text}" is too long; a duration has at most 292 years`)
}
