/** The command in a process of its own, with the most memory that it had at any time. */
import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { NETKIT } from '../support/netkit-process.ts'

export interface Measured {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** Resident memory at its highest, in MiB. */
  readonly peakMib: number
}

/** Tells the highest memory, in KiB, on descriptor 3 when the main thread ends. */
const TELL = `import { isMainThread } from 'node:worker_threads'
import { writeSync } from 'node:fs'
if (isMainThread) process.on('exit', () => writeSync(3, String(process.resourceUsage().maxRSS)))`

/** `openFiles`: descriptors that the process may have (ulimit -n). */
export async function measured(args: readonly string[], { openFiles }: { openFiles?: number } = {}): Promise<Measured> {
  const node = ['--import', `data:text/javascript,${encodeURIComponent(TELL)}`, NETKIT, ...args]
  const [command, commandArgs] =
    openFiles === undefined
      ? [process.execPath, node]
      : ['sh', ['-c', `ulimit -n ${openFiles}; exec "$@"`, 'sh', process.execPath, ...node]]
  const child = spawn(command, commandArgs, {
    env: { ...process.env, NODE_ENV: undefined, FORCE_COLOR: undefined },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  })
  const exit = new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve))
  const [stdout, stderr, peak, code] = await Promise.all([
    text(child.stdout!),
    text(child.stderr!),
    text(child.stdio[3] as NodeJS.ReadableStream),
    exit,
  ])
  return { code, stdout, stderr, peakMib: Number(peak) / 1024 }
}
