/** What a filter is once it is compiled: programs for the module, and for which link types there is none, and why. */
import { FILTER_OTHER_LINKTYPES } from '../abi/filter-code.ts'
import { FilterError, type Place } from './filter-error.ts'

/** Why frames of a link type cannot be asked. */
export interface FilterRefusal {
  readonly linktype: number
  readonly reason: string
  readonly place: Place
}

export interface CompiledFilter {
  readonly expression: string
  /** Programs by link type, see src/abi/filter-code.ts. */
  readonly table: Uint32Array<ArrayBuffer>
  readonly refusals: readonly FilterRefusal[]
}

/** The error of a frame of a link type that the filter cannot be said of. */
export function refusalOf(linktype: number, { expression, refusals }: CompiledFilter): FilterError {
  const refusal =
    refusals.find((one) => one.linktype === linktype) ??
    refusals.find((one) => one.linktype === FILTER_OTHER_LINKTYPES)!
  return new FilterError(refusal.reason, expression, refusal.place)
}
