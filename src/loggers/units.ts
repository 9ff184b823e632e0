/**
 * Bits per second → text in the unit that the user chose. SI prefixes are powers of 1000, IEC prefixes (KiB, MiB) powers
 * of 1024 (IEC 80000-13); 1024 is never called k.
 */
const BITS_PER_UNIT = {
  bps: 1,
  Kbps: 1e3,
  Mbps: 1e6,
  Gbps: 1e9,
  'bit/s': 1,
  'kbit/s': 1e3,
  'Mbit/s': 1e6,
  'Gbit/s': 1e9,
  'Tbit/s': 1e12,
  'B/s': 8,
  'kB/s': 8e3,
  'MB/s': 8e6,
  'GB/s': 8e9,
  'TB/s': 8e12,
  'KiB/s': 8 * 2 ** 10,
  'MiB/s': 8 * 2 ** 20,
  'GiB/s': 8 * 2 ** 30,
  'TiB/s': 8 * 2 ** 40,
} as const

type FixedUnit = keyof typeof BITS_PER_UNIT

/** Smallest first: the first one that shows fewer than 1000 (or 1024) is taken. */
const LADDERS = {
  auto: ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s', 'Tbit/s'],
  bytes: ['B/s', 'kB/s', 'MB/s', 'GB/s', 'TB/s'],
  iec: ['B/s', 'KiB/s', 'MiB/s', 'GiB/s', 'TiB/s'],
} as const satisfies Record<string, readonly FixedUnit[]>

type Ladder = keyof typeof LADDERS

/** A unit of rates, or a ladder of them, which takes the one that fits: `auto` (bit/s), `bytes` (B/s), `iec` (KiB/s). */
export type Units =
  | 'auto'
  | 'bytes'
  | 'iec'
  | 'bps'
  | 'Kbps'
  | 'Mbps'
  | 'Gbps'
  | 'bit/s'
  | 'kbit/s'
  | 'Mbit/s'
  | 'Gbit/s'
  | 'Tbit/s'
  | 'B/s'
  | 'kB/s'
  | 'MB/s'
  | 'GB/s'
  | 'TB/s'
  | 'KiB/s'
  | 'MiB/s'
  | 'GiB/s'
  | 'TiB/s'

/** What the text format has always printed. */
export const DEFAULT_UNITS: Units = 'Kbps'

export const UNIT_NAMES: readonly Units[] = [
  ...(Object.keys(LADDERS) as Ladder[]),
  ...(Object.keys(BITS_PER_UNIT) as FixedUnit[]),
]

/**
 * The unit with that name. Letter case is forgiven, except where it tells bits from bytes or 1000 from 1024:
 * `KB/s` and `kb/s` are refused. Throws an Error that lists the names.
 */
export function parseUnits(text: string): Units {
  const name = text.trim()
  const exact = UNIT_NAMES.find((unit) => unit === name)
  if (exact !== undefined) return exact
  if (/^[kmgt]b\/s$/i.test(name)) {
    const prefix = name[0]!.toUpperCase()
    const small = prefix === 'K' ? 'k' : prefix
    throw new Error(
      `"${name}" can be read in several ways; write ${small}bit/s, ${small}B/s (1000 based) or ${prefix}iB/s (1024 based)`,
    )
  }
  const similar = UNIT_NAMES.find((unit) => unit.toLowerCase() === name.toLowerCase())
  // B/s and bit/s have no twin that differs in case only, `b/s` would be one of bit/s.
  if (similar !== undefined && similar !== 'B/s') return similar
  throw new Error(`"${name}" is not a unit of rates; known are ${UNIT_NAMES.join(', ')}`)
}

/** Two decimals and the unit, such as `3668.58 Kbps` or `<0.01 Kbps`; `-` for a rate that does not exist (a span without length). */
export function formatRate(bitsPerSecond: number | null, units: Units): string {
  if (bitsPerSecond === null || !Number.isFinite(bitsPerSecond)) return '-'
  if (units === 'auto' || units === 'bytes' || units === 'iec') {
    return climb(bitsPerSecond, LADDERS[units], units === 'iec' ? 1024 : 1000)
  }
  return inUnit(bitsPerSecond, units)
}

function climb(bitsPerSecond: number, ladder: readonly FixedUnit[], base: number): string {
  // Compared after rounding, so that 999.996 becomes 1.00 of the next unit and not 1000.00 of this one.
  const unit = ladder.find((step) => Number((bitsPerSecond / BITS_PER_UNIT[step]).toFixed(2)) < base)
  return inUnit(bitsPerSecond, unit ?? ladder.at(-1)!)
}

function inUnit(bitsPerSecond: number, unit: FixedUnit): string {
  const text = (bitsPerSecond / BITS_PER_UNIT[unit]).toFixed(2)
  // As with shares: what is not nothing never prints as 0.00.
  return `${text === '0.00' && bitsPerSecond > 0 ? '<0.01' : text} ${unit}`
}

const SI_VOLUMES = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const
const IEC_VOLUMES = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const

/** A volume for people: `987 B`, `9.88 MB`; with IEC rates chosen `9.42 MiB`, so that one report has one kind of prefix. */
export function formatBytes(bytes: number, units: Units = DEFAULT_UNITS): string {
  const binary = units === 'iec' || units.endsWith('iB/s')
  const base = binary ? 1024 : 1000
  const names = binary ? IEC_VOLUMES : SI_VOLUMES
  if (bytes < base) return `${bytes} B`
  let value = bytes
  let step = 0
  while (step < names.length - 1 && Number(value.toFixed(2)) >= base) {
    value /= base
    step++
  }
  return `${value.toFixed(2)} ${names[step]!}`
}

/** A part of a whole as `81.8%`. What is not nothing never prints as 0.0%, what is not everything never as 100.0%. */
export function formatShare(part: number, whole: number): string {
  if (whole <= 0) return '-'
  const percent = (part / whole) * 100
  if (part > 0 && percent < 0.05) return '<0.1%'
  if (part < whole && percent >= 99.95) return '>99.9%'
  return `${percent.toFixed(1)}%`
}

/** `1 frame`, `2 frames`. */
export function formatCount(count: number | bigint, noun: string): string {
  return `${count} ${noun}${count === 1 || count === 1n ? '' : 's'}`
}
