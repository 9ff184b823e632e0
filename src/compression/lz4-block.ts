/** One LZ4 block to the bytes in it (lz4_Block_format.md of lz4 1.9). */

const MIN_MATCH = 4
/** Shorter runs are copied in a loop: a call into the engine costs more than they do. */
const LOOP_LIMIT = 24

/**
 * Decodes the block `source` to `target` from `start` on and returns where the bytes end; -1 when the block is malformed or
 * would not fit. Matches reach back to `floor`, not beyond.
 */
export function decodeLz4Block(source: Uint8Array, target: Uint8Array, start: number, floor: number): number {
  const sourceEnd = source.length
  let from = 0
  let to = start
  while (from < sourceEnd) {
    const token = source[from++]!

    let literals = token >> 4
    if (literals === 15) {
      let more = 255
      while (more === 255) {
        if (from >= sourceEnd) return -1
        more = source[from++]!
        literals += more
      }
    }
    if (literals > sourceEnd - from || literals > target.length - to) return -1
    if (literals < LOOP_LIMIT) for (let i = 0; i < literals; i++) target[to + i] = source[from + i]!
    else target.set(source.subarray(from, from + literals), to)
    from += literals
    to += literals
    // The last sequence is literals only.
    if (from === sourceEnd) return to

    if (sourceEnd - from < 2) return -1
    const offset = source[from]! | (source[from + 1]! << 8)
    from += 2
    if (offset === 0 || offset > to - floor) return -1

    let length = token & 15
    if (length === 15) {
      let more = 255
      while (more === 255) {
        if (from >= sourceEnd) return -1
        more = source[from++]!
        length += more
      }
    }
    length += MIN_MATCH
    if (length > target.length - to) return -1
    to = copyMatch(target, to, offset, length)
  }
  // A block ends after literals, so also not before its first token.
  return -1
}

/** A match may overlap what it writes: offset 1 repeats one byte. Doubling copies keep long repeats quick. */
function copyMatch(target: Uint8Array, to: number, offset: number, length: number): number {
  const from = to - offset
  if (length < LOOP_LIMIT) {
    for (let i = 0; i < length; i++) target[to + i] = target[from + i]!
    return to + length
  }
  for (let done = 0; done < length; ) {
    const part = Math.min(offset + done, length - done)
    target.copyWithin(to + done, from, from + part)
    done += part
  }
  return to + length
}
