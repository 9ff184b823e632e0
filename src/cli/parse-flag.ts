/** Runs a parser over the text of a flag; what it complains about is a usage error that names the flag. */
import { usageError } from './exit-codes.ts'

export function parseFlag<T>(flag: string, text: string, parse: (text: string) => T): T
export function parseFlag<T>(flag: string, text: string | undefined, parse: (text: string) => T): T | undefined
export function parseFlag<T>(flag: string, text: string | undefined, parse: (text: string) => T): T | undefined {
  if (text === undefined) return undefined
  try {
    return parse(text)
  } catch (error) {
    throw usageError(`--${flag}: ${(error as Error).message}`)
  }
}

/** A whole number of at least `least`. */
export function parseCount(text: string, least: number): number {
  if (!/^\d{1,15}$/.test(text) || Number(text) < least) {
    throw new Error(`'${text}' is not a whole number of at least ${least}`)
  }
  return Number(text)
}
