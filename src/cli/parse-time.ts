/** `2025-11-03T10:00:05Z`, `2025-11-03 10:00`, `1762164005.5`, `yesterday`, `2h ago` → nanoseconds since 1970-01-01 UTC, for --since and --until. */
import { parseDuration } from './parse-duration.ts'

const NS_PER_SECOND = 1_000_000_000n
const NS_PER_MS = 1_000_000n
const MS_PER_DAY = 86_400_000

/** RFC 3339 §5.6, with a space for the T (its own note allows it), the seconds and the offset left out at will. */
const CALENDAR = /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?\s*([Zz]|UTC|[+-]\d\d:?\d\d)?)?$/
/** Days from today. */
const DAYS: Readonly<Record<string, number>> = { yesterday: -1, today: 0, tomorrow: 1 }
const AGO = /^(\S.*?)\s+ago$/i
const EPOCH = /^([+-]?)(\d{1,12})(?:\.(\d*))?$/

/**
 * The exact instant. Without an offset the time is UTC, as everything that netkit prints; a date alone is its midnight, a
 * bare number seconds since 1970; `yesterday` and its like are midnights of UTC, too. Throws an Error on anything else, and where
 * more than 9 decimals say something.
 */
export function parseTime(text: string, now = Date.now()): bigint {
  const trimmed = text.trim()
  const relative = parseRelative(trimmed, now)
  if (relative !== null) return relative
  const epoch = EPOCH.exec(trimmed)
  if (epoch !== null) {
    const [, sign, seconds, fraction] = epoch
    const ns = BigInt(seconds!) * NS_PER_SECOND + parseFraction(fraction, text)
    return sign === '-' ? -ns : ns
  }
  const match = CALENDAR.exec(trimmed)
  if (match === null) {
    throw new Error(
      `"${text}" is not a time; write it like 2025-11-03T10:00:05Z, "2025-11-03 10:00:05" (UTC), 2025-11-03` +
        ', 1762164005.5 (seconds since 1970), yesterday or 2h ago',
    )
  }
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0)) as Parts
  const midnight = new Date(0)
  // Not Date.UTC, which takes the years 0 to 99 for 1900 to 1999.
  midnight.setUTCFullYear(year, month - 1, day)
  if (midnight.getUTCMonth() !== month - 1 || midnight.getUTCDate() !== day) {
    throw new Error(`"${text}" names a day that does not exist`)
  }
  if (hour > 23 || minute > 59 || second > 60) throw new Error(`"${text}" names a time of day that does not exist`)
  const minutes = midnight.getTime() / 60_000 + hour * 60 + minute - parseOffset(match[8], text)
  // A leap second (RFC 3339 §5.7) ends a UTC day; POSIX clocks, which stamp captures, count it as the second after it.
  if (second === 60 && ((minutes % 1440) + 1440) % 1440 !== 1439) {
    throw new Error(`"${text}" has a leap second where UTC has none`)
  }
  return BigInt(minutes * 60 + second) * NS_PER_SECOND + parseFraction(match[7], text)
}

function parseRelative(text: string, now: number): bigint | null {
  const word = text.toLowerCase()
  if (Object.hasOwn(DAYS, word))
    return BigInt(Math.floor(now / MS_PER_DAY) + DAYS[word]!) * BigInt(MS_PER_DAY) * NS_PER_MS
  const ago = AGO.exec(text)
  return ago === null ? null : BigInt(now) * NS_PER_MS - parseDuration(ago[1]!)
}

type Parts = [year: number, month: number, day: number, hour: number, minute: number, second: number]

/** Minutes east of UTC. `-00:00` is UTC too (RFC 3339 §4.3). */
function parseOffset(offset = 'Z', text: string): number {
  const match = /^([+-])(\d\d):?(\d\d)$/.exec(offset)
  if (match === null) return 0
  const [hours, minutes] = [Number(match[2]), Number(match[3])]
  if (hours > 23 || minutes > 59) throw new Error(`"${text}" has an offset that does not exist`)
  return (match[1] === '-' ? -1 : 1) * (hours * 60 + minutes)
}

function parseFraction(fraction = '', text: string): bigint {
  const digits = fraction.replace(/0+$/, '')
  if (digits.length > 9)
    throw new Error(`"${text}" is finer than a nanosecond, which is the smallest step of time here`)
  return BigInt(digits.padEnd(9, '0'))
}
