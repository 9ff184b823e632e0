import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll } from 'vitest'
import { type Source, SourceDamage } from '../../src/capture/source.ts'
import type { ByteReader } from '../../src/compression/byte-reader.ts'
import { openReadable } from '../../src/node/open-source.ts'

/** Numbers in [0, 1) that are the same in every run (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Bytes that compress like a capture: records with repeated headers, some noise, some long runs. */
export function captureLike(length: number, seed = 1): Buffer {
  const random = seeded(seed)
  const bytes = Buffer.alloc(length)
  bytes.write('d4c3b2a1020004000000000000000000ffff000001000000', 'hex')
  for (let at = 24; at < length; ) {
    const size = Math.floor(random() * 1500)
    bytes.fill(`record header ${size % 7} and an address`, at, Math.min(length, at + 60))
    const kind = random()
    for (let i = at + 60; i < Math.min(length, at + size); i++)
      bytes[i] = kind < 0.4 ? random() * 256 : kind < 0.7 ? 0 : i % 61
    at += 60 + size
  }
  return bytes
}

/** Bytes that do not compress. */
export function noise(length: number, seed = 1): Buffer {
  const random = seeded(seed)
  return Buffer.from(Uint8Array.from({ length }, () => random() * 256))
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'netkit-test-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Runs a compressor on stdin. */
export function piped(command: string, args: string[], input: Uint8Array): Buffer {
  return execFileSync(command, args, { input, maxBuffer: 2 ** 30, stdio: ['pipe', 'pipe', 'ignore'] })
}

export function hasTool(command: string): boolean {
  try {
    execFileSync(command, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

export interface ReadResult {
  readonly bytes: Buffer
  /** What the last read threw; null after a quiet end. */
  readonly fault: unknown
}

/** Reads to the end or to the fault with buffers of `size()` bytes, and checks each read against the interface. */
export async function readAll(source: ByteReader | Source, size: () => number = () => 65536): Promise<ReadResult> {
  const parts: Buffer[] = []
  let fault: unknown = null
  for (;;) {
    const into = new Uint8Array(size())
    try {
      const count = await source.read(into)
      if (count === 0) break
      if (count < 0 || count > into.length) throw new RangeError(`read gave ${count} of ${into.length}`)
      parts.push(Buffer.from(into.subarray(0, count)))
    } catch (error) {
      fault = error
      break
    }
  }
  await source.close()
  return { bytes: Buffer.concat(parts), fault }
}

export function randomSizes(seed: number): () => number {
  const random = seeded(seed)
  return () => 1 + Math.floor(random() * (random() < 0.5 ? 100 : 70_000))
}

/** A reader over bytes, in pieces of `pieceSize`. */
export function readerOf(bytes: Uint8Array, pieceSize = 1000): ByteReader {
  let at = 0
  return {
    async read(into) {
      const part = bytes.subarray(at, at + Math.min(pieceSize, into.length))
      into.set(part)
      at += part.length
      return part.length
    },
    close: async () => {},
  }
}

/** A pipe that brings `bytes` in pieces. */
export function pipeOf(bytes: Uint8Array, pieceSize = 65536): Source {
  const pieces = function* () {
    for (let at = 0; at < bytes.length; at += pieceSize) yield bytes.subarray(at, at + pieceSize)
  }
  return openReadable(Readable.from(pieces()), 'pipe')
}

export function writeFile(folder: string, name: string, bytes: Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

export function damageIn(result: ReadResult): string {
  if (result.fault instanceof SourceDamage) return result.fault.message
  throw new Error(`no damage, but ${String(result.fault)}`, { cause: result.fault })
}
