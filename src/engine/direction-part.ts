/** Where a frame goes, seen from our networks: `up` leaves them, `down` comes in, `inside` and `outside` stay where they are. */
import { FAMILY_IPV4, FAMILY_IPV6 } from '../abi/families.ts'
import { KEY_DESTINATION, KEY_SOURCE } from '../abi/key-fields.ts'
import type { FlowRow } from '../capture/flow-row.ts'
import type { LocalNetworks } from '../names/local-networks.ts'
import type { KeyPart } from './key-parts.ts'

/** By whether the source is ours (2) and the destination (1). */
const DIRECTIONS = ['outside', 'down', 'up', 'inside'] as const
/** Frames without IP have no networks, and no direction. */
const NONE = DIRECTIONS.length

export function directionPart({ isLocal }: LocalNetworks): KeyPart {
  const directionOf = (row: FlowRow, reversed: boolean) => {
    if (row.family !== FAMILY_IPV4 && row.family !== FAMILY_IPV6) return NONE
    const source = isLocal(row.source)
    const destination = isLocal(row.destination)
    return reversed ? Number(destination) * 2 + Number(source) : Number(source) * 2 + Number(destination)
  }
  return {
    columns: ['direction'],
    keyFields: KEY_SOURCE | KEY_DESTINATION,
    tellsAll: false,
    symmetric: false,
    pack: (row, reversed, into) => into.number(directionOf(row, reversed)),
    write: (row, reversed, _names, into) => into.text(DIRECTIONS[directionOf(row, reversed)] ?? null),
  }
}
