/**
 * What every command shares: the one place where errors become a sentence on stderr and an exit code. Floors below raise
 * plain errors in the field's terms and know neither.
 */
import { Command } from '@oclif/core'
import { SourceUnavailable } from '../capture/source.ts'
import { FilterError } from '../filter/filter-error.ts'
import { printable } from '../loggers/printable.ts'
import { CaptureError } from '../node/capture-errors.ts'
import { exitCodeOfCapture } from './capture-advice.ts'
import { CommandError, EXIT_NOT_A_CAPTURE, EXIT_RUNTIME_ERROR, EXIT_USAGE } from './exit-codes.ts'

interface OclifError extends Error {
  readonly oclif?: { readonly exit?: number }
  readonly showHelp?: boolean
}

export abstract class BaseCommand extends Command {
  /** One line on stderr. What comes from outside cannot act on the terminal. */
  protected complain(message: string): void {
    process.stderr.write(`netkit: ${printable(message)}\n`)
  }

  override async catch(error: OclifError): Promise<void> {
    const exitCode = exitCodeOf(error)
    if (error.oclif?.exit === 0) return
    this.complain(sentenceOf(error))
    if (error instanceof FilterError) process.stderr.write(`${error.picture}\n`)
    if (error instanceof CaptureError) {
      const { explainCaptureError } = await import('./explain-capture-error.ts')
      for (const line of await explainCaptureError(error)) process.stderr.write(`  ${printable(line)}\n`)
    } else if (exitCode === EXIT_USAGE) this.complain(`try 'netkit ${this.id ?? ''} --help'`)
    if (process.env.NETKIT_DEBUG) {
      for (const line of (error.stack ?? '').split('\n')) process.stderr.write(`${printable(line)}\n`)
    }
    process.exitCode = exitCode
  }
}

function exitCodeOf(error: OclifError): number {
  if (error instanceof CommandError) return error.exitCode
  if (error instanceof CaptureError) return exitCodeOfCapture(error.kind)
  if (error instanceof FilterError) return EXIT_USAGE
  if (error instanceof SourceUnavailable) return EXIT_NOT_A_CAPTURE
  return error.oclif?.exit ?? EXIT_RUNTIME_ERROR
}

/** oclif adds a heading and a hint of its own on other lines; the base command has one hint for all usage errors. */
function sentenceOf(error: OclifError): string {
  if (error instanceof FilterError) return `--filter: ${error.reason}`
  if (error.oclif === undefined) return error.message
  return error.message
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(See more help|The following errors? occurred:$)/.test(line))
    .join('; ')
}
