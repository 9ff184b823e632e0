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

/** A word behind the name of one that takes none is its mistake, and not, as oclif has it, a command of a longer name. */
export const COMMANDS: readonly string[] = [
  'analyze',
  'check',
  'diff',
  'doctor',
  'interfaces',
  'live',
  'log',
  'report',
  'sql',
  'traffic',
  'web',
  'worker',
]

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
  if (!COMMANDS.includes(name) || asksForHelp(rest) || process.env.DEBUG !== undefined) return false
  const { default: Command } = (await import(new URL(`../build/commands/${name}.js`, entry).href)) as CommandModule
  Command.id = name
  await Command.run(rest, CONFIG)
  return true
}

/** As oclif does, which does not know yet what is the value of a flag. */
function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--')
  return args.slice(0, end === -1 ? undefined : end).some((arg) => HELP_FLAGS.includes(arg))
}
