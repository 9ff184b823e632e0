/** An input that ends when a signal says so, even while it waits for bytes that may never come (a quiet pipe). */
import type { Source } from '../capture/source.ts'
import type { Input } from './inputs.ts'

export function stopWith(signal: AbortSignal, input: Input): Input {
  return { ...input, open: async () => stopSourceWith(signal, await input.open()) }
}

function stopSourceWith(signal: AbortSignal, source: Source): Source {
  const stopped = new Promise<number>((resolve) => {
    if (signal.aborted) resolve(0)
    else signal.addEventListener('abort', () => resolve(0), { once: true })
  })
  return {
    get name() {
      return source.name
    },
    get size() {
      return source.size
    },
    get position() {
      return source.position
    },
    get compression() {
      return source.compression
    },
    read: (into) => Promise.race([stopped, source.read(into)]),
    close: () => source.close(),
  }
}
