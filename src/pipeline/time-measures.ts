/** When flows were seen → when groups of them were, and which end of a conversation was first: columns of the whole capture. */
import type { FlowTable } from '../capture/flow-row.ts'
import type { FlowTimes } from '../capture/flow-times.ts'
import type { Grouping } from '../engine/grouping.ts'
import type { Groups } from '../engine/groups.ts'
import type { Measures, MeasureValue } from '../engine/measures.ts'
import type { ExtraColumn } from '../engine/records.ts'
import { formatTime } from '../loggers/time-text.ts'

export interface TimesOptions {
  /** Times as digits, nanoseconds since 1970, in place of RFC 3339: as JSON has its windows. */
  readonly inNs: boolean
  /** Rows of two ends say too how many bytes of IP each of them sent. Needs the basis `payload`, beside whose bytes they are told. */
  readonly ipBytes: boolean
}

type Times = Pick<FlowTimes, 'visit'>

/** A column, and what a group has in it. */
interface Source {
  readonly column: ExtraColumn
  readonly valueOf: (groups: GroupTimes, group: number) => MeasureValue
}

const NS_PER_MS = 1e6
/** Of the columns, those that everything together has too. */
const OF_ALL = 3

function sources({ sides }: Grouping, { inNs, ipBytes }: TimesOptions): readonly Source[] {
  const time = inNs ? String : formatTime
  const name = (seen: string) => (inNs ? `${seen}_ns` : seen)
  return [
    {
      column: { name: name('first_seen'), title: 'first seen', kind: 'text' },
      valueOf: ({ first }, group) => time(first[group]!),
    },
    {
      column: { name: name('last_seen'), title: 'last seen', kind: 'text' },
      valueOf: ({ last }, group) => time(last[group]!),
    },
    {
      column: { name: 'duration_ms', title: 'duration', kind: 'milliseconds' },
      valueOf: ({ first, last }, group) => Number(last[group]! - first[group]!) / NS_PER_MS,
    },
    ...(sides === 'joined' ? BOTH_WAYS : []),
    ...(sides === 'joined' && ipBytes ? IP_BYTES : []),
  ]
}

const BOTH_WAYS: readonly Source[] = [
  {
    column: { name: 'first_sender', title: 'first sender', kind: 'text' },
    valueOf: (times, group) => (times.isFirstForward(group) ? 'src' : 'dst'),
  },
]

const IP_BYTES: readonly Source[] = [
  {
    column: { name: 'sent_ip_bytes', title: 'sent IP', kind: 'bytes' },
    valueOf: ({ sentIpBytes }, group) => sentIpBytes[group]!,
  },
  {
    column: { name: 'received_ip_bytes', title: 'received IP', kind: 'bytes' },
    valueOf: ({ receivedIpBytes }, group) => receivedIpBytes[group]!,
  },
]

export function timeColumns(grouping: Grouping, options: TimesOptions): readonly ExtraColumn[] {
  return sources(grouping, options).map(({ column }) => column)
}

/** Made when all flows are in their groups. */
export function createTimeMeasures(
  times: Times,
  groups: Groups,
  table: Pick<FlowTable, 'size'>,
  options: TimesOptions,
): Measures {
  const known = new GroupTimes(times, groups, table.size)
  const values = sources(groups.grouping, options)
  return {
    columns: values.map(({ column }) => column),
    value: (group, column) => (known.isSeen(group) ? values[column]!.valueOf(known, group) : null),
    // Who was first of everybody is nobody's question.
    total: (column) =>
      column < OF_ALL && known.isSeen(groups.size) ? values[column]!.valueOf(known, groups.size) : null,
  }
}

/** 36 bytes a group; the one behind the last is everything. */
class GroupTimes {
  readonly first: BigInt64Array
  readonly last: BigInt64Array
  readonly sentIpBytes: Float64Array
  readonly receivedIpBytes: Float64Array
  readonly #groups: Groups
  /** The flow that was seen first, + 1; 0 where none was. */
  readonly #firstFlow: Uint32Array

  constructor(times: Times, groups: Groups, flows: number) {
    groups.update()
    const size = groups.size + 1
    this.first = new BigInt64Array(size)
    this.last = new BigInt64Array(size)
    this.sentIpBytes = new Float64Array(size)
    this.receivedIpBytes = new Float64Array(size)
    this.#firstFlow = new Uint32Array(size)
    this.#groups = groups
    times.visit(flows, (flow, firstNs, lastNs, ipBytes) => this.#add(flow, firstNs, lastNs, ipBytes))
  }

  isSeen(group: number): boolean {
    return this.#firstFlow[group] !== 0
  }

  isFirstForward(group: number): boolean {
    return this.#groups.forward[this.#firstFlow[group]! - 1] === 1
  }

  #add(flow: number, firstNs: bigint, lastNs: bigint, ipBytes: number): void {
    const { sender, receiver, forward } = this.#groups
    const group = sender[flow]!
    const sent = forward[flow] === 1 ? this.sentIpBytes : this.receivedIpBytes
    sent[group]! += ipBytes
    if (firstNs > lastNs) return
    this.#see(group, flow, firstNs, lastNs)
    if (receiver[flow] !== group) this.#see(receiver[flow]!, flow, firstNs, lastNs)
    this.#see(this.#groups.size, flow, firstNs, lastNs)
  }

  /** On a tie the flow of lower id was first: its first frame is earlier in the capture. */
  #see(group: number, flow: number, start: bigint, end: bigint): void {
    const isFirst = this.#firstFlow[group] === 0
    if (isFirst || start < this.first[group]!) {
      this.first[group] = start
      this.#firstFlow[group] = flow + 1
    }
    if (isFirst || end > this.last[group]!) this.last[group] = end
  }
}
