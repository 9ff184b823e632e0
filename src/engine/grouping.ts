/**
 * What the rows of a report are told apart by: the parts of a key, and the ends that a frame is looked at from.
 */
import { KEY_DESTINATION, KEY_DESTINATION_PORT, KEY_SOURCE, KEY_SOURCE_PORT } from '../abi/key-fields.ts'
import type { KeyPart } from './key-parts.ts'
import type { KeyColumn } from './records.ts'

/**
 * From which ends a frame is looked at: `directed` as it was sent; `joined` from the end whose endpoint comes first, so both
 * directions are one group; `each` from both ends, so it counts for two groups unless they are the same.
 */
export type Sides = 'directed' | 'joined' | 'each'

export interface Grouping {
  /** Key columns of every row. */
  readonly columns: readonly KeyColumn[]
  /** KEY_ bits that the flow table's key must have. */
  readonly keyFields: number
  /** Rows say what one end sent. */
  readonly bidirectional: boolean
  readonly sides: Sides
  readonly parts: readonly KeyPart[]
}

export function createGrouping(parts: readonly KeyPart[], sides: Sides): Grouping {
  const keyFields = parts.reduce((bits, part) => bits | part.keyFields, 0)
  return {
    columns: parts.flatMap((part) => part.columns),
    keyFields: sides === 'directed' ? keyFields : bothEnds(keyFields),
    bidirectional: sides !== 'directed',
    sides,
    parts,
  }
}

function bothEnds(keyFields: number): number {
  const addresses = KEY_SOURCE | KEY_DESTINATION
  const ports = KEY_SOURCE_PORT | KEY_DESTINATION_PORT
  return keyFields | (keyFields & addresses ? addresses : 0) | (keyFields & ports ? ports : 0)
}
