/** What the terminal allows: colour only on a terminal that wants it, width only of a terminal. */
import { Ansis } from 'ansis'
import type { Style } from '../loggers/logger.ts'
import { isStdout } from '../node/output.ts'

/** A pipe has no edge: one row stays one line, for grep. */
const PIPE_WIDTH = 200
const MIN_WIDTH = 40

/** Bold and dim, or nothing: not for files, not for pipes, not with NO_COLOR (ansis knows the conventions). */
export function terminalStyle(outputFile: string | undefined): Style {
  const ansis = new Ansis(isTerminal(outputFile) ? undefined : 0)
  return { bold: (text) => ansis.bold(text), dim: (text) => ansis.dim(text) }
}

export function terminalWidth(outputFile: string | undefined): number {
  const columns = Number(process.env.COLUMNS) || (isTerminal(outputFile) ? process.stdout.columns : PIPE_WIDTH)
  return Math.max(MIN_WIDTH, columns || PIPE_WIDTH)
}

/** What is written there acts on a terminal. */
export function isTerminal(outputFile: string | undefined): boolean {
  return isStdout(outputFile) && process.stdout.isTTY === true
}

/** A terminal at both ends that can move its cursor: a full screen can be drawn. */
export function hasScreen(): boolean {
  return process.stdin.isTTY === true && process.stdout.isTTY === true && process.env.TERM !== 'dumb'
}
