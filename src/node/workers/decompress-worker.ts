/** A thread that decompresses a file into the buffers that it is given, until the end or a fault. */
import { readSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { decompressorOf } from '../decompress.ts'
import { FileBytes } from '../file-bytes.ts'
import type { DecompressedPiece, DecompressJob } from '../threaded-reader.ts'

const port = parentPort!
const { descriptor, name, compression } = workerData as DecompressJob

const buffers: ArrayBuffer[] = []
let isWanted = true
let wake = () => {}
port.on('message', (buffer: ArrayBuffer | null) => {
  if (buffer === null) isWanted = false
  else buffers.push(buffer)
  wake()
})

/** Null when nobody wants any more. */
async function nextBuffer(): Promise<ArrayBuffer | null> {
  while (isWanted && buffers.length === 0) {
    await new Promise<void>((resolve) => {
      wake = resolve
    })
  }
  return isWanted ? buffers.shift()! : null
}

const stored = new FileBytes(
  name,
  {
    fd: descriptor,
    read: (into, position) => readSync(descriptor, into, 0, into.length, position),
    close: async () => {},
  },
  null,
  true,
)

function say(piece: Omit<DecompressedPiece, 'position'>): void {
  const transfer = piece.bytes === null ? [] : [piece.bytes.buffer]
  port.postMessage({ ...piece, position: stored.position }, transfer)
}

const reader = await decompressorOf(compression, stored)
for (let buffer = await nextBuffer(); buffer !== null; buffer = await nextBuffer()) {
  const into = new Uint8Array(buffer)
  let length = 0
  let fault: unknown = null
  let ended = false
  // Whole buffers: a decompressor may hand out a few kilobytes at a time.
  while (length < into.length && !ended && fault === null) {
    try {
      const count = await reader.read(into.subarray(length))
      length += count
      ended = count === 0
    } catch (error) {
      fault = error
    }
  }
  if (length > 0) say({ bytes: into.subarray(0, length), fault: null })
  if (fault === null && !ended) continue
  const {
    name: kindOfError = 'Error',
    kind,
    message,
  } = (fault ?? {}) as { name?: string; kind?: 'cut' | 'damaged'; message?: string }
  say({ bytes: null, fault: fault === null ? null : { name: kindOfError, kind, message: message ?? String(fault) } })
  break
}
while ((await nextBuffer()) !== null);
// What decompressors of Node keep open is of no matter any more.
process.exit()
