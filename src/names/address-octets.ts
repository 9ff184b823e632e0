/** The text of an IP address → its bytes in network order; null for any other text, MAC addresses among them. */
import ipaddr from 'ipaddr.js'

export function addressOctets(text: string): number[] | null {
  // Shorter forms that ipaddr.js takes (10.1, octal) are not what formatAddress writes.
  if (text.includes(':') ? !ipaddr.IPv6.isValid(text) : !ipaddr.IPv4.isValidFourPartDecimal(text)) return null
  return ipaddr.parse(text).toByteArray()
}
