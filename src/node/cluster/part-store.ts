/**
 * Partial results in Redis. Their bytes are chunks under names that nobody else has; then one short key says that the result is there, and
 * whose chunks it is. A job that was delivered twice makes two sets of chunks, of which the first one counts.
 */
import { randomUUID } from 'node:crypto'
import type { Redis } from 'ioredis'
import { ClusterError } from './cluster-error.ts'
import { fromText, KEPT_SECONDS, PREFIX, toText } from './protocol.ts'

export interface StoredPart {
  /** Of its chunks. */
  readonly id: string
  readonly chunks: number
  readonly bytes: number
  /** PartFacts of a part; null of ranges. */
  readonly facts: unknown
}

/** No result is larger, packed or not: what is read comes from another machine. */
export const MOST_RESULT_BYTES = 1 << 30

/** A chunk is not there (any more). */
export class PartGone extends ClusterError {}

/** One command moves so much. */
const CHUNK_BYTES = 4 << 20

export async function savePart(redis: Redis, key: string, bytes: Uint8Array, facts: unknown): Promise<void> {
  const id = randomUUID()
  const chunks = Math.ceil(bytes.length / CHUNK_BYTES)
  for (let i = 0; i < chunks; i++) {
    const chunk = Buffer.from(
      bytes.buffer,
      bytes.byteOffset + i * CHUNK_BYTES,
      Math.min(CHUNK_BYTES, bytes.length - i * CHUNK_BYTES),
    )
    await redis.set(chunkKey(id, i), chunk, 'EX', KEPT_SECONDS)
  }
  const stored: StoredPart = { id, chunks, bytes: bytes.length, facts }
  const isFirst = await redis.set(partKey(key), toText(stored), 'EX', KEPT_SECONDS, 'NX')
  if (isFirst === null) await removeChunks(redis, stored)
}

/** By key: null where nothing is stored. */
export async function findParts(redis: Redis, keys: readonly string[]): Promise<(StoredPart | null)[]> {
  if (keys.length === 0) return []
  const texts = await redis.mget(keys.map(partKey))
  return texts.map((text) => (text === null ? null : fromText<StoredPart>(text)))
}

export async function loadPart(redis: Redis, { id, chunks, bytes }: StoredPart): Promise<Uint8Array> {
  if (
    !Number.isSafeInteger(bytes) ||
    bytes < 0 ||
    bytes > MOST_RESULT_BYTES ||
    chunks !== Math.ceil(bytes / CHUNK_BYTES)
  )
    throw new ClusterError('a partial result in Redis is malformed')
  const whole = Buffer.alloc(bytes)
  let at = 0
  for (let i = 0; i < chunks; i++) {
    const chunk = await redis.getBuffer(chunkKey(id, i))
    if (chunk === null)
      throw new PartGone(
        'a partial result went from Redis twice: it has no room, or others with the same question remove it',
      )
    at += chunk.copy(whole, at)
  }
  if (at !== bytes) throw new ClusterError('a partial result in Redis is not whole')
  return whole
}

export async function removePart(redis: Redis, key: string, stored: StoredPart): Promise<void> {
  await redis.unlink(partKey(key))
  await removeChunks(redis, stored)
}

/** It says that a result is there, and its chunks are gone. Not if another one stands there already. */
export async function removeStale(redis: Redis, key: string, stored: StoredPart): Promise<void> {
  const [now] = await findParts(redis, [key])
  if (now?.id === stored.id) await redis.unlink(partKey(key))
}

async function removeChunks(redis: Redis, { id, chunks }: StoredPart): Promise<void> {
  for (let i = 0; i < chunks; i++) await redis.unlink(chunkKey(id, i))
}

function partKey(key: string): string {
  return `${PREFIX}:part:${key}`
}

function chunkKey(id: string, i: number): string {
  return `${PREFIX}:chunk:${id}:${i}`
}
