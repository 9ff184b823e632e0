/**
 * Waits, at the end of a command, until no thread of V8 optimises code any more.
 *
 * Node waits for these threads when it ends. Where one of them wants garbage collected meanwhile, which only the main thread can do, both
 * wait for ever (nodejs/node#54918): once in some hundreds of runs on a busy machine, after all output was written.
 */
import { setTimeout } from 'node:timers/promises'

/** What runs shorter has little code that is hot, and no garbage to speak of. */
const SHORT_MS = 150
const ROUND_MS = 2
/** So much processor time of a round is our own. */
const IDLE_MICROSECONDS = 800
/** A fifth of a second. By then something else is going on that we cannot wait for. */
const MOST_ROUNDS = 100

export async function settle(): Promise<void> {
  if (performance.now() < SHORT_MS) return
  const { setFlagsFromString } = await import('node:v8')
  setFlagsFromString('--no-opt')
  setFlagsFromString('--no-maglev')
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const before = process.cpuUsage()
    await setTimeout(ROUND_MS)
    const { user, system } = process.cpuUsage(before)
    if (user + system < IDLE_MICROSECONDS) return
  }
}
