/** A terminal that a test types into and looks at: tmux on a socket of its own. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { projectFolder } from './captures.ts'

/** Why there is no terminal here; null when there is. */
export const tmuxMissing: string | null = (() => {
  try {
    execFileSync('tmux', ['-V'])
    return null
  } catch {
    return 'tmux is not installed'
  }
})()

/** Far more than anything takes, so that a busy machine is no failure. */
const PATIENCE_MS = 40_000
const POLL_MS = 50

export interface Tmux {
  /** Names of keys, as tmux knows them, or text. */
  keys(...keys: string[]): void
  /** What is on the screen, without escape sequences. */
  look(): string
  /** The same with them: colours, weights. */
  lookStyled(): string
  /** Waits until the screen shows it; gives the screen. Throws an Error with the screen when it never does. */
  until(shows: string | RegExp | ((screen: string) => boolean)): Promise<string>
  resize(columns: number, rows: number): void
  /** A variable of the pane, such as `alternate_on`. */
  ask(variable: string): string
  /** Ids of the processes that the shell in it has started. */
  children(): number[]
  close(): void
}

/** A shell in the project's folder, with a prompt `ready$`. */
export async function startTmux(columns: number, rows: number, env: Record<string, string> = {}): Promise<Tmux> {
  const folder = mkdtempSync(join(tmpdir(), 'netkit-tmux-'))
  const socket = join(folder, 'socket')
  // A terminal of nobody: no shell of the user's, no file that one reads at its start, no wishes about colour.
  const { NO_COLOR, FORCE_COLOR, COLORTERM, CI, TMUX, ENV, NODE_OPTIONS, NODE_ENV, COLUMNS, ...inherited } = process.env
  const run = (...args: string[]) =>
    execFileSync('tmux', ['-S', socket, '-f', '/dev/null', ...args], {
      encoding: 'utf8',
      env: { ...inherited, SHELL: '/bin/sh', LC_ALL: 'C.UTF-8', ...env },
    })
  // Two words: a single one would be run by another shell, which would then be the pane's process.
  run('new-session', '-d', '-x', `${columns}`, '-y', `${rows}`, '-c', projectFolder, '/bin/sh', '-i')
  const look = () => run('capture-pane', '-p')
  const tmux: Tmux = {
    keys: (...keys) => void run('send-keys', ...keys),
    look,
    lookStyled: () => run('capture-pane', '-p', '-e'),
    async until(shows) {
      const matches = (screen: string) =>
        typeof shows === 'string'
          ? screen.includes(shows)
          : typeof shows === 'function'
            ? shows(screen)
            : shows.test(screen)
      const end = Date.now() + PATIENCE_MS
      for (;;) {
        const screen = look()
        if (matches(screen)) return screen
        if (Date.now() > end) throw new Error(`The screen never showed ${shows}:\n${screen}`)
        await sleep(POLL_MS)
      }
    },
    resize: (width, height) => void run('resize-window', '-x', `${width}`, '-y', `${height}`),
    ask: (variable) => run('display-message', '-p', `#{${variable}}`).trim(),
    children() {
      const shell = run('display-message', '-p', '#{pane_pid}').trim()
      return execFileSync('pgrep', ['-P', shell], { encoding: 'utf8' }).trim().split('\n').map(Number)
    },
    close() {
      process.off('exit', tmux.close)
      try {
        run('kill-server')
      } catch {} // Its shell has ended, and it with it.
      rmSync(folder, { recursive: true, force: true })
    },
  }
  // A test run that is broken off leaves no terminal behind.
  process.on('exit', tmux.close)
  // Not in the environment: some shells keep their own.
  tmux.keys("PS1='ready$ '; clear", 'Enter')
  await tmux.until(/^ready\$/m)
  return tmux
}
