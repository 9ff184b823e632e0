/** Rounds of a target: one seed and the number of a round give its inputs, so any round can be run again alone. */
import { minimise } from './minimise.ts'
import { Random } from './random.ts'
import { allowedMs, Finding, type Target } from './target.ts'

export interface FuzzOptions {
  readonly seed: string
  /** The first round; a run goes on where another one ended. */
  readonly from?: number
  /** Processor time, in all. */
  readonly seconds: number
  readonly rounds?: number
  /** Rounds with a finding before it is enough. */
  readonly mostFindings?: number
  /** Told of each round before it begins: whoever watches knows what hangs. */
  readonly onRound?: (round: number) => void
  /** Asked before each round. */
  readonly isStopped?: () => boolean
}

export interface Crasher {
  readonly round: number
  readonly message: string
  /** As small as it got; what fails alone, or all inputs of the round. */
  readonly inputs: readonly Uint8Array[]
  /** The inputs fail by themselves, without what came before them. */
  readonly isAlone: boolean
}

export interface FuzzResult {
  readonly inputs: number
  readonly bytes: number
  /** The round that comes next. */
  readonly next: number
  readonly cpuSeconds: number
  /** The longest a round took, as part of what it may take. */
  readonly slowest: number
  /** Most memory of the process, in bytes. */
  readonly mostRss: number
  readonly crashers: readonly Crasher[]
}

/**
 * Memory of the whole process. A module has at most 96 MiB of its own, a zstd window 128; what was let go of lies about until it is
 * collected.
 */
const MOST_RSS_BYTES = 3 * 2 ** 30
/** The clock and the memory are looked at after so many rounds. */
const ROUNDS_PER_LOOK = 8

export async function fuzz(target: Target, options: FuzzOptions): Promise<FuzzResult> {
  const { seed, from = 0, seconds, rounds = Number.POSITIVE_INFINITY, mostFindings = 5, onRound, isStopped } = options
  const startedAt = cpuSeconds()
  const crashers: Crasher[] = []
  let inputCount = 0
  let byteCount = 0
  let slowest = 0
  let mostRss = 0
  let round = from
  for (; round - from < rounds && crashers.length < mostFindings; round++) {
    if ((round - from) % ROUNDS_PER_LOOK === 0 && cpuSeconds() - startedAt >= seconds) break
    if (isStopped?.()) break
    onRound?.(round)
    const inputs = inputsOf(target, seed, round)
    inputCount += inputs.length
    for (const { length } of inputs) byteCount += length
    try {
      slowest = Math.max(slowest, await timedCheck(target, inputs))
      if (round % ROUNDS_PER_LOOK === 0) mostRss = Math.max(mostRss, checkMemory())
    } catch (error) {
      crashers.push(await describeCrasher(target, inputs, round, error))
    }
  }
  return {
    inputs: inputCount,
    bytes: byteCount,
    next: round,
    cpuSeconds: cpuSeconds() - startedAt,
    slowest,
    mostRss,
    crashers,
  }
}

export function inputsOf(target: Target, seed: string, round: number): Uint8Array[] {
  return target.generate(new Random(`${seed}/${target.name}/${round}`))
}

/**
 * Checks the inputs and returns how much of the processor time they may take they took. What took too long is run again: the
 * compiler and the collector of garbage are slow once, an input is slow each time.
 */
export async function timedCheck(target: Target, inputs: readonly Uint8Array[]): Promise<number> {
  const allowed = allowedMs(inputs)
  let took = Number.POSITIVE_INFINITY
  for (let tries = 0; tries < 3 && took > allowed; tries++) {
    const startedAt = cpuSeconds()
    await target.check(inputs)
    took = Math.min(took, 1000 * (cpuSeconds() - startedAt))
  }
  if (took > allowed) throw new Finding(`takes ${took.toFixed(0)} ms, ${allowed.toFixed(0)} ms at most was expected`)
  return took / allowed
}

function checkMemory(): number {
  const rss = process.memoryUsage.rss()
  if (rss > MOST_RSS_BYTES) throw new Finding(`the process has grown to ${Math.round(rss / 2 ** 20)} MiB`)
  return rss
}

async function describeCrasher(
  target: Target,
  inputs: readonly Uint8Array[],
  round: number,
  error: unknown,
): Promise<Crasher> {
  const message = error instanceof Finding ? error.message : String((error as Error)?.stack ?? error)
  const fails = async (candidates: readonly Uint8Array[]) => {
    target.reset()
    try {
      await timedCheck(target, candidates)
      return false
    } catch {
      return true
    }
  }
  try {
    for (const input of inputs) {
      if (!(await fails([input]))) continue
      const smallest = await minimise(input, (bytes) => fails([bytes]))
      return { round, message, inputs: [smallest], isAlone: true }
    }
    return { round, message, inputs, isAlone: await fails(inputs) }
  } finally {
    target.reset()
  }
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}
