/** What the library is given where it runs: what Node and browsers do differently. */
import type { Source } from '../capture/source.ts'
import type { Input } from '../pipeline/inputs.ts'

/**
 * What a capture can be read from. Compression (gzip, zstd, lz4) is found by the first bytes in all of them.
 *
 * A string is a path in Node (also a folder, a glob, or `-` for stdin), and an address to fetch in a browser; so is a URL, `file:` in Node.
 * Streams (of the web and of Node) and other async iterables hand out chunks of any size, and can be read once only; so can a
 * {@link Source}.
 */
export type CaptureInput =
  | string
  | URL
  | Blob
  | ArrayBuffer
  | Uint8Array
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array>
  | Source

/** A `WebAssembly.Module`, for which TypeScript has no name outside of browsers. */
export type CaptureModule = object

/** Where netkit.wasm can come from: an address, an answer of fetch, its bytes, or the compiled module, as other threads send it. */
export type ModuleSource = string | URL | Response | ArrayBuffer | Uint8Array | CaptureModule

export interface Host {
  readonly module: () => Promise<WebAssembly.Module>
  readonly inputs: (captures: readonly CaptureInput[]) => Promise<readonly Input[]>
}

export function isSource(from: object): from is Source {
  return 'read' in from && typeof from.read === 'function' && 'position' in from && 'close' in from
}

/** One, or several that are one capture. */
export function listOf(from: CaptureInput | readonly CaptureInput[]): readonly CaptureInput[] {
  return Array.isArray(from) ? from : [from as CaptureInput]
}
