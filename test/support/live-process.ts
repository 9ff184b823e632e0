/** `netkit live` at work in a namespace: what it prints, and when. */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Lab } from './namespaces.ts'
import { NETKIT, type Result, resultOf } from './netkit-process.ts'

export interface LiveProcess {
  readonly child: ChildProcess
  /** Complete lines of stdout so far, with the milliseconds since 1970 at which they came. */
  readonly lines: readonly { readonly text: string; readonly atMs: number }[]
  readonly result: Promise<Result>
}

/** Resolves when it captures. */
export async function startLive(namespace: string, args: readonly string[]): Promise<LiveProcess> {
  return begun(spawn('ip', ['netns', 'exec', namespace, process.execPath, NETKIT, 'live', ...args], STREAMS))
}

/** A line of bash in which `netkit` is the command. Resolves when it captures. */
export async function startLiveShell(namespace: string, line: string): Promise<LiveProcess> {
  const script = `set -o pipefail; netkit() { '${process.execPath}' '${NETKIT}' "$@"; }; ${line}`
  return begun(spawn('ip', ['netns', 'exec', namespace, 'bash', '-c', script], { ...STREAMS, detached: true }))
}

const STREAMS = {
  stdio: ['ignore', 'pipe', 'pipe'] as ['ignore', 'pipe', 'pipe'],
  env: { ...process.env, NO_COLOR: '1', COLUMNS: undefined },
}

async function begun(child: ChildProcess): Promise<LiveProcess> {
  const lines: { text: string; atMs: number }[] = []
  let rest = ''
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    const atMs = Date.now()
    const parts = (rest + text).split('\n')
    rest = parts.pop()!
    lines.push(...parts.map((text) => ({ text, atMs })))
  })
  const result = resultOf(child)
  await new Promise<void>((resolve) => {
    child.stderr!.on('data', (text: string) => {
      if (text.includes('listening on')) resolve()
    })
    child.once('close', () => resolve())
  })
  return { child, lines, result }
}

export interface JsonRow {
  readonly window_start_ns: string
  readonly window_seconds: number
  readonly packets: number
  readonly bytes: number
}

export interface JsonCapture {
  readonly frames: number
  readonly bytes: number
  readonly interfaces: readonly { readonly received: number | null; readonly dropped: number | null }[]
  readonly accounting: { readonly late: { readonly packets: number; readonly bytes: number } }
}

/** JSON Lines: the rows, and the capture that is the last line. */
export function parseLive(stdout: string): { readonly rows: JsonRow[]; readonly capture: JsonCapture } {
  const objects = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  return { rows: objects.filter(({ type }) => type === 'row'), capture: objects.at(-1) }
}

/** Waits until nothing more has been printed for so long: what was sent has come through. */
export async function settled({ lines }: LiveProcess, quietMs: number): Promise<void> {
  for (const began = Date.now(); Date.now() < Math.max(began, lines.at(-1)?.atMs ?? 0) + quietMs; ) await sleep(50)
}

/** Processes of a namespace that run the capture tool. */
export function captureTools(lab: Lab): number[] {
  return lab.pids(lab.a).filter((pid) => commandOf(pid) === 'dumpcap')
}

function commandOf(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim()
  } catch {
    return null
  }
}

/** What the kernel counted on the sender's end of the link, both directions. */
export function linkCounters(lab: Lab): { readonly packets: number; readonly bytes: number } {
  const names = ['tx_packets', 'rx_packets', 'tx_bytes', 'rx_bytes']
  const files = names.map((name) => `/sys/class/net/vb/statistics/${name}`)
  const [txPackets, rxPackets, txBytes, rxBytes] = lab
    .run(lab.b, ['cat', ...files])
    .split('\n')
    .map(Number)
  return { packets: txPackets! + rxPackets!, bytes: txBytes! + rxBytes! }
}
