/** `size=100MB,time=1h,keep=24` → when a log goes on in another file, and how many files stay. */
import type { Rotation } from '../pipeline/file-cuts.ts'
import { parseDuration } from './parse-duration.ts'
import { parseCount } from './parse-flag.ts'

export interface RotationPlan extends Rotation {
  /** Most files, the newest included. */
  readonly keep?: number | undefined
}

/** Shorter or smaller ones would be more files than log. */
const LEAST_BYTES = 4096
const LEAST_NS = 1_000_000_000n

/** As tcpdump, editcap and people write them; `KB` never means 1024. */
const BYTES_PER_UNIT: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1e3,
  kb: 1e3,
  m: 1e6,
  mb: 1e6,
  g: 1e9,
  gb: 1e9,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
}

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
  const match = /^(\d{1,15}(?:\.\d{1,6})?)\s*([a-z]*)$/i.exec(text)
  const unit = match?.[2]?.toLowerCase()
  if (match === null || unit === undefined || !Object.hasOwn(BYTES_PER_UNIT, unit)) {
    throw new Error(`'${text}' is not a size; write it like 500kB, 100MB, 1.5GB or 64MiB`)
  }
  const bytes = Math.floor(Number(match[1]) * BYTES_PER_UNIT[unit]!)
  if (bytes < LEAST_BYTES) throw new Error(`'${text}' is less than ${LEAST_BYTES} bytes, the smallest file`)
  return bytes
}

function parseTime(text: string): bigint {
  const ns = parseDuration(text)
  if (ns < LEAST_NS) throw new Error(`'${text}' is less than a second, the shortest file`)
  return ns
}
