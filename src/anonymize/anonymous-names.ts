/**
 * What rows say of addresses and interfaces, hidden: they are grouped, filtered and named by what they really are, and printed as
 * what they shall be. Labels stay where the kind of the address does; `Private Network` would tell the beginning of the real one.
 */
import { formatAddress } from '../decoders/address-text.ts'
import type { EndpointNamer } from '../names/endpoint-names.ts'
import type { Anonymizer } from './anonymizer.ts'

/** Of addresses that become others of their kind. */
const KEPT_LABELS = new Set(['Multicast', 'Link-Local', 'Ethernet'])

export interface AnonymousNames {
  describe(bytes: Uint8Array): {
    readonly address: string
    readonly name: string | null
    readonly source: string | null
  }
  hide(bytes: Uint8Array): Uint8Array
  aliasOf(interfaceName: string): string
}

export function createAnonymousNames(real: Pick<EndpointNamer, 'describe'>, anonymizer: Anonymizer): AnonymousNames {
  return {
    describe(bytes) {
      const { name, source } = real.describe(bytes)
      const hidden = anonymizer.address(bytes)
      const address = formatAddress(hidden)
      if (source !== null) return { address, name: anonymizer.name(name), source }
      return { address, name: KEPT_LABELS.has(name) || isSame(hidden, bytes) ? name : null, source }
    },
    hide: (bytes) => anonymizer.address(bytes),
    aliasOf: (name) => anonymizer.interfaceName(name),
  }
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
