/** Bytes that fail → fewer and plainer bytes that still fail: runs left out, halves first, then bytes set to zero. */

/** `fails` is asked at most so often. */
const MOST_TRIES = 3000

export async function minimise(bytes: Uint8Array, fails: (bytes: Uint8Array) => Promise<boolean>): Promise<Uint8Array> {
  let best = bytes
  let tries = 0
  const isBetter = async (candidate: Uint8Array) => {
    if (tries++ >= MOST_TRIES || !(await fails(candidate))) return false
    best = candidate
    return true
  }
  for (let length = best.length >> 1; length >= 1; length >>= 1) {
    for (let at = 0; at < best.length; ) {
      if (!(await isBetter(Buffer.concat([best.subarray(0, at), best.subarray(at + length)])))) at += length
    }
  }
  for (let at = 0; at < best.length; at++) {
    if (best[at] !== 0) await isBetter(best.map((byte, i) => (i === at ? 0 : byte)))
  }
  return new Uint8Array(best)
}
