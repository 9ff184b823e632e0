/** Rows of a flow table that exist nowhere. */
import { FAMILY_NONE } from '../../../src/abi/families.ts'
import type { FlowRow, FlowTable } from '../../../src/capture/flow-row.ts'

export const row = (fields: Partial<FlowRow>): FlowRow => ({
  family: FAMILY_NONE,
  protocol: 0,
  sourcePort: 0,
  destinationPort: 0,
  vlan: 0,
  interface: 0,
  source: new Uint8Array(0),
  destination: new Uint8Array(0),
  sourceMac: new Uint8Array(0),
  destinationMac: new Uint8Array(0),
  ...fields,
})

/** A table of any size whose row `id` has the id as its protocol. */
export const table: FlowTable = { size: Number.POSITIVE_INFINITY, row: (id) => row({ protocol: id }) }
