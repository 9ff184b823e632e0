/** What client and workers say to each other through Redis: the names of keys, and one kind of job. */
import { createHash } from 'node:crypto'
import type { Part } from '../../pipeline/partial-counter.ts'
import type { Range, RangeSetup } from '../../pipeline/range-counter.ts'
import { packageVersion } from '../package-version.ts'
import type { SharedFile } from './file-identity.ts'

/** Grows with every change of what is said. Whoever speaks another one is refused. */
export const PROTOCOL = 1
/** Of all keys. */
export const PREFIX = 'netkit'
export const QUEUE = 'count'
/** Partial results that nobody has asked for are gone after a day. */
export const KEPT_SECONDS = 86_400

/** Segments of one file, each counted by itself, or a part of one of several files. */
export type Work =
  | { readonly kind: 'ranges'; readonly ranges: readonly Range[] }
  | { readonly kind: 'part'; readonly part: Part }

export interface Task {
  readonly file: SharedFile
  readonly work: Work
  readonly setup: RangeSetup
}

export interface JobData {
  readonly protocol: number
  readonly version: string
  /** Of the result, see {@link keyOf}. */
  readonly key: string
  /** A Task: see {@link toText}. */
  readonly task: string
}

export function jobOf(task: Task): JobData {
  const text = toText(task)
  const version = packageVersion()
  return { protocol: PROTOCOL, version, key: keyOf(version, text), task: text }
}

/** The same for the same question about the same file: whoever asks again finds what was counted. */
function keyOf(version: string, task: string): string {
  return createHash('sha256').update(`${PROTOCOL} ${version} ${task}`).digest('hex').slice(0, 40)
}

/** Why a worker does not take a job; null: it does. Versions count the same frames in ways that need not be the same to the byte. */
export function refusalOf({ protocol, version }: JobData): string | null {
  const mine = packageVersion()
  if (protocol === PROTOCOL && version === mine) return null
  return `the client is netkit ${version} (protocol ${protocol}) and a worker is netkit ${mine} (protocol ${PROTOCOL}): both must be the same`
}

/** JSON, with numbers beyond 2^53 and programs of filters. */
export function toText(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === 'bigint') return { $big: part.toString() }
    if (part instanceof Uint32Array) return { $words: [...part] }
    return part
  })
}

export function fromText<T>(text: string): T {
  return JSON.parse(text, (_, part: unknown) => {
    if (typeof part !== 'object' || part === null) return part
    if ('$big' in part) return BigInt(part.$big as string)
    if ('$words' in part) return Uint32Array.from(part.$words as number[])
    return part
  }) as T
}
