/** The command in this process, for what does not depend on streams: starting one takes half a second. */
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Config } from '@oclif/core'
import Analyze from '../../src/commands/analyze.ts'
import { temporaryFolder } from '../node/fixtures.ts'

export interface HereResult {
  readonly code: number
  /** What was written. */
  readonly text: string
  /** Lines for stderr, without the `netkit: ` before each. */
  readonly complaints: readonly string[]
}

// What the terminal of whoever runs the tests has.
delete process.env.COLUMNS

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = temporaryFolder()
const config = Config.load({ root })
const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/** `netkit analyze ARGS`, whose output goes to a file. */
export async function runHere(args: readonly string[]): Promise<HereResult> {
  const file = join(folder, 'output')
  const listeners = SIGNALS.map((signal) => process.listeners(signal))
  const complaints: string[] = []
  class Here extends Analyze {
    protected override complain(message: string): void {
      complaints.push(message)
    }
  }
  const command = new Here([...args, '-o', file, ...formatOf(args)], await config)
  command.id = 'analyze'
  try {
    await command.run().catch((error) => command.catch(error))
    const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
    return { code: Number(process.exitCode ?? 0), text, complaints }
  } finally {
    process.exitCode = undefined
    rmSync(file, { force: true })
    for (const [i, signal] of SIGNALS.entries()) {
      process.removeAllListeners(signal)
      for (const listener of listeners[i]!) process.on(signal, listener)
    }
  }
}

/** What a run writes that has nothing to complain about. */
export async function analyzeHere(args: readonly string[]): Promise<string> {
  const { code, text, complaints } = await runHere(args)
  if (code !== 0 || complaints.length > 0) throw new Error(`exit code ${code}: ${complaints.join('\n')}`)
  return text
}

/** `output` has no ending: text, as on stdout. */
function formatOf(args: readonly string[]): string[] {
  return args.some((arg) => arg === '-T' || arg === '--format') ? [] : ['-T', 'text']
}
