/** The processes below a process: `tshark` has its dumpcap, a shell its pipeline. A signal to the parent does not reach them. */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

/** The time of its start tells a process from a later one with the same number. */
export interface ProcessRef {
  readonly pid: number
  readonly started: string
}

interface Row extends ProcessRef {
  readonly parent: number
}

/** Children and their children, as they are now. Empty on Windows. */
export function descendantsOf(pid: number): ProcessRef[] {
  const rows = listProcesses()
  const found: ProcessRef[] = []
  const parents = [pid]
  for (let parent = parents.pop(); parent !== undefined; parent = parents.pop()) {
    for (const row of rows) {
      if (row.parent !== parent) continue
      found.push(row)
      parents.push(row.pid)
    }
  }
  return found
}

/** Sends a signal to those of the processes that still are what they were. */
export function signalProcesses(processes: readonly ProcessRef[], signal: NodeJS.Signals): void {
  if (processes.length === 0) return
  const alive = new Map(listProcesses().map(({ pid, started }) => [pid, started]))
  for (const { pid, started } of processes) {
    if (alive.get(pid) !== started) continue
    try {
      process.kill(pid, signal)
    } catch {} // It ended just now, or belongs to root (sudo): its parent's end is its end.
  }
}

function listProcesses(): Row[] {
  if (process.platform === 'win32') return []
  return process.platform === 'linux' ? listProc() : listPs()
}

function listProc(): Row[] {
  const rows: Row[] = []
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1')
      // proc(5): the name in parentheses may hold anything; after it come state, ppid, and as the 20th the start time.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      rows.push({ pid: Number(name), parent: Number(fields[1]), started: fields[19]! })
    } catch {} // It ended while we looked.
  }
  return rows
}

function listPs(): Row[] {
  try {
    const text = execFileSync('ps', ['-A', '-o', 'pid=', '-o', 'ppid=', '-o', 'lstart='], { encoding: 'utf8' })
    return text
      .split('\n')
      .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
      .filter((match) => match !== null)
      .map((match) => ({ pid: Number(match[1]), parent: Number(match[2]), started: match[3]!.trim() }))
  } catch {
    return []
  }
}
