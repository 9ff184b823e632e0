/** IPv6 extension header bytes → {@link Ipv6ExtensionHeader}. */
import { read8, read16 } from '../bytes.ts'
import {
  EXTENSION_AUTHENTICATION,
  EXTENSION_DESTINATION_OPTIONS,
  EXTENSION_FRAGMENT,
  EXTENSION_HIP,
  EXTENSION_HOP_BY_HOP,
  EXTENSION_MOBILITY,
  EXTENSION_ROUTING,
  EXTENSION_SHIM6,
  extensionLength,
  FRAGMENT_IDENTIFICATION,
  FRAGMENT_OFFSET,
  NEXT_HEADER,
  ROUTING_TYPE,
  SEGMENTS_LEFT,
  SPI,
} from '../ipv6-extension.ts'
import type { Header } from './header.ts'
import { readBytes, readUnsigned32 } from './read-bytes.ts'

const KINDS = {
  [EXTENSION_HOP_BY_HOP]: 'hop-by-hop',
  [EXTENSION_ROUTING]: 'routing',
  [EXTENSION_FRAGMENT]: 'fragment',
  [EXTENSION_AUTHENTICATION]: 'authentication',
  [EXTENSION_DESTINATION_OPTIONS]: 'destination-options',
  [EXTENSION_MOBILITY]: 'mobility',
  [EXTENSION_HIP]: 'hip',
  [EXTENSION_SHIM6]: 'shim6',
} as const satisfies Readonly<Record<number, Ipv6ExtensionKind>>

/** Extension headers of RFC 8200 §4, RFC 4302 and the IANA registry that netkit walks over. */
export type Ipv6ExtensionKind =
  | 'hop-by-hop'
  | 'routing'
  | 'fragment'
  | 'authentication'
  | 'destination-options'
  | 'mobility'
  | 'hip'
  | 'shim6'

const MORE_FRAGMENTS = 1

/** RFC 8200 §4.5. */
export interface Ipv6Fragment {
  /** In bytes. */
  readonly fragmentOffset: number
  readonly moreFragments: boolean
  readonly identification: number
}

/** RFC 8200 §4.4. */
export interface Ipv6Routing {
  readonly routingType: number
  readonly segmentsLeft: number
}

/** RFC 8200 §4. */
export interface Ipv6ExtensionHeader extends Header<'ipv6-extension'> {
  readonly kind: Ipv6ExtensionKind
  readonly nextHeader: number
  /** Set where the kind is `fragment` and `routing`. */
  readonly fragment: Ipv6Fragment | null
  readonly routing: Ipv6Routing | null
  /** Security parameters index, where the kind is `authentication`. */
  readonly spi: number | null
  /** The whole header. */
  readonly bytes: Uint8Array
}

/** `extension`: the Next Header value that announced this header, which is one of those above. */
export function readIpv6ExtensionHeader(at: number, _end: number, extension: number): Ipv6ExtensionHeader {
  const headerLength = extensionLength(extension, at)
  return {
    layer: 'ipv6-extension',
    offset: at,
    headerLength,
    kind: KINDS[extension as keyof typeof KINDS],
    nextHeader: read8(at + NEXT_HEADER),
    fragment: extension === EXTENSION_FRAGMENT ? readFragment(at) : null,
    routing:
      extension === EXTENSION_ROUTING
        ? { routingType: read8(at + ROUTING_TYPE), segmentsLeft: read8(at + SEGMENTS_LEFT) }
        : null,
    // An AH of less than 8 bytes, which its length field can claim, has none.
    spi: extension === EXTENSION_AUTHENTICATION && headerLength >= SPI + 4 ? readUnsigned32(at + SPI) : null,
    bytes: readBytes(at, at + headerLength),
  }
}

function readFragment(at: number): Ipv6Fragment {
  const offset = read16(at + FRAGMENT_OFFSET)
  return {
    // The low three bits are flags, so the rest is the offset in bytes as it stands.
    fragmentOffset: offset & ~7,
    moreFragments: (offset & MORE_FRAGMENTS) !== 0,
    identification: readUnsigned32(at + FRAGMENT_IDENTIFICATION),
  }
}
