import type { Fault } from '../capture/fault.ts'
import type { Damage, SalvagePlace } from '../engine/records.ts'

/** Why an input is not in the records, or not whole. */
export interface InputProblem extends Damage {
  readonly kind: Fault['kind']
  /** What was before the damage is in the records. */
  readonly partial: boolean
  /** Bytes of the file from the damage on; 0 where nobody knows. */
  readonly unreadableBytes: number
  /** What was passed over; the message says it too. */
  readonly salvage?: readonly SalvagePlace[]
}
