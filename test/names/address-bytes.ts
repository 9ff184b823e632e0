/** Address text to bytes, and bytes to the number they spell: the slow way back, for tests. */

/** Bytes of `192.0.2.1`, `2001:db8::1` or `aa:bb:cc:dd:ee:ff`. The text has to be right. */
export function addressBytes(text: string): Uint8Array {
  if (/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(text))
    return Uint8Array.from(text.split(':'), (octet) => parseInt(octet, 16))
  if (!text.includes(':')) return Uint8Array.from(text.split('.'), Number)
  const [head = '', tail] = text.split('::')
  const left = groups(head)
  const right = groups(tail ?? '')
  const zeros: number[] = new Array(tail === undefined ? 0 : 8 - left.length - right.length).fill(0)
  return Uint8Array.from([...left, ...zeros, ...right].flatMap((group) => [group >> 8, group & 0xff]))
}

function groups(text: string): number[] {
  if (text === '') return []
  return text.split(':').map((group) => parseInt(group, 16))
}

export function toNumber(bytes: Uint8Array): bigint {
  return bytes.reduce((value, octet) => (value << 8n) | BigInt(octet), 0n)
}

export function fromNumber(value: bigint, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => Number((value >> BigInt(8 * (length - 1 - i))) & 0xffn))
}
