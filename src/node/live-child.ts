/**
 * A process that writes a capture to its stdout for as long as it runs → a Source and the means to end it. Nothing is left
 * behind: not when it hangs, not when netkit is killed.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import type { Duplex, Readable, Writable } from 'node:stream'
import type { Source } from '../capture/source.ts'
import { CaptureError, recognizeSaying } from './capture-errors.ts'
import { ChildBytes } from './child-bytes.ts'
import { decompress } from './decompress.ts'
import { descendantsOf, type ProcessRef, signalProcesses } from './process-tree.ts'
import { reasonOf } from './system-error.ts'

export interface ChildPlan {
  /** Name of the source. */
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly env: NodeJS.ProcessEnv
  /** Longest wait for the first bytes; null: as long as it takes. */
  readonly readyTimeoutMs: number | null
  /**
   * How it is asked to stop: SIGINT to it alone (capture tools end their own helpers), SIGINT to everything below it as well
   * (a shell's pipeline), or the end of its stdin (ssh).
   */
  readonly stopBy: 'signal' | 'signal-tree' | 'end-of-input'
  /** What it leaves running when it dies itself must be ended: tshark's dumpcap. */
  readonly ownsHelpers: boolean
  readonly signal?: AbortSignal | undefined
}

export interface LiveChild {
  readonly source: Source
  readonly pid: number
  stop(): void
  kill(): void
  readonly end: Promise<ChildEnd>
}

export interface ChildEnd {
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  readonly stderr: string
  /** It ended because it was asked to. */
  readonly stopped: boolean
}

const TERM_AFTER_MS = 2000
const KILL_AFTER_MS = 4000
/** What is left in the pipe of a killed tshark took up to 460 ms to arrive. */
const TAIL_MS = 1000
/** Kept of stderr, at its start and at its end: errors come first, counters last. */
const STDERR_PART = 32 << 10

/**
 * The child on a leash: descriptor 3 is a pipe that only netkit holds. When netkit dies, however it dies, the pipe closes,
 * and the watcher ends the child and what the child started; a line says that the child ended and there is nothing to do.
 *
 * `setpriv --pdeathsig` does less: Linux forgets it when the program has file capabilities, which is how dumpcap is installed
 * for ordinary users, and neither macOS nor Alpine has it. The `exec` keeps the number and the exit code of the process.
 */
const LEASH = `(trap '' HUP INT TERM; read -r line <&3 || {
  pkill -TERM -P $$; kill -TERM $$; sleep 2; kill -KILL $$
}) </dev/null >/dev/null 2>&1 &
exec "$@" 3<&-`

/** ssh dies of Ctrl-C with the rest of the foreground; ignored here it stays ignored, and the remote end can finish. */
const LEASH_WITHOUT_INTERRUPT = `trap '' INT; ${LEASH}`

/** Children of this process, for the one case without a watcher: Windows. */
const running = new Set<ChildProcess>()
let watchingExit = false

/** Resolves with the first bytes on stdout. Throws {@link CaptureError} for what never starts; `explain` says why. */
export async function startChild(plan: ChildPlan, explain: (end: ChildEnd) => CaptureError): Promise<LiveChild> {
  if (plan.signal?.aborted) throw abortedError()
  const child = spawnOnLeash(plan)
  const failure = new Promise<Error>((resolve) => child.once('error', resolve))
  if (child.pid === undefined) {
    const error = (await failure) as NodeJS.ErrnoException
    const kind = error.code === 'ENOENT' ? 'tool-missing' : 'tool-not-executable'
    throw new CaptureError(kind, `cannot run ${plan.command}: ${reasonOf(error)}`, plan.command)
  }
  child.on('error', () => {})
  const live = manage(child, child.pid, plan)
  const abort = () => live.kill()
  plan.signal?.addEventListener('abort', abort, { once: true })
  let late = false
  const timer =
    plan.readyTimeoutMs !== null &&
    setTimeout(() => {
      late = true
      live.kill()
    }, plan.readyTimeoutMs)
  try {
    if (await live.started) return live
    const end = await live.end
    if (plan.signal?.aborted) throw abortedError()
    if (!late) throw explain(end)
    const seconds = plan.readyTimeoutMs! / 1000
    throw (
      recognizeSaying(end.stderr) ?? new CaptureError('start-timeout', `${plan.name}: nothing came for ${seconds} s`)
    )
  } finally {
    if (timer !== false) clearTimeout(timer)
    plan.signal?.removeEventListener('abort', abort)
  }
}

