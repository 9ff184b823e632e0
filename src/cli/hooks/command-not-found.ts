/** An unknown command: one sentence like every other usage error, and what there is. */
import type { Hook } from '@oclif/core'
import { printable } from '../../loggers/printable.ts'
import { EXIT_USAGE } from '../exit-codes.ts'

const hook: Hook.CommandNotFound = async ({ id, config }) => {
  // oclif joins the words it could not place with colons.
  const word = printable(id.split(':')[0] ?? id)
  const commands = config.commands.filter(({ hidden }) => !hidden).map((command) => command.id)
  process.stderr.write(`netkit: no command '${word}'; there are ${commands.sort().join(', ')}\n`)
  process.exit(EXIT_USAGE)
}

export default hook
