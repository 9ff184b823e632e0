/** Rates, volumes and counts → cells. A unit that is the same for all stands in the title of the column. */
import { formatBytes, formatRate, type Units } from '../loggers/units.ts'

const LADDERS: readonly Units[] = ['auto', 'bytes', 'iec']

/** Null where each cell has a unit of its own. */
export function commonUnit(units: Units): string | null {
  return LADDERS.includes(units) ? null : units
}

export function rateCell(bitsPerSecond: number, units: Units): string {
  const text = formatRate(bitsPerSecond, units)
  return commonUnit(units) === null ? text : text.slice(0, text.lastIndexOf(' '))
}

/** `0` reads as nothing at a glance where `0.00 Kbps` does not. */
export function rateOrNothing(bitsPerSecond: number, units: Units): string {
  return bitsPerSecond === 0 ? '-' : rateCell(bitsPerSecond, units)
}

export function bytesCell(bytes: number, units: Units): string {
  return formatBytes(bytes, units)
}

/** `812`, `12 345 678`: thousands apart, as SI writes them. */
export function countCell(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ' ')
}
