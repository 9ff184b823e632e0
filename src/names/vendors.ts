/**
 * MAC addresses to who made the interface, by the IEEE registries as build/vendors.txt has them: sorted lines of a prefix (6, 7 or
 * 9 hex digits) and a name. They are searched as text: 54 000 lines are read for a few addresses, and a map of them would cost more.
 */

export interface Vendors {
  /** By the text of formatAddress. Null for what is no MAC address, and for a prefix that nobody has registered. */
  vendorOf(mac: string): string | null
}

export const BROADCAST = '(broadcast)'
export const MULTICAST = '(multicast)'
/** Chosen by a person or a program: virtual machines, containers, phones that hide theirs. */
export const LOCAL = '(locally administered)'

/** Longest first: MA-S and MA-M are parts of prefixes of MA-L that belong to the registry itself. */
const PREFIX_DIGITS = [9, 7, 6] as const
const MAC = /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/
/** Of the first octet (IEEE 802-2014 §8.2.2). */
const GROUP_BIT = 1
const LOCAL_BIT = 2

export function createVendors(text: string): Vendors {
  return {
    vendorOf(mac) {
      if (!MAC.test(mac)) return null
      const digits = mac.replaceAll(':', '')
      if (digits === 'ffffffffffff') return BROADCAST
      const first = Number.parseInt(digits.slice(0, 2), 16)
      if ((first & GROUP_BIT) !== 0) return MULTICAST
      for (const length of PREFIX_DIGITS) {
        const name = findName(text, digits.slice(0, length))
        if (name !== null) return name
      }
      // Some such prefixes are older than the bit's meaning, and registered.
      return (first & LOCAL_BIT) !== 0 ? LOCAL : null
    },
  }
}

/** Binary search over lines: `start` and `end` are where lines begin. */
function findName(text: string, prefix: string): string | null {
  let start = text.startsWith('#') ? text.indexOf('\n') + 1 : 0
  let end = text.length
  while (start < end) {
    const line = text.lastIndexOf('\n', ((start + end) >>> 1) - 1) + 1
    const begin = Math.max(line, start)
    const newline = text.indexOf('\n', begin)
    const stop = newline === -1 ? text.length : newline
    const space = text.indexOf(' ', begin)
    const found = text.slice(begin, space === -1 || space > stop ? stop : space)
    if (found === prefix) return text.slice(begin + found.length + 1, stop)
    if (found < prefix) start = stop + 1
    else end = begin
  }
  return null
}
