/** `20M`, `500k`, `1.5Mbit/s`, `64000` → bits per second, for flags such as --rate. */

/** SI only: in rates 1024 is never called k. */
const FACTORS: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9, t: 1e12 }

/** More than 0. Throws an Error otherwise. */
export function parseBitRate(text: string): number {
  // Where the letters could mean bytes (`20MB/s`) nothing is guessed.
  const match = /^(\d+(?:\.\d+)?)\s*([kmgt]?)(?:bps|bit\/s|bits\/s)?$/i.exec(text.trim())
  if (match === null || /B\/|Bps$/.test(text)) {
    throw new Error(`'${text}' is not a rate in bits per second; write it like 500k, 20M, 1.5G or 64000`)
  }
  const bitsPerSecond = Number(match[1]) * FACTORS[match[2]!.toLowerCase()]!
  if (!(bitsPerSecond > 0)) throw new Error(`'${text}' is zero; a rate is more than zero`)
  return bitsPerSecond
}
