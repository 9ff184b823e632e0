/**
 * Address bytes to the text that people type: dotted quad, RFC 5952 IPv6, colon-separated MAC.
 */
import ipaddr from 'ipaddr.js'

/**
 * The canonical text of an address in network order. 4 bytes: `192.0.2.1`. 16 bytes: RFC 5952, IPv4-mapped ones with the
 * IPv4 part dotted (§5). Any other length: two lower-case hex digits a byte with colons, which is a MAC address for 6 bytes
 * and '' for none.
 */
export function formatAddress(bytes: Uint8Array): string {
  if (bytes.length === 4) return formatIpv4(bytes, 0)
  if (bytes.length !== 16) return formatOctets(bytes)
  // ipaddr.js prints these as ::ffff:102:304.
  if (isIpv4Mapped(bytes)) return `::ffff:${formatIpv4(bytes, 12)}`
  return new ipaddr.IPv6(toGroups(bytes)).toRFC5952String()
}

/** True for ::ffff:0:0/96 (RFC 4291 §2.5.5.2). */
export function isIpv4Mapped(bytes: Uint8Array): boolean {
  if (bytes.length !== 16 || bytes[10] !== 0xff || bytes[11] !== 0xff) return false
  for (let i = 0; i < 10; i++) {
    if (bytes[i] !== 0) return false
  }
  return true
}

function formatIpv4(bytes: Uint8Array, start: number): string {
  return `${bytes[start]}.${bytes[start + 1]}.${bytes[start + 2]}.${bytes[start + 3]}`
}

function toGroups(bytes: Uint8Array): number[] {
  const groups: number[] = []
  for (let i = 0; i < 16; i += 2) groups.push((bytes[i]! << 8) | bytes[i + 1]!)
  return groups
}

/** Two lower-case hex digits a byte with colons, whatever the length: link-layer addresses. */
export function formatOctets(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i++) {
    const octet = bytes[i]!
    text += `${i === 0 ? '' : ':'}${octet < 16 ? '0' : ''}${octet.toString(16)}`
  }
  return text
}
