/** Short ways to ask what a decoder made of a frame. */
import { expect } from 'vitest'
import { useBytes } from '../../src/decoders/bytes.ts'
import { formatDecodeFault } from '../../src/decoders/decode-fault.ts'
import { type DecodeOptions, decodeFrame } from '../../src/decoders/decode-frame.ts'
import { frame } from '../../src/decoders/frame.ts'
import type { Layer } from '../../src/decoders/headers/read-header.ts'
import { LINKTYPE_ETHERNET } from '../../src/decoders/linktype.ts'
import { walkFrame } from '../../src/decoders/walk.ts'

type LayerOf<Name extends Layer['layer']> = Extract<Layer, { layer: Name }>

/** All headers of one layer, outermost first. */
export function headersOf<Name extends Layer['layer']>(
  bytes: Uint8Array,
  name: Name,
  linktype: number = LINKTYPE_ETHERNET,
): LayerOf<Name>[] {
  return decodeFrame(bytes, linktype).layers.filter((header): header is LayerOf<Name> => header.layer === name)
}

/** The outermost header of a layer, which must be there. */
export function headerOf<Name extends Layer['layer']>(
  bytes: Uint8Array,
  name: Name,
  linktype: number = LINKTYPE_ETHERNET,
): LayerOf<Name> {
  const [header] = headersOf(bytes, name, linktype)
  if (header === undefined) expect.fail(`no ${name} in ${namesOf(bytes, linktype)}: ${faultOf(bytes, linktype)}`)
  return header
}

/** Names of the layers, from the link header inwards. */
export function namesOf(bytes: Uint8Array, linktype: number = LINKTYPE_ETHERNET, options?: DecodeOptions): string {
  return decodeFrame(bytes, linktype, options)
    .layers.map(({ layer }) => layer)
    .join(' ')
}

/** The fault in words, its reason in front where the words are about lengths; null without one. */
export function faultOf(
  bytes: Uint8Array,
  linktype: number = LINKTYPE_ETHERNET,
  options?: DecodeOptions,
): string | null {
  const { fault } = decodeFrame(bytes, linktype, options)
  if (fault === null) return null
  const text = formatDecodeFault(fault)
  return text.endsWith(fault.reason) ? text : `${fault.reason}: ${text}`
}

/** What the walk leaves in `frame`, copied. */
export function walk(
  bytes: Uint8Array,
  linktype: number = LINKTYPE_ETHERNET,
  options: { origlen?: number; tunnels?: boolean; innermost?: boolean } = {},
) {
  useBytes(bytes)
  frame.tunnels = options.tunnels || options.innermost ? 1 : 0
  frame.innermost = options.innermost ? 1 : 0
  walkFrame(linktype, 0, bytes.length, options.origlen ?? bytes.length)
  const result = { ...frame }
  frame.tunnels = 0
  frame.innermost = 0
  return result
}

/**
 * A sound frame, of which every header is followed, cut at every byte. By the capture: everything before the cut is as it
 * was, and a header that was cut is said to be truncated. On the wire: never truncated, for no capture cut it.
 */
export function expectCuts(bytes: Uint8Array, linktype: number = LINKTYPE_ETHERNET): void {
  const whole = decodeFrame(bytes, linktype)
  expect(whole.fault).toBeNull()
  for (let length = 0; length < bytes.length; length++) {
    const cut = bytes.slice(0, length)
    const { layers, fault, payload } = decodeFrame(cut, linktype, { origlen: bytes.length })
    const where = `cut to ${length} bytes`
    // The last one may have lost fields that stand behind its fixed header (an ICMPv6 message body).
    expect(layers.slice(0, -1), where).toEqual(whole.layers.slice(0, Math.max(0, layers.length - 1)))
    expect(layers.at(-1)?.offset, where).toBe(layers.length === 0 ? undefined : whole.layers[layers.length - 1]!.offset)
    expect(payload.end, where).toBeLessThanOrEqual(length)
    if (layers.length === whole.layers.length) {
      expect(fault, where).toBeNull()
    } else {
      expect(fault, where).toMatchObject({ reason: 'truncated', limit: 'captured length' })
      expect(fault!.available, where).toBe(length - fault!.offset)
      expect(fault!.needed, where).toBeGreaterThan(fault!.available)
    }
    expect(decodeFrame(cut, linktype).fault?.reason, where).not.toBe('truncated')
  }
}
