/**
 * TCP health by flow and by conversation → numbers by group, whatever the grouping: counts add up; times are put together.
 *
 * A round-trip time is measured twice: from where the capture was made to either end and back. The way between the ends is the
 * sum, so that is what a conversation has; a group that holds one direction only has that half. Of several conversations a group
 * has the lowest, the highest, and the mean over all their ACKs.
 */
import * as layout from '../abi/tcp-layout.ts'
import { historyIn, type TcpHealth } from '../capture/tcp-health.ts'
import type { Groups } from './groups.ts'
import type { Measures, MeasureValue } from './measures.ts'
import type { TcpColumn, TcpSource } from './tcp-columns.ts'
import { CONN_STATES, connState, type Endpoints } from './tcp-conn-state.ts'

const { TCP_SIDES, TCP_SIDE, TCP_FLOW_NUMBERS } = layout
const NONE = -1
const SEVERAL = -2
const NS_PER_MS = 1e6

/** `flows`: how many there are; the groups know all of them. */
export function createTcpMeasures(
  health: TcpHealth,
  flows: number,
  groups: Groups,
  columns: readonly TcpColumn[],
): Measures {
  const sums = new TcpSums(health, flows, groups)
  return {
    columns,
    value: (group, column) => sums.value(group, columns[column]!.source),
    total(column) {
      const { source, kind } = columns[column]!
      // How many are in which state is a line, not a number.
      return kind === 'text' ? null : sums.value(groups.size, source)
    },
  }
}

/** The group behind the last one is everything. */
class TcpSums {
  readonly #health: TcpHealth
  readonly #groups: Groups
  /** By group, TCP_FLOW_NUMBERS each. */
  readonly #counts: Float64Array
  /** By group, as many as there are states. */
  readonly #states: Uint32Array
  readonly #connections: Float64Array
  /** Its one conversation, or that there is none or that there are several. */
  readonly #only: Int32Array
  readonly #handshakeSum: Float64Array
  readonly #handshakes: Float64Array
  readonly #rttMin: Float64Array
  readonly #rttMax: Float64Array
  readonly #rttSum: Float64Array
  readonly #rtts: Float64Array
  /** By conversation and side: the first flow. */
  readonly #flowOf: Int32Array

