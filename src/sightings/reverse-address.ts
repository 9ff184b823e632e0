/** A name under in-addr.arpa or ip6.arpa → the address that it asks about (RFC 1035 §3.5, RFC 3596 §2.5). */

const IPV4_END = '.in-addr.arpa'
const IPV6_END = '.ip6.arpa'

/** 4 or 16 bytes; null for any other name, and for one of a network. Takes small letters only. */
export function addressOfReverseName(name: string): Uint8Array | null {
  if (name.endsWith(IPV4_END)) return readIpv4(name.slice(0, -IPV4_END.length))
  return name.endsWith(IPV6_END) ? readIpv6(name.slice(0, -IPV6_END.length)) : null
}

function readIpv4(digits: string): Uint8Array | null {
  if (!/^\d{1,3}(?:\.\d{1,3}){3}$/.test(digits)) return null
  const octets = digits.split('.').map(Number).reverse()
  return octets.some((octet) => octet > 255) ? null : Uint8Array.from(octets)
}

function readIpv6(digits: string): Uint8Array | null {
  if (digits.length !== 63 || !/^[\da-f](?:\.[\da-f]){31}$/.test(digits)) return null
  const nibbles = digits.split('.').map((digit) => Number.parseInt(digit, 16))
  return Uint8Array.from({ length: 16 }, (_, i) => (nibbles[31 - 2 * i]! << 4) | nibbles[30 - 2 * i]!)
}
