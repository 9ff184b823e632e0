/** Reads rows of the flow table out of the module's memory. */
import { FAMILY_IPV4, FAMILY_IPV6, FAMILY_MAC } from '../abi/families.ts'
import * as layout from '../abi/layout.ts'
import type { FlowRow, FlowTable } from './flow-row.ts'
import type { CaptureInstance } from './module.ts'

const MAC_LENGTH = 6

/** Reads what is asked for: a row whose addresses nobody looks at costs no objects. */
class RowCursor implements FlowRow {
  /** Of the row. */
  at = 0
  view = new DataView(new ArrayBuffer(0))
  readonly #hasMacs: boolean

  constructor(hasMacs: boolean) {
    this.#hasMacs = hasMacs
  }

  get family(): number {
    return this.view.getUint16(this.at + layout.ROW_FAMILY, true)
  }

  get protocol(): number {
    return this.view.getUint16(this.at + layout.ROW_PROTOCOL, true)
  }

  get sourcePort(): number {
    return this.view.getUint16(this.at + layout.ROW_SOURCE_PORT, true)
  }

  get destinationPort(): number {
    return this.view.getUint16(this.at + layout.ROW_DESTINATION_PORT, true)
  }

  get vlan(): number {
    return this.view.getUint32(this.at + layout.ROW_VLAN, true)
  }

  /** The row holds the id + 1, so that 0 can say "not part of the key". */
  get interface(): number {
    return Math.max(0, this.view.getUint32(this.at + layout.ROW_INTERFACE, true) - 1)
  }

  get source(): Uint8Array {
    return this.#bytes(layout.ROW_SOURCE, addressLength(this.family))
  }

  get destination(): Uint8Array {
    return this.#bytes(layout.ROW_DESTINATION, addressLength(this.family))
  }

  get sourceMac(): Uint8Array {
    return this.#bytes(layout.ROW_SOURCE_MAC, this.#hasMacs ? MAC_LENGTH : 0)
  }

  get destinationMac(): Uint8Array {
    return this.#bytes(layout.ROW_DESTINATION_MAC, this.#hasMacs ? MAC_LENGTH : 0)
  }

  #bytes(offset: number, length: number): Uint8Array {
    return new Uint8Array(this.view.buffer, this.at + offset, length)
  }
}

function addressLength(family: number): number {
  if (family === FAMILY_IPV4) return 4
  if (family === FAMILY_IPV6) return 16
  return family === FAMILY_MAC ? MAC_LENGTH : 0
}

/** A view of the table of `instance`. `hasMacs`: the key was configured with KEY_MAC. */
export function createFlowTable(instance: CaptureInstance, hasMacs: boolean): FlowTable {
  const { exports, memory } = instance
  const cursor = new RowCursor(hasMacs)

  return {
    get size() {
      return exports.flowCount()
    },

    row(id) {
      // A memory that has grown has another buffer.
      if (cursor.view.buffer !== memory.buffer) cursor.view = new DataView(memory.buffer)
      cursor.at = exports.flowRow(id) >>> 0
      return cursor
    },
  }
}
