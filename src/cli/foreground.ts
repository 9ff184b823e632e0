/** Whether the terminal is ours: in the background of a shell what is typed, and the line at the bottom, are the shell's. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** True also where nobody says. Elsewhere than on Linux it takes a process of its own. */
export function isInForeground(): boolean {
  const ids = processGroups()
  return ids === null || ids[0] === ids[1]
}

/** Our process group and that of the terminal's foreground; null where nobody says. */
function processGroups(): [number, number] | null {
  try {
    // proc(5): behind the name, which may hold anything, come state, parent, group, session, terminal, its foreground group.
    const fields = readFileSync('/proc/self/stat', 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    return [Number(fields[2]), Number(fields[5])]
  } catch {
    if (process.platform === 'win32') return null
  }
  try {
    const text = execFileSync('ps', ['-o', 'pgid=,tpgid=', '-p', String(process.pid)], { encoding: 'utf8' })
    const [group, foreground] = text.trim().split(/\s+/).map(Number)
    return [group!, foreground!]
  } catch {
    return null
  }
}
