/** Text in the format of /etc/hosts (hosts(5)) → its names: an address, names behind it, `#` and a comment. */
import ipaddr from 'ipaddr.js'
import { readNameText } from './name-text.ts'
import type { OnName } from './sighting.ts'

const encoder = new TextEncoder()

/** The names of a line in their order: the canonical one is first. Lines that are none say nothing. */
export function readHostsFile(text: string, onName: OnName): void {
  // Lists that block hosts have one address on a hundred thousand lines.
  let last = ''
  let bytes: Uint8Array | null = null
  for (const [line] of text.matchAll(/[^\r\n]+/g)) {
    const [address, ...names] = line.replace(/#.*/, '').trim().split(/\s+/)
    if (address !== last) bytes = parseAddress(address!)
    last = address!
    if (bytes === null) continue
    for (const word of names) {
      const encoded = encoder.encode(word)
      const name = readNameText(encoded, 0, encoded.length)
      if (name !== null) onName(bytes, name, 'hosts')
    }
  }
}

/** Without the zone that a link-local address may have: `fe80::1%lo0`. 0.0.0.0 and :: are nobody's. */
function parseAddress(text: string): Uint8Array | null {
  const address = text.replace(/%.*/, '')
  if (!ipaddr.IPv4.isValidFourPartDecimal(address) && !ipaddr.IPv6.isValid(address)) return null
  const bytes = Uint8Array.from(ipaddr.parse(address).toByteArray())
  return bytes.some((byte) => byte !== 0) ? bytes : null
}
