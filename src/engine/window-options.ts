/** The window that was asked for to the buckets that frames are counted in. */

export interface WindowOptions {
  /** Length of a window; null or left out for one span over everything. */
  readonly windowNs?: bigint | null
  /** From the start of one window to the start of the next; the window's length unless given. Its length is a multiple of it. */
  readonly stepNs?: bigint | null
  /** `start`: windows begin at `originNs`. `clock`: at multiples of the step since 1970-01-01 UTC. */
  readonly align?: 'start' | 'clock'
  /** Where the first window begins; the time of the first frame unless given. */
  readonly originNs?: bigint | null
}

export interface BucketOptions {
  readonly stepNs: bigint | null
  readonly bucketsPerWindow: bigint
  readonly originNs: bigint | null
}

/** Throws an Error in the user's terms when there are no such windows. */
export function toBucketOptions(options: WindowOptions): BucketOptions {
  const { windowNs = null, align = 'start', originNs = null } = options
  if (windowNs === null) {
    if (options.stepNs != null) throw new Error('A step needs a window: give the length of the window too')
    return { stepNs: null, bucketsPerWindow: 1n, originNs: null }
  }
  const stepNs = options.stepNs ?? windowNs
  if (windowNs <= 0n) throw new Error(`The window must be longer than nothing, not ${formatSeconds(windowNs)}`)
  if (stepNs <= 0n) throw new Error(`The step must be longer than nothing, not ${formatSeconds(stepNs)}`)
  if (windowNs % stepNs !== 0n) {
    throw new Error(`A window of ${formatSeconds(windowNs)} is not a whole number of steps of ${formatSeconds(stepNs)}`)
  }
  return { stepNs, bucketsPerWindow: windowNs / stepNs, originNs: align === 'clock' ? 0n : originNs }
}

function formatSeconds(ns: bigint): string {
  return `${Number(ns) / 1e9} s`
}
