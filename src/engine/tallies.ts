/** Counts per flow to counts of other things that a flow's row tells: its protocol, whether it has addresses. */
import { FAMILY_NONE } from '../abi/families.ts'
import type { FlowTable } from '../capture/flow-row.ts'
import { protocolName } from '../names/protocols.ts'
import type { FlowCounts } from './flow-counts.ts'
import type { Counts } from './records.ts'

export interface NamedCounts extends Counts {
  readonly name: string
}

interface Sum {
  readonly name: string
  packets: number
  bytes: number
}

/** The sum of several counters. */
export function sumAll(counters: readonly FlowCounts[]): Counts {
  return sumWhere(counters, () => true)
}

/** The part of it that has no address: frames of an unknown link type, or too broken to say. */
export function sumUndecoded(counters: readonly FlowCounts[], table: FlowTable): Counts {
  return sumWhere(counters, (flow) => table.row(flow).family === FAMILY_NONE)
}

/** Packets and bytes per protocol name, most bytes first, then by name. */
export function sumProtocols(counters: readonly FlowCounts[], table: FlowTable): NamedCounts[] {
  // Made once a number: the text of a name costs more than the sum.
  const byNumber = new Map<number, Sum>()
  const byName = new Map<string, Sum>()
  for (const counts of counters) {
    for (let i = 0; i < counts.touchedCount; i++) {
      const flow = counts.touched[i]!
      const { family, protocol } = table.row(flow)
      const number = family * 2 ** 32 + protocol
      let sum = byNumber.get(number)
      if (sum === undefined) {
        const name = protocolName(family, protocol)
        sum = byName.get(name) ?? { name, packets: 0, bytes: 0 }
        byName.set(name, sum)
        byNumber.set(number, sum)
      }
      sum.packets += counts.packets[flow]!
      sum.bytes += counts.bytes[flow]!
    }
  }
  return [...byName.values()].sort((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1))
}

export function subtract(from: Counts, part: Counts): Counts {
  return { packets: from.packets - part.packets, bytes: from.bytes - part.bytes }
}

function sumWhere(counters: readonly FlowCounts[], isWanted: (flow: number) => boolean): Counts {
  let packets = 0
  let bytes = 0
  for (const counts of counters) {
    for (let i = 0; i < counts.touchedCount; i++) {
      const flow = counts.touched[i]!
      if (!isWanted(flow)) continue
      packets += counts.packets[flow]!
      bytes += counts.bytes[flow]!
    }
  }
  return { packets, bytes }
}
