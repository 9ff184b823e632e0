/** Why a frame could not be decoded to its end: a record, and its one line of text. */
import { frame, STOP_NONE } from './frame.ts'
import { type LayerName, type LimitName, layerName, limitName, type StopName, stopName } from './layer-names.ts'
import { LAYER_NONE } from './layers.ts'

/** Why a frame could not be decoded to its end. */
export interface DecodeFault {
  /** `truncated`, `malformed` or `unsupported`. */
  readonly reason: StopName
  /** The layer whose header could not be read, or the link type where netkit knows none. */
  readonly layer: LayerName | `link type ${number}`
  /** Where that header starts, from the start of the frame. */
  readonly offset: number
  /** Bytes that it needs, as far as is known, and bytes that there are. */
  readonly needed: number
  /** Bytes that there are. */
  readonly available: number
  /** What ended the bytes that there are. */
  readonly limit: LimitName
}

/** The fault that the walk of a frame of `linktype` left in `frame`; null when there is none. */
export function readDecodeFault(linktype: number): DecodeFault | null {
  if (frame.stopReason === STOP_NONE) return null
  return {
    reason: stopName(frame.stopReason),
    layer: frame.stopLayer === LAYER_NONE ? `link type ${linktype}` : layerName(frame.stopLayer),
    offset: frame.stopAt,
    needed: frame.stopNeeded,
    available: frame.stopAvailable,
    limit: limitName(frame.stopLimit),
  }
}

/**
 * `udp at 34: needed 8 bytes, 3 available (limit: IPv4 total length)`; where it is not the length that is wrong,
 * `ipv4 at 14: malformed`.
 */
export function formatDecodeFault(fault: DecodeFault): string {
  const where = `${fault.layer} at ${fault.offset}`
  if (fault.reason === 'unsupported' || fault.available >= fault.needed) return `${where}: ${fault.reason}`
  const bytes = fault.needed === 1 ? 'byte' : 'bytes'
  return `${where}: needed ${fault.needed} ${bytes}, ${fault.available} available (limit: ${fault.limit})`
}
