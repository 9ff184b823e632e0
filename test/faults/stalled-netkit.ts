/** netkit on a pipe that has brought much and then nothing more. */
import type { ChildProcess } from 'node:child_process'
import { type Result, resultOf, startNetkit } from '../support/netkit-process.ts'

export interface Stalled {
  readonly child: ChildProcess
  readonly result: Promise<Result>
}

/**
 * Resolves when netkit has taken nearly all of `bytes`, which should be some megabytes: more than any pipe holds. It listens to
 * signals by then, and waits for more.
 */
export async function startStalled(args: readonly string[], bytes: Uint8Array): Promise<Stalled> {
  const child = startNetkit(args, { stdio: ['pipe', 'pipe', 'pipe'] })
  const result = resultOf(child)
  child.stdin!.on('error', () => {})
  await new Promise<void>((resolve) => child.stdin!.write(bytes, () => resolve()))
  return { child, result }
}
