/** The command between other commands: streams of any kind, signals, shells. (run-netkit.ts has the plain run.) */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const NETKIT = fileURLToPath(new URL('../../bin/run.js', import.meta.url))

export interface Result {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  /** stdin is /dev/null unless said here. */
  readonly stdio?: SpawnOptions['stdio']
}

const ENVIRONMENT = {
  ...process.env,
  // A zone and a language that nobody in the project lives with: no result may depend on them.
  TZ: 'Pacific/Chatham',
  LANG: 'de_DE.UTF-8',
  FORCE_COLOR: undefined,
  NO_COLOR: undefined,
  COLUMNS: undefined,
  // A test runner has its own, and oclif heeds it.
  NODE_ENV: undefined,
}

export function startNetkit(args: readonly string[], options: RunOptions = {}): ChildProcess {
  return start(process.execPath, [NETKIT, ...args], options)
}

export function netkit(args: readonly string[], options: RunOptions = {}): Promise<Result> {
  return resultOf(startNetkit(args, options))
}

export function analyze(args: readonly string[], options: RunOptions = {}): Promise<Result> {
  return netkit(['analyze', ...args], options)
}

/** A line of bash with pipefail, in which `netkit` is the command. */
export function shell(line: string, options: RunOptions = {}): Promise<Result> {
  const script = `set -o pipefail; netkit() { '${process.execPath}' '${NETKIT}' "$@"; }; ${line}`
  return resultOf(start('bash', ['-c', script], options))
}

/** A line of sh in a pseudo-terminal of util-linux `script`; stdout is all that the terminal receives. */
export function inTerminal(line: string, env: NodeJS.ProcessEnv = {}): Promise<Result> {
  return resultOf(
    start('script', ['-qec', line, '/dev/null'], { env: { TERM: 'xterm-256color', COLUMNS: '100', ...env } }),
  )
}

function start(command: string, args: readonly string[], { cwd, env, stdio }: RunOptions): ChildProcess {
  return spawn(command, args, {
    cwd,
    env: { ...ENVIRONMENT, ...env },
    stdio: stdio ?? ['ignore', 'pipe', 'pipe'],
  })
}

export function resultOf(child: ChildProcess): Promise<Result> {
  return new Promise((resolve, reject) => {
    let stdout = ''
    let stderr = ''
    child.stdout?.setEncoding('utf8').on('data', (text) => {
      stdout += text
    })
    child.stderr?.setEncoding('utf8').on('data', (text) => {
      stderr += text
    })
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }))
  })
}
