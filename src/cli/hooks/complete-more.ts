/** After `netkit autocomplete`, which writes the shell functions: adds what the plugin does not know. Otherwise nothing. */
import type { Hook } from '@oclif/core'

const hook: Hook.Postrun = async ({ Command, config }) => {
  // The second one is run by updates.
  if (Command.id !== 'autocomplete' && Command.id !== 'autocomplete:create') return
  const [{ appendFile, readFile, writeFile }, { join }, { addToBash, changeForZsh }] = await Promise.all([
    import('node:fs/promises'),
    import('node:path'),
    import('../completion.ts'),
  ])
  const { bin, cacheDir, commands } = config
  const functions = join(cacheDir, 'autocomplete', 'functions')
  const zsh = join(functions, 'zsh', `_${bin}`)
  await appendFile(join(functions, 'bash', `${bin}.bash`), addToBash(bin, commands))
  await writeFile(zsh, changeForZsh(bin, commands, await readFile(zsh, 'utf8')))
}

export default hook
