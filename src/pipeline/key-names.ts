/** Names of addresses, and of the interfaces of one parser: all that the keys of rows are written with. */
import type { Parser } from '../capture/parser.ts'
import type { KeyNames } from '../engine/key-parts.ts'

/** `names` may learn names while frames are read. */
export function keyNamesOf(names: Pick<KeyNames, 'describe' | 'nameOf' | 'nameSource'>, parser: Parser): KeyNames {
  return {
    describe: (bytes) => names.describe(bytes),
    ...(names.nameOf !== undefined && { nameOf: (bytes) => names.nameOf!(bytes) }),
    get nameSource() {
      return names.nameSource ?? null
    },
    interfaceName: (id) => parser.interface(id).name,
  }
}
