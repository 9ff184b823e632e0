/** An interface as people name it: by its name, or by its number in `netkit interfaces`, which is that of `dumpcap -D`. */
import { CaptureError } from '../node/capture-errors.ts'
import { listInterfaces } from '../node/interfaces.ts'

/** Its name. A number that is also the name of an interface is the name. */
export async function interfaceName(nameOrNumber: string): Promise<string> {
  if (!/^\d{1,9}$/.test(nameOrNumber)) return nameOrNumber
  const interfaces = await listInterfaces()
  const found =
    interfaces.find(({ name }) => name === nameOrNumber) ??
    interfaces.find(({ number }) => number === Number(nameOrNumber))
  if (found === undefined) throw new CaptureError('no-such-interface', `there is no interface ${nameOrNumber}`)
  return found.name
}