function abortedError(): CaptureError {
  return new CaptureError('aborted', 'stopped before the capture had begun')
}

function spawnOnLeash({ command, args, env, stopBy }: ChildPlan): ChildProcess {
  const stdin = stopBy === 'end-of-input' ? 'pipe' : 'ignore'
  // Not detached: in a process group of its own it could ask for no password, and would outlive a closed terminal.
  const options = { env, windowsHide: true, stdio: [stdin, 'pipe', 'pipe', 'pipe'] as const }
  if (process.platform === 'win32') return spawn(command, args, { ...options, stdio: [stdin, 'pipe', 'pipe'] })
  const leash = stopBy === 'end-of-input' ? LEASH_WITHOUT_INTERRUPT : LEASH
  return spawn('/bin/sh', ['-c', leash, 'netkit-capture', command, ...args], { ...options, stdio: [...options.stdio] })
}

function manage(child: ChildProcess, pid: number, plan: ChildPlan): LiveChild & { readonly started: Promise<boolean> } {
  const timers: NodeJS.Timeout[] = []
  let helpers: ProcessRef[] = []
  let stopped = false
  let exited = false
  let ended = false

  const later = (delay: number, act: () => void) => timers.push(setTimeout(act, delay))
  const signalTree = (signal: NodeJS.Signals) => {
    if (!exited) {
      helpers = descendantsOf(pid)
      child.kill(signal)
    }
    signalProcesses(helpers, signal)
  }
  const force = () => {
    signalTree('SIGKILL')
    // A process that nobody knows of may still hold the pipe.
    later(TAIL_MS, () => child.stdout!.destroy())
  }
  const kill = () => {
    if (ended) return
    stopped = true
    force()
  }
  const stop = () => {
    if (stopped || exited) return
    stopped = true
    if (plan.stopBy === 'end-of-input') child.stdin!.end()
    else if (plan.stopBy === 'signal-tree') signalTree('SIGINT')
    else child.kill('SIGINT')
    later(TERM_AFTER_MS, () => signalTree('SIGTERM'))
    later(KILL_AFTER_MS, force)
  }

  const bytes = new ChildBytes(plan.name, child.stdout as Readable, stop)
  const stderr = keepEnds(child.stderr as Readable)
  child.stdin?.on('error', () => {})
  const leash = child.stdio[3] as Duplex | undefined
  leash?.on('error', () => {})
  leash?.resume()
  if (plan.ownsHelpers) {
    bytes.started.then((yes) => {
      if (yes && !exited) helpers = descendantsOf(pid)
    })
  }

  running.add(child)
  watchExit()
  child.once('exit', () => {
    exited = true
    running.delete(child)
    ;(leash as Writable | undefined)?.end('\n', () => leash!.destroy())
    child.stdin?.destroy()
    if (!plan.ownsHelpers) return
    later(TAIL_MS, () => signalProcesses(helpers, 'SIGTERM'))
    later(2 * TAIL_MS, force)
  })
  const end = new Promise<ChildEnd>((resolve) => {
    // Not `exit`: the last bytes come after it.
    child.once('close', (exitCode, signal) => {
      ended = true
      for (const timer of timers) clearTimeout(timer)
      resolve({ exitCode, signal, stderr: stderr(), stopped })
    })
  })
  return { source: decompress(bytes), pid, stop, kill, end, started: bytes.started }
}

/** What was written so far, without its middle when that is long. */
function keepEnds(stream: Readable): () => string {
  let head = ''
  let tail = ''
  stream.setEncoding('utf8')
  stream.on('data', (text: string) => {
    const room = STDERR_PART - head.length
    head += text.slice(0, room)
    tail = (tail + text.slice(room)).slice(-STDERR_PART)
  })
  stream.on('error', () => {})
  return () => head + tail
}

function watchExit(): void {
  if (watchingExit) return
  watchingExit = true
  process.on('exit', () => {
    for (const child of running) child.kill('SIGTERM')
  })
}
