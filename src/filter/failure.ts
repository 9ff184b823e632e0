/** Why a filter cannot be said of a link type, on its way to where the expression's text is known. */
import type { Place } from './filter-error.ts'

export class Failure extends Error {
  place: Place | null = null
}

export function fail(reason: string): never {
  throw new Failure(reason)
}
