/** Reads rows of the flow table out of the module's memory. */
import { FAMILY_IPV4, FAMILY_IPV6, FAMILY_MAC } from '../abi/families.ts'
import * as layout from '../abi/layout.ts'
import type { FlowRow, FlowTable } from './flow-row.ts'
import type { CaptureInstance } from './module.ts'

const MAC_LENGTH = 6

const NO_BYTES = new Uint8Array(0)

class RowCursor implements FlowRow {
  family = 0
  protocol = 0
  sourcePort = 0
  destinationPort = 0
  vlan = 0
  interface = 0
  source = NO_BYTES
  destination = NO_BYTES
  sourceMac = NO_BYTES
  destinationMac = NO_BYTES
}

function addressLength(family: number): number {
  if (family === FAMILY_IPV4) return 4
  if (family === FAMILY_IPV6) return 16
  return family === FAMILY_MAC ? MAC_LENGTH : 0
}

/** A view of the table of `instance`. `hasMacs`: the key was configured with KEY_MAC. */
export function createFlowTable(instance: CaptureInstance, hasMacs: boolean): FlowTable {
  const { exports, memory } = instance
  const cursor = new RowCursor()
  let buffer = memory.buffer
  let view = new DataView(buffer)

  return {
    get size() {
      return exports.flowCount()
    },

    row(id) {
      if (buffer !== memory.buffer) {
        buffer = memory.buffer
        view = new DataView(buffer)
      }
      const at = exports.flowRow(id) >>> 0
      const family = view.getUint16(at + layout.ROW_FAMILY, true)
      const length = addressLength(family)
      cursor.family = family
      cursor.protocol = view.getUint16(at + layout.ROW_PROTOCOL, true)
      cursor.sourcePort = view.getUint16(at + layout.ROW_SOURCE_PORT, true)
      cursor.destinationPort = view.getUint16(at + layout.ROW_DESTINATION_PORT, true)
      cursor.vlan = view.getUint32(at + layout.ROW_VLAN, true)
      // The row holds the id + 1, so that 0 can say "not part of the key".
      cursor.interface = Math.max(0, view.getUint32(at + layout.ROW_INTERFACE, true) - 1)
      cursor.source = new Uint8Array(buffer, at + layout.ROW_SOURCE, length)
      cursor.destination = new Uint8Array(buffer, at + layout.ROW_DESTINATION, length)
      if (hasMacs) {
        cursor.sourceMac = new Uint8Array(buffer, at + layout.ROW_SOURCE_MAC, MAC_LENGTH)
        cursor.destinationMac = new Uint8Array(buffer, at + layout.ROW_DESTINATION_MAC, MAC_LENGTH)
      }
      return cursor
    },
  }
}
