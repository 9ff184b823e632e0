/** ENTER on the terminal, as the way to say "enough". */
import { isInForeground } from './foreground.ts'

/** Where looking takes a process of its own, less often. */
const BACKGROUND_MS = process.platform === 'linux' ? 500 : 5000

/** Calls back at the first line. Gives what ends listening, or null when there is nobody to type: stdin is no terminal. */
export function onEnter(callback: () => void): (() => void) | null {
  const { stdin } = process
  if (!stdin.isTTY) return null
  let timer: NodeJS.Timeout | undefined
  const stop = () => {
    clearTimeout(timer)
    process.off('SIGCONT', listen)
    stdin.off('data', enter)
    stdin.pause()
  }
  const enter = (data: Buffer | string) => {
    if (!data.includes('\n') && !data.includes('\r')) return
    stop()
    callback()
  }
  // In the background what is typed is the shell's, and a process that reads it anyway is stopped (SIGTTIN).
  const listen = () => {
    clearTimeout(timer)
    if (isInForeground()) return void stdin.resume()
    stdin.pause()
    // `fg` says nothing to a process that was not stopped.
    timer = setTimeout(listen, BACKGROUND_MS).unref()
  }
  stdin.on('error', stop)
  stdin.on('data', enter)
  process.on('SIGCONT', listen)
  listen()
  return stop
}
