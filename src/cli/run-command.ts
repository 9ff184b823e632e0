/**
 * A command by itself: its file, and oclif's flags, arguments and errors. Most of a short run had been oclif finding out, from
 * package.json, plugins and a manifest, that `analyze` is the command of that name.
 */
import type { Config } from '@oclif/core'

/** A command's file, as oclif wants it. */
interface CommandModule {
  readonly default: {
    id: string
    run(argv: string[], config: Config): Promise<unknown>
  }
}

/** Those that take arguments: whatever follows the name is theirs. */
export const WITH_ARGUMENTS: readonly string[] = ['analyze', 'check', 'diff', 'live', 'log', 'report', 'sql']
/** Those that take none. To oclif another word behind the name is of the name. */
export const WITH_FLAGS_ONLY: readonly string[] = ['doctor', 'interfaces', 'traffic', 'web', 'worker']

const HELP_FLAGS: readonly string[] = ['--help', '-h']

/** What oclif asks of a configuration when a command runs, where there are no hooks for that. */
const CONFIG = {
  bin: 'netkit',
  runHook: async () => ({ successes: [], failures: [] }),
  scopedEnvVarKeys: (name: string) => [`NETKIT_${name}`],
} as unknown as Config

/** Runs what `argv` names, if it is a plain command; else says so. `entry` is the URL of bin/run.js. */
export async function runCommand(argv: readonly string[], entry: string): Promise<boolean> {
  const [name = '', ...rest] = argv
  if (!isPlain(name, rest) || asksForHelp(rest) || process.env.DEBUG !== undefined) return false
  const { default: Command } = (await import(new URL(`../build/commands/${name}.js`, entry).href)) as CommandModule
  Command.id = name
  await Command.run(rest, CONFIG)
  return true
}

function isPlain(name: string, [first = '-']: readonly string[]): boolean {
  return WITH_ARGUMENTS.includes(name) || (WITH_FLAGS_ONLY.includes(name) && first.startsWith('-'))
}

/** As oclif does, which does not know yet what is the value of a flag. */
function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--')
  return args.slice(0, end === -1 ? undefined : end).some((arg) => HELP_FLAGS.includes(arg))
}
