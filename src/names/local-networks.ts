/** Which addresses are ours: the networks of `--local`, or whatever is private, loopback or link-local. */
import ipaddr from 'ipaddr.js'
import { addressOctets } from './address-octets.ts'
import { labelAddress } from './labels.ts'
import { maskOf } from './prefix-mask.ts'

export interface LocalNetworks {
  /** In CIDR, as they were given; null: by the kind of address. */
  readonly networks: readonly string[] | null
  /** Of 4 or 16 bytes. Groups of hosts count as ours: nobody sends to a multicast or broadcast address behind a router of his own. */
  isLocal(address: Uint8Array): boolean
}

/** Groups of hosts: what is sent to them stays where it is sent. */
export const GROUP_LABELS: ReadonlySet<string> = new Set(['Multicast', 'Broadcast'])
/** Of addresses that mean something in this network only. */
export const LOCAL_LABELS: ReadonlySet<string> = new Set([
  'Private Network',
  'Localhost',
  'Link-Local',
  'Unspecified',
  'This Network',
  ...GROUP_LABELS,
])

export const LOCAL_BY_KIND: LocalNetworks = {
  networks: null,
  isLocal: (address) => LOCAL_LABELS.has(labelAddress(address)),
}

/** `192.168.0.0/16,2001:db8::/32`; an address without a prefix is a network of one. Throws an Error that names what is none. */
export function parseLocalNetworks(text: string): LocalNetworks {
  const networks = text.split(',').map((part) => parseNetwork(part.trim()))
  return {
    networks: networks.map(({ cidr }) => cidr),
    isLocal: (address) => networks.some((network) => isIn(network, address)) || GROUP_LABELS.has(labelAddress(address)),
  }
}

interface Network {
  readonly cidr: string
  readonly octets: readonly number[]
  readonly prefix: number
}

function parseNetwork(text: string): Network {
  const address = addressOctets(text)
  if (address !== null) return { cidr: `${text}/${8 * address.length}`, octets: address, prefix: 8 * address.length }
  if (!text.includes('/') || !ipaddr.isValidCIDR(text)) {
    throw new Error(`'${text}' is no network: write 192.168.0.0/16 or 2001:db8::/32`)
  }
  const [network, prefix] = ipaddr.parseCIDR(text)
  return { cidr: text, octets: network.toByteArray(), prefix }
}

function isIn({ octets, prefix }: Network, address: Uint8Array): boolean {
  return (
    address.length === octets.length && octets.every((octet, i) => ((octet ^ address[i]!) & maskOf(i, prefix)) === 0)
  )
}
