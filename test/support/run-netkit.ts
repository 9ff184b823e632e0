/** The command as a user runs it: a process of its own, in the project's folder. */
import { spawn } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { text } from 'node:stream/consumers'
import { projectFolder } from './captures.ts'

export interface NetkitRun {
  readonly stdout: string
  readonly stderr: string
  readonly exitCode: number | null
}

/**
 * Nothing that is set here may reach the output: neither the zone (half an hour off), nor the language (decimal commas), nor the
 * terminal of whoever runs the tests.
 */
function environment(): NodeJS.ProcessEnv {
  const { FORCE_COLOR, NO_COLOR, COLUMNS, NETKIT_DEBUG, NODE_OPTIONS, ...inherited } = process.env
  return { ...inherited, TZ: 'Asia/Kolkata', LC_ALL: 'de_DE.UTF-8', LANG: 'de_DE.UTF-8' }
}

const AT_ONCE = 2
let running = 0
const waiting: (() => void)[] = []

/** At most two at once in a test file, whatever the number of its tests. `stdin` is a path in the project's folder. */
export async function runNetkit(args: readonly string[], stdin?: string): Promise<NetkitRun> {
  if (running < AT_ONCE) running++
  else await new Promise<void>((resolve) => waiting.push(resolve))
  try {
    return await runOnce(args, stdin)
  } finally {
    const next = waiting.shift()
    if (next === undefined) running--
    else next()
  }
}

async function runOnce(args: readonly string[], stdin?: string): Promise<NetkitRun> {
  const child = spawn(process.execPath, ['bin/run.js', ...args], { cwd: projectFolder, env: environment() })
  const exit = new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve))
  // The command may stop reading early; what is left in the pipe then is nobody's.
  child.stdin.on('error', () => {})
  if (stdin === undefined) child.stdin.end()
  else createReadStream(`${projectFolder}${stdin}`).pipe(child.stdin)
  const [stdout, stderr, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), exit])
  return { stdout, stderr, exitCode }
}
