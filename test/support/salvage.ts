/** A capture read with --salvage: its frames and what was passed over. Damage that comes out the same every time. */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { Fault } from '../../src/capture/fault.ts'
import type { Source } from '../../src/capture/source.ts'
import type { Losses } from '../../src/capture/stream.ts'
import { createParser, memorySource, type ReadFrame, readFrames } from './read-capture.ts'

export interface Salvaged {
  readonly frames: readonly ReadFrame[]
  readonly losses: Losses
  readonly fault: Fault | null
}

export async function readSalvaging(
  input: Uint8Array | Source,
  { chunkBytes, size, salvage = true }: { chunkBytes?: number; size?: () => number; salvage?: boolean } = {},
): Promise<Salvaged> {
  const parser = createParser({ salvage, ...(chunkBytes !== undefined && { chunkBytes }) })
  const stream = parser.open(input instanceof Uint8Array ? memorySource(input, size) : input)
  const frames = await readFrames(parser, stream)
  const { losses, fault } = stream
  await parser.close(stream)
  return { frames, losses, fault }
}

/** Numbers that look random and are the same in every run: xorshift32. */
export function randomNumbers(seed: number): (below: number) => number {
  let state = (seed * 2654435761 + 1) >>> 0 || 1
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return state % below
  }
}

export function garbage(length: number, random: (below: number) => number): Buffer {
  return Buffer.from(Array.from({ length }, () => random(256)))
}

export function insertAt(bytes: Uint8Array, at: number, what: Uint8Array): Buffer {
  return Buffer.concat([bytes.subarray(0, at), what, bytes.subarray(at)])
}

/** Where the records of a sound pcap begin, or the packet blocks of a sound pcapng; and the end. */
export function recordOffsets(bytes: Buffer): number[] {
  const magic = bytes.readUInt32BE(0)
  if (magic === 0x0a0d0d0a) return blockOffsets(bytes)
  const little = [0xd4c3b2a1, 0x4d3cb2a1, 0x34cdb2a1].includes(magic)
  const header = magic === 0x34cdb2a1 || magic === 0xa1b2cd34 ? 24 : 16
  const offsets: number[] = []
  for (let at = 24; at < bytes.length; ) {
    offsets.push(at)
    at += header + (little ? bytes.readUInt32LE(at + 8) : bytes.readUInt32BE(at + 8))
  }
  return [...offsets, bytes.length]
}

function blockOffsets(bytes: Buffer): number[] {
  const offsets: number[] = []
  let little = true
  for (let at = 0; at < bytes.length; ) {
    if (bytes.readUInt32BE(at) === 0x0a0d0d0a) little = bytes.readUInt32BE(at + 8) === 0x4d3c2b1a
    const type = little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at)
    if ([2, 3, 6].includes(type)) offsets.push(at)
    at += little ? bytes.readUInt32LE(at + 4) : bytes.readUInt32BE(at + 4)
  }
  return [...offsets, bytes.length]
}

/** The capture itself, out of gzip where it is in it. */
export function captureBytes(path: string): Buffer {
  const bytes = readFileSync(path)
  return bytes.readUInt16BE(0) === 0x1f8b ? gunzipSync(bytes) : bytes
}