  constructor(health: TcpHealth, flows: number, groups: Groups) {
    const size = groups.size + 1
    this.#health = health
    this.#groups = groups
    this.#counts = new Float64Array(size * TCP_FLOW_NUMBERS)
    this.#states = new Uint32Array(size * CONN_STATES.length)
    this.#connections = new Float64Array(size)
    this.#only = new Int32Array(size).fill(NONE)
    this.#handshakeSum = new Float64Array(size)
    this.#handshakes = new Float64Array(size)
    this.#rttMin = new Float64Array(size).fill(Number.POSITIVE_INFINITY)
    this.#rttMax = new Float64Array(size)
    this.#rttSum = new Float64Array(size)
    this.#rtts = new Float64Array(size)
    this.#flowOf = new Int32Array(2 * health.conversations).fill(NONE)
    health.visitFlows(flows, (flow, numbers, at) => this.#addFlow(flow, numbers, at))
    health.visitConversations((conversation, numbers, at) => this.#addConversation(conversation, numbers, at))
  }

  value(group: number, source: TcpSource): MeasureValue {
    // Nothing but frames without TCP: no zeros, which would say that all is well.
    if (!this.#hasTcp(group)) return null
    if (typeof source === 'number') return this.#counts[group * TCP_FLOW_NUMBERS + source]!
    const rtts = this.#rtts[group]!
    switch (source) {
      case 'connections':
        return this.#connections[group]!
      case 'state':
        return this.#stateText(group)
      case 'history':
        return this.#only[group]! >= 0 ? this.#health.history(this.#only[group]!) : null
      case 'handshake': {
        const count = this.#handshakes[group]!
        return count === 0 ? null : toMs(this.#handshakeSum[group]! / count)
      }
      case 'rttMin':
        return rtts === 0 ? null : toMs(this.#rttMin[group]!)
      case 'rttMean':
        return rtts === 0 ? null : toMs(this.#rttSum[group]! / rtts)
      case 'rttMax':
        return rtts === 0 ? null : toMs(this.#rttMax[group]!)
    }
  }

  #hasTcp(group: number): boolean {
    return this.#counts[group * TCP_FLOW_NUMBERS + layout.TCP_SEGMENTS]! > 0
  }

  #addFlow(flow: number, numbers: Uint32Array, at: number): void {
    const link = numbers[at]!
    if (link !== 0 && link !== layout.TCP_UNTRACKED && this.#flowOf[link - 2] === NONE) this.#flowOf[link - 2] = flow
    this.#forGroupsOf(flow, (group) => {
      const to = group * TCP_FLOW_NUMBERS
      for (let i = 1; i < TCP_FLOW_NUMBERS; i++) this.#counts[to + i]! += numbers[at + i]!
    })
  }

  /** The groups that a frame of the flow counts for, and the total. */
  #forGroupsOf(flow: number, add: (group: number) => void): void {
    const sender = this.#groups.sender[flow]!
    const receiver = this.#groups.receiver[flow]!
    add(sender)
    if (receiver !== sender) add(receiver)
    add(this.#groups.size)
  }

  #addConversation(conversation: number, numbers: Float64Array, at: number): void {
    const state = CONN_STATES.indexOf(connState(this.#endpoints(numbers, at)))
    // Four at most: both ends of both directions, and the total. Bits say which sides count for them.
    const sides = new Map<number, number>()
    for (const side of [0, 1]) {
      const flow = this.#flowOf[2 * conversation + side]!
      if (flow === NONE) continue
      this.#forGroupsOf(flow, (group) => sides.set(group, (sides.get(group) ?? 0) | (1 << side)))
    }
    for (const [group, bits] of sides) {
      this.#connections[group]! += numbers[at + layout.TCP_CONNECTIONS]!
      this.#states[group * CONN_STATES.length + state]!++
      this.#only[group] = this.#only[group] === NONE ? conversation : SEVERAL
      this.#handshakeSum[group]! += numbers[at + layout.TCP_HANDSHAKE_SUM]!
      this.#handshakes[group]! += numbers[at + layout.TCP_HANDSHAKES]!
      this.#addRtts(group, bits, numbers, at + TCP_SIDES)
    }
  }

  #addRtts(group: number, sides: number, numbers: Float64Array, start: number): void {
    let lowest = 0
    let mean = 0
    let highest = 0
    let count = 0
    for (const side of [0, 1]) {
      const at = start + side * TCP_SIDE
      const rtts = numbers[at + layout.TCP_SIDE_RTTS]!
      if (rtts === 0 || (sides & (1 << side)) === 0) continue
      lowest += numbers[at + layout.TCP_SIDE_RTT_MIN]!
      mean += numbers[at + layout.TCP_SIDE_RTT_SUM]! / rtts
      highest += numbers[at + layout.TCP_SIDE_RTT_MAX]!
      count += rtts
    }
    if (count === 0) return
    this.#rttMin[group] = Math.min(this.#rttMin[group]!, lowest)
    this.#rttMax[group] = Math.max(this.#rttMax[group]!, highest)
    this.#rttSum[group]! += mean * count
    this.#rtts[group]! += count
  }

  #endpoints(numbers: Float64Array, at: number): Endpoints {
    const originator = numbers[at + layout.TCP_ORIGINATOR]!
    const own = at + TCP_SIDES + originator * TCP_SIDE
    const peer = at + TCP_SIDES + (1 - originator) * TCP_SIDE
    const hasData = numbers[own + layout.TCP_SIDE_HAS_DATA] === 1 || numbers[peer + layout.TCP_SIDE_HAS_DATA] === 1
    return {
      originator: numbers[own + layout.TCP_SIDE_STATE]!,
      responder: numbers[peer + layout.TCP_SIDE_STATE]!,
      hasData,
      history: () => historyIn(numbers, at),
    }
  }

  /** The state of its one conversation, or how many are in which: `12 SF, 3 RSTO`. */
  #stateText(group: number): string {
    const at = group * CONN_STATES.length
    const counted = CONN_STATES.map((name, i) => ({ name, count: this.#states[at + i]! })).filter(
      ({ count }) => count > 0,
    )
    if (this.#only[group] !== SEVERAL) return counted[0]?.name ?? ''
    counted.sort((a, b) => b.count - a.count)
    return counted.map(({ name, count }) => `${count} ${name}`).join(', ')
  }
}

function toMs(ns: number): number {
  return Math.round(ns) / NS_PER_MS
}
