/** Other people's tools as witnesses, where they are installed. */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Why tests with these tools cannot run; null when all of them are installed. */
export function missingTools(...tools: readonly string[]): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const missing = tools.filter((tool) => !folders.some((folder) => existsSync(join(folder, tool))))
  return missing.length === 0 ? null : `not installed: ${missing.join(', ')}`
}

/** Standard output of a tool. */
export function output(tool: string, args: readonly string[]): string {
  return execFileSync(tool, args, { encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'ignore'] })
}
