/** `size=100MB,time=1h,keep=24` → when a log goes on in another file, and how many files stay. */
import type { Rotation } from '../pipeline/file-cuts.ts'
import { parseBytes } from './parse-bytes.ts'
import { parseDuration } from './parse-duration.ts'
import { parseCount } from './parse-flag.ts'

export interface RotationPlan extends Rotation {
  /** Most files, the newest included. */
  readonly keep?: number | undefined
}

/** Shorter or smaller ones would be more files than log. */
const LEAST_BYTES = 4096
const LEAST_NS = 1_000_000_000n

/** Any of the three, but not `keep` alone. Throws an Error otherwise. */
export function parseRotation(text: string): RotationPlan {
  const plan: { bytes?: number; ns?: bigint; keep?: number } = {}
  for (const part of text.split(',')) {
    const [name = '', value = ''] = part.split(/[=:](.*)/s).map((word) => word.trim())
    if (name === 'size') plan.bytes = parseSize(value)
    else if (name === 'time') plan.ns = parseTime(value)
    else if (name === 'keep') plan.keep = parseCount(value, 1)
    else throw new Error(`'${part.trim()}' is not size=…, time=… or keep=…; write it like size=100MB,time=1h,keep=24`)
  }
  if (plan.bytes === undefined && plan.ns === undefined) throw new Error('keep needs a size or a time')
  return plan
}

/** Bytes: `100MB`, `1.5GiB`, `65536`. */
export function parseSize(text: string): number {
  const bytes = parseBytes(text)
  if (bytes < LEAST_BYTES) throw new Error(`'${text}' is less than ${LEAST_BYTES} bytes, the smallest file`)
  return bytes
}

function parseTime(text: string): bigint {
  const ns = parseDuration(text)
  if (ns < LEAST_NS) throw new Error(`'${text}' is less than a second, the shortest file`)
  return ns
}
