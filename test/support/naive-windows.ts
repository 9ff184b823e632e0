/**
 * What the engine must say, reckoned the slow way: BigInt times, one pass over all frames for every window, strings for keys.
 */
import { NO_TIME } from '../../src/capture/frame-batch.ts'
import type { Counts } from '../../src/engine/records.ts'
import type { TestFrame } from './frames.ts'

export interface NaiveWindows {
  readonly windowNs: bigint
  readonly stepNs: bigint
  readonly originNs: bigint
}

export type NaiveSums = Record<string, Counts>

export type NaiveRecord =
  | { readonly startNs: bigint; readonly endNs: bigint; readonly sums: NaiveSums; readonly total: Counts }
  | { readonly startNs: bigint; readonly endNs: bigint; readonly idle: bigint }

/** Records of the windows; `keysOf` gives the groups that a frame of the flow counts for. */
export function naiveWindows(
  frames: readonly TestFrame[],
  { windowNs, stepNs, originNs }: NaiveWindows,
  keysOf: (flow: number) => readonly string[],
): NaiveRecord[] {
  const timed = frames.filter((frame) => frame.time !== NO_TIME)
  const stepOf = (time: bigint) => {
    const rest = (((time - originNs) % stepNs) + stepNs) % stepNs
    return (time - originNs - rest) / stepNs
  }
  const steps = timed.map((frame) => stepOf(frame.time))
  const first = steps.reduce((a, b) => (b < a ? b : a), steps[0] ?? 0n)
  const last = steps.reduce((a, b) => (b > a ? b : a), steps[0] ?? 0n)
  const starts = new Set<bigint>()
  for (const step of steps) {
    for (let start = step - windowNs / stepNs + 1n; start <= step; start++) if (start >= first) starts.add(start)
  }
  const records: NaiveRecord[] = []
  let next = first
  for (const start of [...starts].sort((a, b) => (a < b ? -1 : 1))) {
    const at = (step: bigint) => originNs + step * stepNs
    if (start > next) {
      records.push({ startNs: at(next), endNs: at(start - 1n) + windowNs, idle: start - next })
    }
    const inside = timed.filter((frame) => frame.time >= at(start) && frame.time < at(start) + windowNs)
    records.push({
      startNs: at(start),
      endNs: at(start) + windowNs,
      sums: sumBy(inside, keysOf),
      total: sumOf(inside),
    })
    next = start + 1n
  }
  if (timed.length > 0 && next !== last + 1n) throw new Error('the last window starts with the last frame')
  return records
}

export function sumBy(frames: readonly TestFrame[], keysOf: (flow: number) => readonly string[]): NaiveSums {
  const sums: Record<string, { packets: number; bytes: number }> = {}
  for (const frame of frames) {
    for (const key of keysOf(frame.flow)) {
      sums[key] ??= { packets: 0, bytes: 0 }
      sums[key].packets++
      sums[key].bytes += frame.length
    }
  }
  return sums
}

export function sumOf(frames: readonly { readonly length: number }[]): Counts {
  return { packets: frames.length, bytes: frames.reduce((sum, frame) => sum + frame.length, 0) }
}
