/**
 * The ways that our own DNS questions go → a capture filter, pcap-filter(7), for their frames: questions, answers, and the ICMP
 * errors that quote a question.
 *
 * It names both ends, not just our port: among the traffic of a whole network somebody else uses the same port. Hosts and
 * lengths come first: a filter that reads beyond the end of a frame refuses the frame, and damaged ones are to be seen too.
 */
import type { DnsPath } from './dns-client.ts'

export function lookupFilter(paths: readonly DnsPath[]): string {
  return paths.map(filterOf).join(' or ')
}

function filterOf({ address, port, localPort }: DnsPath): string {
  const datagrams = `(greater 60 and host ${address} and udp port ${port} and udp port ${localPort})`
  return `${datagrams} or (${address.includes(':') ? quotedIpv6(localPort, port) : quotedIpv4(localPort, port)})`
}

/** Destination unreachable (RFC 792), with our UDP header behind an IPv4 header of 20 bytes. */
function quotedIpv4(from: number, to: number): string {
  return `greater 70 and icmp[0] = 3 and icmp[17] = 17 and icmp[28:2] = ${from} and icmp[30:2] = ${to}`
}

/** Destination unreachable (RFC 4443 §3.1). By offsets from the IPv6 header: libpcap knows icmp6[] only since 1.9. */
function quotedIpv6(from: number, to: number): string {
  return `greater 106 and ip6[6] = 58 and ip6[40] = 1 and ip6[54] = 17 and ip6[88:2] = ${from} and ip6[90:2] = ${to}`
}

/**
 * What `filter` lets through, without that. The user's part comes last: words such as `vlan` change the meaning of all that
 * follows them.
 */
export function withoutLookups(lookups: string, filter: string | undefined): string {
  const wanted = filter?.trim() ? ` and (${filter})` : ''
  return `not (${lookups})${wanted}`
}
