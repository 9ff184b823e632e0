/** Names of addresses, and of the interfaces of one parser: all that the keys of rows are written with. */
import type { Parser } from '../capture/parser.ts'
import type { KeyNames } from '../engine/key-parts.ts'

/** What is known of addresses before there is a parser. */
export interface GivenNames extends Pick<KeyNames, 'describe' | 'nameOf' | 'nameSource' | 'hide'> {
  /** What is printed in place of an interface's name. Left out: the name. */
  aliasOf?(interfaceName: string): string
}

/** `names` may learn names while frames are read. */
export function keyNamesOf(names: GivenNames, parser: Parser): KeyNames {
  return {
    ...keyNamesByDescription(names, parser),
    ...(names.nameOf !== undefined && { nameOf: (bytes) => names.nameOf!(bytes) }),
    get nameSource() {
      return names.nameSource ?? null
    },
  }
}

/** Of an address whose name may be another one in the next row. */
export function keyNamesByDescription(names: GivenNames, parser: Parser): KeyNames {
  return {
    describe: (bytes) => names.describe(bytes),
    ...(names.hide !== undefined && { hide: (bytes) => names.hide!(bytes) }),
    interfaceName(id) {
      const { name } = parser.interface(id)
      return name === null || names.aliasOf === undefined ? name : names.aliasOf(name)
    },
  }
}
