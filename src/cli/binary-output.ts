/** Formats that are no text, and what comes of it. */
import { isStdout } from '../node/output.ts'
import { usageError } from './exit-codes.ts'

/** They would be noise on a terminal, and may even change what it does. */
export function refuseTerminal(format: 'parquet' | 'pcapng', output: string | undefined): void {
  if (!isStdout(output) || !process.stdout.isTTY) return
  throw usageError(`--format ${format}: not onto a terminal; name a file with -o, or send it into a pipe`)
}
