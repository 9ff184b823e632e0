/** What a prefix of `bits` bits keeps of byte `index` of an address. */
export function maskOf(index: number, bits: number): number {
  const kept = Math.min(Math.max(bits - index * 8, 0), 8)
  return (0xff00 >> kept) & 0xff
}
