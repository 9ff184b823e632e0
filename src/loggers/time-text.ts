/**
 * Nanoseconds since 1970-01-01 UTC (any bigint) → RFC 3339 text, clock times and durations, exact to the last digit.
 *
 * `Date` is not used: it holds milliseconds and stops at the year 275760.
 */
const NS_PER_SECOND = 1_000_000_000n
const SECONDS_PER_DAY = 86_400n

/** `2025-11-03T10:00:05.000000000Z`. Years outside 0000-9999 in the expanded form of ISO 8601, sign and six digits. */
export function formatTime(ns: bigint): string {
  return `${formatDate(ns)}T${formatClock(ns, 9)}Z`
}

/** `2025-11-03`, in UTC. */
export function formatDate(ns: bigint): string {
  const days = floorDivide(ns, NS_PER_SECOND * SECONDS_PER_DAY)
  // Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days: years start in March, so that the leap
  // day is the last of its year, and 146097 days make one era of 400 years.
  const shifted = days + 719_468n
  const era = floorDivide(shifted, 146_097n)
  const dayOfEra = Number(shifted - era * 146_097n)
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
  const year = BigInt(yearOfEra) + era * 400n + (month <= 2 ? 1n : 0n)
  return `${formatYear(year)}-${twoDigits(month)}-${twoDigits(day)}`
}

/** `10:00:05` with so many decimals (0 to 9). Digits that are not asked for are cut, not rounded. */
export function formatClock(ns: bigint, decimals: number): string {
  const seconds = floorDivide(ns, NS_PER_SECOND)
  const secondOfDay = Number(seconds - floorDivide(seconds, SECONDS_PER_DAY) * SECONDS_PER_DAY)
  const clock = [secondOfDay / 3600, (secondOfDay / 60) % 60, secondOfDay % 60].map((part) =>
    twoDigits(Math.floor(part)),
  )
  const fraction = (ns - seconds * NS_PER_SECOND).toString().padStart(9, '0').slice(0, decimals)
  return clock.join(':') + (decimals > 0 ? `.${fraction}` : '')
}

const LONG_UNITS = [
  ['d', 86_400n * NS_PER_SECOND],
  ['h', 3_600n * NS_PER_SECOND],
  ['m', 60n * NS_PER_SECOND],
] as const
const SHORT_UNITS = [
  ['ms', 1_000_000n],
  ['µs', 1_000n],
] as const

/** Exact, in the units that are not zero: `1.5 s`, `5 m 3 s`, `2 d 4 h`; below a second `500 ms`, `2.5 µs`, `10 ns`. */
export function formatDuration(ns: bigint): string {
  if (ns < 0n) return `-${formatDuration(-ns)}`
  if (ns === 0n) return '0 s'
  if (ns < NS_PER_SECOND) {
    const [unit, size] = SHORT_UNITS.find(([, size]) => ns >= size) ?? ['ns', 1n]
    return `${decimal(ns, size)} ${unit}`
  }
  const parts: string[] = []
  let rest = ns
  for (const [unit, size] of LONG_UNITS) {
    if (rest >= size) parts.push(`${rest / size} ${unit}`)
    rest %= size
  }
  if (rest > 0n) parts.push(`${decimal(rest, NS_PER_SECOND)} s`)
  return parts.join(' ')
}

/** Seconds as an exact decimal number: `5`, `0.5`, `0.000000001`. */
export function formatSeconds(ns: bigint): string {
  return ns < 0n ? `-${decimal(-ns, NS_PER_SECOND)}` : decimal(ns, NS_PER_SECOND)
}

/** value / size, exactly; size is a power of ten. */
function decimal(value: bigint, size: bigint): string {
  const fraction = (value % size)
    .toString()
    .padStart(size.toString().length - 1, '0')
    .replace(/0+$/, '')
  return fraction === '' ? `${value / size}` : `${value / size}.${fraction}`
}

function formatYear(year: bigint): string {
  if (year >= 0n && year <= 9999n) return year.toString().padStart(4, '0')
  return (year < 0n ? '-' : '+') + (year < 0n ? -year : year).toString().padStart(6, '0')
}

function twoDigits(value: number): string {
  return value < 10 ? `0${value}` : `${value}`
}

function floorDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by
  return value % by < 0n ? quotient - 1n : quotient
}
