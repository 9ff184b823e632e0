/** The text of an address in a filter to bytes: IPv4 of one to four numbers, IPv6, Ethernet. Null: it is none. */

/** The number, left in 32 bits as a network would be (`10.1` is 10.1.0.0), and how many bits were written. */
export function readIpv4(text: string): { readonly number: number; readonly bits: number } | null {
  const parts = text.split('.')
  let number = 0
  for (const part of parts) {
    const octet = /^0[0-9]/.test(part) && !/[89]/.test(part) ? Number.parseInt(part, 8) : Number(part)
    if (!(octet <= 255) || /^0[0-9]*[89]/.test(part)) return null
    number = number * 256 + octet
  }
  const bits = 8 * parts.length
  return { number: (number * 2 ** (32 - bits)) >>> 0, bits }
}

/** Four words of 32 bits. */
export function readIpv6(text: string): number[] | null {
  const [before = '', after, more] = text.split('::')
  if (more !== undefined) return null
  const head = readGroups(before)
  const tail = after === undefined ? [] : readGroups(after)
  if (head === null || tail === null) return null
  const missing = 8 - head.length - tail.length
  if (after === undefined ? missing !== 0 : missing < 1) return null
  const groups = [...head, ...new Array<number>(missing).fill(0), ...tail]
  return [0, 2, 4, 6].map((i) => (groups[i]! * 0x10000 + groups[i + 1]!) >>> 0)
}

function readGroups(text: string): number[] | null {
  if (text === '') return []
  const groups: number[] = []
  for (const part of text.split(':')) {
    if (part.includes('.')) {
      if (!/^\d+(\.\d+){3}$/.test(part)) return null
      const address = readIpv4(part)
      if (address === null) return null
      groups.push(address.number >>> 16, address.number & 0xffff)
    } else if (/^[0-9A-Fa-f]{1,4}$/.test(part)) groups.push(Number.parseInt(part, 16))
    else return null
  }
  return groups
}

export function readMac(text: string): number[] {
  const parts = /[:\-.]/.test(text) ? text.split(/[:\-.]/) : [text]
  const width = parts.length === 6 ? 2 : 12 / parts.length
  return parts.flatMap((part) => {
    const padded = part.padStart(width, '0')
    return Array.from({ length: width / 2 }, (_, i) => Number.parseInt(padded.slice(2 * i, 2 * i + 2), 16))
  })
}
