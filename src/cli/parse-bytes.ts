/** `100MB`, `1.5GiB`, `65536` → bytes. */

/** As tcpdump, editcap and people write them; `KB` never means 1024. */
const BYTES_PER_UNIT: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1e3,
  kb: 1e3,
  m: 1e6,
  mb: 1e6,
  g: 1e9,
  gb: 1e9,
  t: 1e12,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
}

/** A whole number of bytes. Throws an Error otherwise. */
export function parseBytes(text: string): number {
  const match = /^(\d{1,15}(?:\.\d{1,6})?)\s*([a-z]*)$/i.exec(text)
  const unit = match?.[2]?.toLowerCase()
  if (match === null || unit === undefined || !Object.hasOwn(BYTES_PER_UNIT, unit)) {
    throw new Error(`'${text}' is not a size; write it like 500kB, 100MB, 1.5GB or 64MiB`)
  }
  return Math.floor(Number(match[1]) * BYTES_PER_UNIT[unit]!)
}
