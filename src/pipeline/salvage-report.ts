/** What a stream passed over → one problem that says how much, where, and what was before and behind it. */
import type { CaptureStream, Loss } from '../capture/stream.ts'
import type { SalvagePlace } from '../engine/records.ts'
import type { InputProblem } from './input-problem.ts'

/** Offsets in the sentence; the record has more of them. */
const OFFSETS_NAMED = 5

/**
 * Null when nothing was. `endedByUs`: reading was stopped, and what is missing at the end is not missing; when the place list
 * is bounded, that last place may not be in it.
 */
export function describeLosses(stream: CaptureStream, file: string, endedByUs: boolean): InputProblem | null {
  const { listed, places, bytes, atEnd } = stream.losses
  const isIgnored = endedByUs && atEnd
  const last = isIgnored && listed.length === places ? listed.at(-1) : undefined
  const counted = last === undefined ? listed : listed.slice(0, -1)
  const first = counted[0]
  if (first === undefined) return null
  const placeCount = isIgnored ? places - 1 : places
  const byteCount = bytes - (last?.bytes ?? 0)
  const salvage = counted.map(({ fault, offset, bytes, framesBefore }, index) => ({
    file,
    offset,
    bytes,
    framesBefore,
    framesAfter: (counted[index + 1]?.framesBefore ?? stream.frames) - framesBefore,
    message: fault.message,
  }))
  const where =
    placeCount === 1 ? `at byte ${first.offset}` : `at ${placeCount} places (bytes ${offsetsOf(counted, placeCount)})`
  const before = `${framesOf(first.framesBefore)} before${placeCount === 1 ? '' : ' the first'}`
  const behind = `${stream.frames - first.framesBefore} behind`
  return {
    file,
    kind: counted.every(({ fault }) => fault.kind === 'cut') ? 'cut' : 'damaged',
    message: `${first.fault.message}; passed over ${byteCount} ${byteCount === 1 ? 'byte' : 'bytes'} ${where}, ${before}, ${behind}`,
    partial: stream.frames > 0,
    unreadableBytes: byteCount,
    salvage: salvage satisfies readonly SalvagePlace[],
  }
}

function offsetsOf(losses: readonly Loss[], places: number): string {
  const named = losses.slice(0, OFFSETS_NAMED).map(({ offset }) => offset)
  return `${named.join(', ')}${places > named.length ? ', …' : ''}`
}

function framesOf(count: number): string {
  return `${count} ${count === 1 ? 'frame' : 'frames'}`
}
