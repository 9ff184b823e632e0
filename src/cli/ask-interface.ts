/** Lists the interfaces on the terminal and asks which. stdout stays free for the answer to the real question. */
import { createInterface } from 'node:readline/promises'
import { columnLines } from '../loggers/columns.ts'
import { printable } from '../loggers/printable.ts'
import { defaultInterface, type InterfaceInfo, listInterfaces } from '../node/interfaces.ts'
import { CommandError, EXIT_CANNOT_CAPTURE, EXIT_USAGE } from './exit-codes.ts'

export async function askInterface(): Promise<string> {
  const [all, preferred] = await Promise.all([listInterfaces(), defaultInterface()])
  const interfaces = all.filter(({ kind, up }) => kind !== 'pseudo' && up !== false)
  if (interfaces.length === 0) throw new CommandError('there is no interface to capture on', EXIT_CANNOT_CAPTURE)
  const suggested = interfaces.find(({ name, friendlyName }) => preferred === name || preferred === friendlyName)
  const { stdin: input, stderr: output } = process
  output.write(`${columnLines(interfaces.map(cellsOf)).join('\n')}\n`)

  const asking = createInterface({ input, output })
  // Ctrl-C and Ctrl-D end the question; nothing was asked of the program yet.
  const given_up = new AbortController()
  asking.once('close', () => given_up.abort())
  try {
    const hint = suggested === undefined ? '' : ` [${printable(suggested.name)}]`
    while (true) {
      const answer = (
        await asking.question(`Interface, by number or name${hint}: `, { signal: given_up.signal })
      ).trim()
      const found = answer === '' ? suggested : interfaces.find((one) => isMeant(one, answer))
      if (found !== undefined) return found.name
      output.write(answer === '' ? '' : `There is no ${printable(answer)} among them.\n`)
    }
  } catch (error) {
    if (!given_up.signal.aborted) throw error
    output.write('\n')
    throw new CommandError('no interface was chosen', EXIT_USAGE)
  } finally {
    asking.close()
  }
}

function cellsOf({ number, name, friendlyName, addresses }: InterfaceInfo): string[] {
  const friendly = friendlyName === null ? '' : ` (${friendlyName})`
  return [`${String(number).padStart(3)}.`, printable(name + friendly), addresses.join(' ')]
}

function isMeant({ number, name, friendlyName }: InterfaceInfo, answer: string): boolean {
  return answer === name || answer === friendlyName || answer === String(number)
}
