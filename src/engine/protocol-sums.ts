/** Counts by protocol, and of what has no address. */
import { FAMILY_NONE } from '../abi/families.ts'
import { type FlowCountRows, NUMBERS_PER_ROW, type ProtocolCounts } from '../capture/counter.ts'
import type { FlowTable } from '../capture/flow-row.ts'
import { protocolName } from '../names/protocols.ts'
import type { Counts } from './records.ts'

export interface NamedCounts extends Counts {
  readonly name: string
}

/** Most bytes first, then by name. Several numbers may have one name. */
export function sumByName(protocols: readonly ProtocolCounts[]): NamedCounts[] {
  const byName = new Map<string, Counts>()
  for (const { family, protocol, packets, bytes } of protocols) {
    const name = protocolName(family, protocol)
    byName.set(name, addUp([{ packets, bytes }, byName.get(name) ?? { packets: 0, bytes: 0 }]))
  }
  return Array.from(byName, ([name, counts]) => ({ name, ...counts })).sort(
    (a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1),
  )
}

/** The part without any address: frames of an unknown link type, or too broken to say. */
export function sumUndecoded(protocols: readonly ProtocolCounts[]): Counts {
  return addUp(protocols.filter(({ family }) => family === FAMILY_NONE))
}

/** The same of counts per flow. */
export function sumUndecodedFlows(rows: FlowCountRows, table: FlowTable): Counts {
  let packets = 0
  let bytes = 0
  for (let i = 0; i < rows.length; i += NUMBERS_PER_ROW) {
    if (table.row(rows[i]!).family !== FAMILY_NONE) continue
    packets += rows[i + 1]!
    bytes += rows[i + 2]!
  }
  return { packets, bytes }
}

export function addUp(parts: readonly Counts[]): Counts {
  let packets = 0
  let bytes = 0
  for (const part of parts) {
    packets += part.packets
    bytes += part.bytes
  }
  return { packets, bytes }
}

export function subtract(from: Counts, part: Counts): Counts {
  return { packets: from.packets - part.packets, bytes: from.bytes - part.bytes }
}
