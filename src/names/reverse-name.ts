/** The text of an IP address → the domain name under which DNS keeps the name of its host. */
import ipaddr from 'ipaddr.js'

/**
 * `192.0.2.1` → `1.2.0.192.in-addr.arpa` (RFC 1035 §3.5), IPv6 by hex digits under `ip6.arpa` (RFC 3596 §2.5); null for what
 * is no IP address. An IPv4-mapped address stands for the IPv4 host inside, as it does for its label.
 */
export function reverseName(address: string): string | null {
  if (!ipaddr.IPv4.isValidFourPartDecimal(address) && !ipaddr.IPv6.isValid(address)) return null
  const bytes = ipaddr.process(address).toByteArray().reverse()
  if (bytes.length === 4) return `${bytes.join('.')}.in-addr.arpa`
  const digits = bytes.flatMap((byte) => [byte & 0xf, byte >> 4])
  return `${digits.map((digit) => digit.toString(16)).join('.')}.ip6.arpa`
}
