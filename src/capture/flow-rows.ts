/** Reads rows of the flow table out of the module's memory. */
import { FAMILY_IPV4, FAMILY_IPV6, FAMILY_MAC } from '../abi/families.ts'
import * as layout from '../abi/layout.ts'
import type { FlowRow, FlowTable } from './flow-row.ts'
import type { CaptureInstance } from './module.ts'

const PAGE_ROWS = 1 << layout.ROWS_PER_PAGE_BITS
const IPV4_LENGTH = 4
const IPV6_LENGTH = 16
const MAC_LENGTH = 6

/** Reads what is asked for, and copies addresses into arrays of its own: a view for each would be an object for each. */
class RowCursor implements FlowRow {
  /** Of the row. */
  at = 0
  view = new DataView(new ArrayBuffer(0))
  bytes = new Uint8Array(0)
  readonly #hasMacs: boolean
  readonly #source = new Address()
  readonly #destination = new Address()
  readonly #sourceMac = new Address()
  readonly #destinationMac = new Address()

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
    return this.#source.copy(this.bytes, this.at + layout.ROW_SOURCE, addressLength(this.family))
  }

  get destination(): Uint8Array {
    return this.#destination.copy(this.bytes, this.at + layout.ROW_DESTINATION, addressLength(this.family))
  }

  get sourceMac(): Uint8Array {
    return this.#sourceMac.copy(this.bytes, this.at + layout.ROW_SOURCE_MAC, this.#hasMacs ? MAC_LENGTH : 0)
  }

  get destinationMac(): Uint8Array {
    return this.#destinationMac.copy(this.bytes, this.at + layout.ROW_DESTINATION_MAC, this.#hasMacs ? MAC_LENGTH : 0)
  }
}

/** One array for each length that an address has. */
class Address {
  readonly #ipv4 = new Uint8Array(IPV4_LENGTH)
  readonly #ipv6 = new Uint8Array(IPV6_LENGTH)
  readonly #mac = new Uint8Array(MAC_LENGTH)
  readonly #none = new Uint8Array(0)

  copy(from: Uint8Array, at: number, length: number): Uint8Array {
    const into =
      length === IPV4_LENGTH
        ? this.#ipv4
        : length === IPV6_LENGTH
          ? this.#ipv6
          : length === MAC_LENGTH
            ? this.#mac
            : this.#none
    for (let i = 0; i < length; i++) into[i] = from[at + i]!
    return into
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
  const rowLength = hasMacs ? layout.ROW_LENGTH_WITH_MACS : layout.ROW_LENGTH
  /** Where pages begin, as far as they were asked for: they never move. 0 is no page. */
  let pages = new Float64Array(1)

  function addressOf(id: number): number {
    const page = id >>> layout.ROWS_PER_PAGE_BITS
    const start = page < pages.length ? pages[page]! : 0
    return (start === 0 ? findPage(page) : start) + (id & (PAGE_ROWS - 1)) * rowLength
  }

  function findPage(page: number): number {
    if (page >= pages.length) {
      const longer = new Float64Array(2 * page)
      longer.set(pages)
      pages = longer
    }
    pages[page] = exports.flowRow(page * PAGE_ROWS) >>> 0
    return pages[page]!
  }

  /** A memory that has grown has another buffer, and nothing is left in the one before. */
  function viewMemory(): void {
    cursor.view = new DataView(memory.buffer)
    cursor.bytes = new Uint8Array(memory.buffer)
  }

  return {
    get size() {
      return exports.flowCount()
    },

    row(id) {
      if (cursor.bytes.length === 0) viewMemory()
      cursor.at = addressOf(id)
      return cursor
    },

    touch(id) {
      if (cursor.bytes.length === 0) viewMemory()
      const at = addressOf(id)
      // Half of the rows are in two lines of the cache.
      return cursor.bytes[at]! + cursor.bytes[at + layout.ROW_FAMILY]!
    },
  }
}
