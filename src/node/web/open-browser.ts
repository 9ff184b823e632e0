/**
 * An address → the browser of whoever sits at this machine. Only where somebody can see one, and never a reason to fail: the address
 * is on the terminal, too. The three commands below are all there is to it, so no package does it.
 */
import { spawn } from 'node:child_process'

interface Surroundings {
  readonly platform: NodeJS.Platform
  readonly env: Readonly<Record<string, string | undefined>>
  /** Somebody sits at this terminal. */
  readonly isTerminal: boolean
}

/** Null where there is nobody to look: no terminal, no display, a build, another machine over ssh. */
export function browserCommand(url: string, { platform, env, isTerminal }: Surroundings): string[] | null {
  if (!isTerminal || isSet(env.CI) || isSet(env.SSH_CONNECTION)) return null
  if (platform === 'darwin') return ['open', url]
  // `start` is a word of cmd, and its first argument in quotes is a title. Our addresses hold nothing that cmd would read.
  if (platform === 'win32') return ['cmd', '/c', 'start', '""', url]
  return isSet(env.DISPLAY) || isSet(env.WAYLAND_DISPLAY) ? ['xdg-open', url] : null
}

/** Returns at once: whether it worked shows on the screen. */
export function openBrowser(url: string): void {
  const { platform, env } = process
  const command = browserCommand(url, { platform, env, isTerminal: process.stderr.isTTY === true })
  if (command === null) return
  const [program = '', ...args] = command
  try {
    const child = spawn(program, args, {
      stdio: 'ignore',
      detached: true,
      windowsVerbatimArguments: platform === 'win32',
    })
    child.on('error', () => {})
    child.unref()
  } catch {}
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== 'false' && value !== '0'
}
