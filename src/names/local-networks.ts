/** Which addresses are ours: the networks of `--local`, or whatever is private, loopback or link-local. */
import ipaddr from 'ipaddr.js'
import { labelAddress } from './labels.ts'

export interface LocalNetworks {
  /** In CIDR, as they were given; null: by the kind of address. */
  readonly networks: readonly string[] | null
  /** Of 4 or 16 bytes. Groups of hosts count as ours: nobody sends to a multicast or broadcast address behind a router of his own. */
  isLocal(address: Uint8Array): boolean
}

const LOCAL_LABELS = new Set(['Private Network', 'Localhost', 'Link-Local', 'Unspecified', 'This Network'])
const GROUP_LABELS = new Set(['Multicast', 'Broadcast'])

export const LOCAL_BY_KIND: LocalNetworks = {
  networks: null,
  isLocal(address) {
    const label = labelAddress(address)
    return LOCAL_LABELS.has(label) || GROUP_LABELS.has(label)
  },
}

/** `192.168.0.0/16,2001:db8::/32`; an address without a prefix is a network of one. Throws an Error that names what is none. */
export function parseLocalNetworks(text: string): LocalNetworks {
  const networks = text.split(',').map((part) => part.trim())
  const tests = networks.map(networkTest)
  return {
    networks: networks.map((network) =>
      network.includes('/') ? network : `${network}/${network.includes(':') ? 128 : 32}`,
    ),
    isLocal: (address) => tests.some((isIn) => isIn(address)) || GROUP_LABELS.has(labelAddress(address)),
  }
}

function networkTest(text: string): (address: Uint8Array) => boolean {
  const isCidr = text.includes('/') && ipaddr.isValidCIDR(text)
  // ipaddr.js takes 10 and 0x7f.1 for addresses, which nobody means by them.
  const isAddress =
    !text.includes('/') && (text.includes(':') ? ipaddr.IPv6.isValid(text) : ipaddr.IPv4.isValidFourPartDecimal(text))
  if (!isCidr && !isAddress) throw new Error(`'${text}' is no network: write 192.168.0.0/16 or 2001:db8::/32`)
  const [network, prefix] = isCidr ? ipaddr.parseCIDR(text) : [ipaddr.parse(text), text.includes(':') ? 128 : 32]
  const bytes = network.toByteArray()
  return (address) => address.length === bytes.length && samePrefix(address, bytes, prefix)
}

function samePrefix(a: Uint8Array, b: readonly number[], prefix: number): boolean {
  for (let i = 0, bits = prefix; bits > 0; i++, bits -= 8) {
    const mask = bits >= 8 ? 0xff : (0xff00 >> bits) & 0xff
    if (((a[i]! ^ b[i]!) & mask) !== 0) return false
  }
  return true
}
