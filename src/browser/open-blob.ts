/** A Blob → a source of a capture's bytes, or an input that can be opened as often as it is needed. */
import type { Source } from '../capture/source.ts'
import type { Input } from '../pipeline/inputs.ts'
import { BlobBytes } from './blob-bytes.ts'
import { unpackHere } from './unpack-here.ts'

/**
 * The capture in a Blob or File, which is read in pieces of 4 MiB, so that it may be larger than memory; what is compressed with gzip,
 * zstd or lz4 is decompressed. `name` is how messages call it: a File's own unless given. Reading throws {@link SourceUnavailable} for a
 * file that was changed after it was chosen.
 */
export function openBlob(blob: Blob, name: string = nameOf(blob)): Source {
  return unpackHere(new BlobBytes(name, blob))
}

/** The same as an input of `analyze` and of reports, which may open it twice. */
export function blobInput(blob: Blob, name: string = nameOf(blob)): Input {
  return { name, repeatable: true, size: blob.size, open: async () => openBlob(blob, name) }
}

function nameOf(blob: Blob): string {
  return 'name' in blob && typeof blob.name === 'string' && blob.name !== '' ? blob.name : 'capture'
}
