/** Bytes in memory as a source, in reads of any size, that spoils what it was lent and did not fill. */
import type { Source } from '../src/capture/source.ts'

/** So many bytes behind those that were read are spoiled: more than any header has. */
const POISON_BYTES = 512

export interface MemorySourceOptions {
  /** Bytes of the next read, at most. Default: as many as there is room for. */
  readonly size?: () => number
  /** What stands behind the bytes read. Who reads it gets other results with another poison. */
  readonly poison?: number
}

export function memorySource(
  bytes: Uint8Array,
  { size = () => bytes.length, poison = 0 }: MemorySourceOptions = {},
): Source {
  let at = 0
  return {
    name: 'input',
    size: bytes.length,
    compression: null,
    get position() {
      return at
    },
    // Nobody reads the descriptor: whoever takes the source apart opens it anew.
    random: {
      descriptor: -1,
      seek(offset) {
        at = offset
      },
    },
    read(into) {
      const part = bytes.subarray(at, at + Math.min(into.length, Math.max(1, size())))
      into.set(part)
      into.fill(poison, part.length, part.length + POISON_BYTES)
      at += part.length
      return Promise.resolve(part.length)
    },
    close: () => Promise.resolve(),
  }
}
