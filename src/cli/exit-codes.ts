/** What the exit status says to scripts. Documented in README; additions only. */
export const EXIT_OK = 0
export const EXIT_RUNTIME_ERROR = 1
export const EXIT_USAGE = 2
/** What was asked for does not hold: `check` found more than notes, a budget of `analyze --assert` is broken. */
export const EXIT_ASSERTION_FAILED = 3
/**
 * The machine must be changed before it can be captured on: no tool, no permission, an interface that is down. What was asked
 * wrongly (no such interface, a bad filter) is 2; a capture that fails while it runs (interface gone, tool killed) is 1.
 */
export const EXIT_CANNOT_CAPTURE = 4
export const EXIT_NOT_A_CAPTURE = 5
export const EXIT_DAMAGED_CAPTURE = 6
export const EXIT_INTERRUPTED_TWICE = 130

/** An error of the user's terms with its exit status. The message is one sentence, for stderr. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  readonly exitCode: number

  constructor(message: string, exitCode: number) {
    super(message)
    this.exitCode = exitCode
  }
}

export function usageError(message: string): CommandError {
  return new CommandError(message, EXIT_USAGE)
}
