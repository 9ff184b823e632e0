import { readSync } from 'node:fs'
import type { Source } from '../capture/source.ts'

/**
 * An open regular file as a source, read by position: its descriptor is somebody else's, on this thread or another. It ends early
 * when nobody wants to know any more.
 */
export function rangeFile(descriptor: number, isUnwanted = () => false): Source {
  let position = 0
  return {
    name: '',
    size: null,
    compression: null,
    get position() {
      return position
    },
    random: {
      descriptor,
      seek: (offset) => {
        position = offset
      },
    },
    read(into) {
      if (isUnwanted()) return Promise.resolve(0)
      const count = readSync(descriptor, into, 0, into.length, position)
      position += count
      return Promise.resolve(count)
    },
    close: () => Promise.resolve(),
  }
}
