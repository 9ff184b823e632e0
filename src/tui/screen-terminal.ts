/**
 * A terminal in screen mode, and back: when asked, when the process ends in any way that it can notice, and for the time that
 * it is stopped (Ctrl-Z).
 */
import { emitKeypressEvents, type Interface } from 'node:readline'
import type { ReadStream, WriteStream } from 'node:tty'
import type { Key } from './choices.ts'
import { ENTER_SCREEN, LEAVE_SCREEN } from './painter.ts'

export interface TerminalEvents {
  key(key: Key): void
  /** Another size, or another picture in the way: all is to be drawn again. */
  redraw(): void
  /** The terminal is gone, or somebody ends the process. */
  end(): void
  /** An error that nobody caught. */
  fail(error: unknown): void
}

/** Esc alone is Esc after so long; until then it may begin the sequence of an arrow. */
const ESCAPE_MS = 50
/** A process that nobody can stop (its group is orphaned) goes on after this. */
const STOP_MS = 200

const END_SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP']

export class ScreenTerminal {
  readonly #stdin: ReadStream
  readonly #stdout: WriteStream
  readonly #events: TerminalEvents
  #entered = false
  #isFull = false
  #resumeTimer: NodeJS.Timeout | undefined

  constructor(stdin: ReadStream, stdout: WriteStream, events: TerminalEvents) {
    this.#stdin = stdin
    this.#stdout = stdout
    this.#events = events
  }

  get columns(): number {
    return this.#stdout.columns || 80
  }

  get rows(): number {
    return this.#stdout.rows || 24
  }

  /** Takes the terminal, until {@link close}. */
  open(): void {
    // Typed as an interface of readline, of which it reads nothing else.
    emitKeypressEvents(this.#stdin, { escapeCodeTimeout: ESCAPE_MS } as unknown as Interface)
    this.#stdin.on('keypress', this.#onKey)
    this.#stdin.on('end', this.#events.end)
    this.#stdin.on('error', this.#events.end)
    this.#stdout.on('resize', this.#events.redraw)
    this.#stdout.on('drain', this.#onDrain)
    this.#stdout.on('error', this.#events.end)
    for (const signal of END_SIGNALS) process.on(signal, this.#events.end)
    process.on('SIGTSTP', this.suspend)
    process.on('SIGCONT', this.#resume)
    process.on('uncaughtException', this.#events.fail)
    process.on('exit', this.#leave)
    this.#enter()
  }

  /** Gives the terminal back as it was. A second call does nothing. */
  close(): void {
    clearTimeout(this.#resumeTimer)
    this.#leave()
    this.#stdin.off('keypress', this.#onKey)
    this.#stdin.off('end', this.#events.end)
    this.#stdin.off('error', this.#events.end)
    this.#stdin.pause()
    this.#stdout.off('resize', this.#events.redraw)
    this.#stdout.off('drain', this.#onDrain)
    this.#stdout.off('error', this.#events.end)
    for (const signal of END_SIGNALS) process.off(signal, this.#events.end)
    process.off('SIGTSTP', this.suspend)
    process.off('SIGCONT', this.#resume)
    process.off('uncaughtException', this.#events.fail)
    process.off('exit', this.#leave)
  }

  /** False while the terminal has not taken what was written before: then nothing more should be. */
  get ready(): boolean {
    return this.#entered && !this.#isFull
  }

  write(text: string): void {
    if (text !== '' && !this.#stdout.write(text)) this.#isFull = true
  }

  /** Ctrl-Z: the whole job stops, as the terminal itself would have done it, and `fg` brings the screen back. */
  readonly suspend = (): void => {
    this.#leave()
    // With a listener the signal would stop nobody.
    process.off('SIGTSTP', this.suspend)
    if (process.platform !== 'win32') process.kill(0, 'SIGTSTP')
    clearTimeout(this.#resumeTimer)
    this.#resumeTimer = setTimeout(this.#resume, STOP_MS)
  }

  readonly #resume = (): void => {
    if (this.#entered) return
    process.on('SIGTSTP', this.suspend)
    this.#enter()
    this.#events.redraw()
  }

  readonly #onKey = (_text: string | undefined, key: Key): void => this.#events.key(key)

  readonly #onDrain = (): void => {
    this.#isFull = false
    this.#events.redraw()
  }

  #enter(): void {
    this.#entered = true
    this.#stdin.setRawMode(true)
    this.#stdin.resume()
    this.#stdout.write(ENTER_SCREEN)
  }

  readonly #leave = (): void => {
    if (!this.#entered) return
    this.#entered = false
    try {
      this.#stdin.setRawMode(false)
      this.#stdout.write(LEAVE_SCREEN)
    } catch {
      // A terminal that is gone needs nothing back.
    }
  }
}
