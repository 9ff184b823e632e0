/** The first code that runs: `--version` at once, plain commands by themselves, everything else through oclif. */
import { readFileSync } from 'node:fs'
import { arch, platform, release } from 'node:os'
import { runCommand } from './run-command.ts'
import { settle } from './settle.ts'

const VERSION_FLAGS: readonly (string | undefined)[] = ['--version', '-v']

/** `entry` is the URL of bin/run.js; package.json is above its folder. */
export async function start(argv: readonly string[], entry: string): Promise<void> {
  if (VERSION_FLAGS.includes(argv[0]) && !mayBeWsl()) {
    // Whoever does not wait for the answer is no error.
    process.stdout.on('error', () => {})
    process.stdout.write(`${versionOf(new URL('../package.json', entry))}\n`)
    return
  }
  try {
    if (await runCommand(argv, entry)) return await settle()
  } catch (error) {
    const { handle } = await import('@oclif/core/handle')
    return handle(error as Error)
  }
  const { execute } = await import('@oclif/core/execute')
  await execute({ args: [...argv], dir: entry })
}

/** What oclif answers to --version. Asking it takes as long again as starting Node. */
function versionOf(packageFile: URL): string {
  const { name, version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { name: string; version: string }
  return `${name}/${version} ${platform()}-${arch()} node-${process.version}`
}

/** oclif has a name of its own for Linux in Windows, and many a way to find out. */
function mayBeWsl(): boolean {
  return process.env.WSL_DISTRO_NAME !== undefined || /microsoft/i.test(release())
}
