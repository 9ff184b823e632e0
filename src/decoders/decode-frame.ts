/**
 * The bytes of one frame → its layers, typed: the public view of what the bulk path only counts. It drives the same walk
 * step by step and reads a header object wherever a step has found its bytes sound.
 */
import { FAMILY_IPV4, FAMILY_IPV6 } from '../abi/families.ts'
import { useBytes } from './bytes.ts'
import { type DecodeFault, readDecodeFault } from './decode-fault.ts'
import { available, frame, STOP_NONE, STOP_UNSUPPORTED } from './frame.ts'
import { readIpv4, readIpv6 } from './headers/read-bytes.ts'
import { type Layer, readHeader } from './headers/read-header.ts'
import * as layer from './layers.ts'
import { PORTS_LEN } from './ports.ts'
import { decodeLayer } from './registry.ts'
import { beginFrame } from './walk.ts'

/** What {@link decodeFrame} should know beside the bytes. */
export interface DecodeOptions {
  /** Bytes of the frame on the wire. Default: those that were captured. More say that the capture cut the frame. */
  readonly origlen?: number
  /** Go on behind the outermost IP header's transport: IP in IP, GRE, VXLAN, Geneve, GTP-U, Teredo. Default: true. */
  readonly tunnels?: boolean
}

/** Who sent the packet to whom, by the outermost IP header. */
export interface NetworkEndpoints {
  /** IP version. */
  readonly version: 4 | 6
  /** Canonical text: dotted decimal, or RFC 5952. */
  readonly source: string
  /** Of the receiver, as `source`. */
  readonly destination: string
  /** IANA protocol number; of IPv6, the Next Header of the last extension header that could be read. */
  readonly protocol: number
  /** null where the protocol has none, in later fragments, and where the frame was cut in front of them. */
  readonly sourcePort: number | null
  /** Of the receiver, as `sourcePort`. */
  readonly destinationPort: number | null
}

/** What {@link decodeFrame} found. */
export interface DecodedFrame {
  /** From the link header inwards; each header is whole. */
  readonly layers: readonly Layer[]
  /** Why decoding stopped early; null when everything that netkit knows how to follow was followed. */
  readonly fault: DecodeFault | null
  /** Bytes [start, end) of the frame behind the last header, without padding and trailers. */
  readonly payload: { readonly start: number; readonly end: number }
  /** null without a valid IP header. Stays even where a header behind it is broken. */
  readonly network: NetworkEndpoints | null
}

const NO_BYTES = new Uint8Array(0)

/** Layers that name what follows them: when netkit does not follow it, they were still read. */
const READ_BEFORE_UNSUPPORTED = new Set([layer.LAYER_PPP, layer.LAYER_NULL, layer.LAYER_LOOP])

const PORT_LAYERS = new Set([
  layer.LAYER_TCP,
  layer.LAYER_UDP,
  layer.LAYER_SCTP,
  layer.LAYER_DCCP,
  layer.LAYER_UDP_LITE,
])

/**
 * Decodes a frame with its link header. `linktype`: LINKTYPE_ number of the interface. Throws for no bytes: what is wrong
 * with them is in `fault`. The result holds no reference to `bytes`.
 */
export function decodeFrame(bytes: Uint8Array, linktype: number, options: DecodeOptions = {}): DecodedFrame {
  // The walk is one per module: what it was set to comes back afterwards.
  const { tunnels, innermost } = frame
  frame.tunnels = options.tunnels === false ? 0 : 1
  frame.innermost = 0
  useBytes(bytes)
  try {
    // 32 bits, as the record headers of captures hold it; the walk takes negative ones for huge.
    return walkLayers(linktype, bytes.length, (options.origlen ?? bytes.length) | 0)
  } finally {
    useBytes(NO_BYTES)
    frame.tunnels = tunnels
    frame.innermost = innermost
  }
}

function walkLayers(linktype: number, caplen: number, origlen: number): DecodedFrame {
  const layers: Layer[] = []
  let hasPorts = false
  let next = beginFrame(linktype, 0, caplen, origlen)
  while (next !== layer.LAYER_NONE) {
    const current = next
    const { at, extension } = frame
    if (frame.quoted === 0 && PORT_LAYERS.has(current) && available() >= PORTS_LEN) hasPorts = true
    next = decodeLayer(current)
    if (!isWhole(current, at) || isEmptyTeredo(current, next)) continue
    const header = readHeader(current, at, frame.end, extension)
    if (header !== null) layers.push(header)
  }
  const last = layers.at(-1)
  const start = last === undefined ? 0 : last.offset + last.headerLength
  return {
    layers,
    fault: readDecodeFault(linktype),
    payload: { start, end: Math.max(start, frame.end) },
    network: readNetwork(hasPorts),
  }
}

/** The step that was taken at `at` has found its header sound, even if it then stopped over what follows. */
function isWhole(current: number, at: number): boolean {
  if (frame.stopReason === STOP_NONE) return true
  if (current === layer.LAYER_MPLS) return frame.at > at
  return frame.stopReason === STOP_UNSUPPORTED && READ_BEFORE_UNSUPPORTED.has(current)
}

/** A datagram without a byte on Teredo's port. */
function isEmptyTeredo(current: number, next: number): boolean {
  return current === layer.LAYER_TEREDO && next === layer.LAYER_NONE
}

function readNetwork(hasPorts: boolean): NetworkEndpoints | null {
  if (frame.family !== FAMILY_IPV4 && frame.family !== FAMILY_IPV6) return null
  const read = frame.family === FAMILY_IPV4 ? readIpv4 : readIpv6
  return {
    version: frame.family,
    source: read(frame.source),
    destination: read(frame.destination),
    protocol: frame.protocol,
    sourcePort: hasPorts ? frame.sourcePort : null,
    destinationPort: hasPorts ? frame.destinationPort : null,
  }
}
