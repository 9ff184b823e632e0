/** What the exit status says to scripts. Documented in README; additions only. */
export const EXIT_OK = 0
export const EXIT_RUNTIME_ERROR = 1
export const EXIT_USAGE = 2
/** 3: an assertion failed; 4: no capture tool, or no permission to capture. */
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
