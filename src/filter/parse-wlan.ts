/** `type`, `subtype` and `dir` of 802.11 frames, and `llc` with its kinds of PDU: names to bits and masks. */
import type { Primitive } from './ast.ts'
import type { TokenReader } from './token-reader.ts'
import type { Token } from './tokens.ts'

type Names = Readonly<Record<string, number>>

/** IEEE 802.11-2020 §9.2.4.1: the first byte of a frame, as libpcap names its values. */
const TYPES: Names = { mgt: 0x00, management: 0x00, ctl: 0x04, control: 0x04, data: 0x08 }
const SUBTYPES: readonly (readonly [type: number, names: Names])[] = [
  [
    0x00,
    {
      ...{ assocreq: 0x00, 'assoc-req': 0x00, assocresp: 0x10, 'assoc-resp': 0x10, reassocreq: 0x20 },
      ...{ 'reassoc-req': 0x20, reassocresp: 0x30, 'reassoc-resp': 0x30, probereq: 0x40, 'probe-req': 0x40 },
      ...{ proberesp: 0x50, 'probe-resp': 0x50, beacon: 0x80, atim: 0x90, disassoc: 0xa0, disassociation: 0xa0 },
      ...{ auth: 0xb0, authentication: 0xb0, deauth: 0xc0, deauthentication: 0xc0 },
    },
  ],
  [
    0x04,
    {
      ...{ 'ps-poll': 0xa0, pspoll: 0xa0, rts: 0xb0, cts: 0xc0, ack: 0xd0, 'cf-end': 0xe0 },
      ...{ 'cf-end-ack': 0xf0 },
    },
  ],
  [
    0x08,
    {
      ...{ data: 0x00, 'data-cf-ack': 0x10, 'data-cf-poll': 0x20, 'data-cf-ack-poll': 0x30, null: 0x40 },
      ...{ 'cf-ack': 0x50, 'cf-poll': 0x60, 'cf-ack-poll': 0x70, 'qos-data': 0x80, 'qos-data-cf-ack': 0x90 },
      ...{ 'qos-data-cf-poll': 0xa0, 'qos-data-cf-ack-poll': 0xb0, qos: 0xc0, 'qos-cf-poll': 0xe0 },
      ...{ 'qos-cf-ack-poll': 0xf0 },
    },
  ],
]
const DIRECTIONS: Names = { nods: 0, tods: 1, fromds: 2, dstods: 3 }
const TYPE_MASK = 0x0c
const SUBTYPE_MASK = 0xf0
const DIRECTION_MASK = 0x03

/** IEEE 802.2-1998 §5.4: S and U PDUs by the control field. */
const LLC_KINDS: Names = { s: 1, u: 3 }
const S_COMMANDS: Names = { rr: 0x01, rnr: 0x05, rej: 0x09 }
const U_COMMANDS: Names = { ui: 0x03, ua: 0x63, disc: 0x43, dm: 0x0f, sabme: 0x6f, test: 0xe3, xid: 0xaf, frmr: 0x87 }

export function parseWlan(tokens: TokenReader): Primitive {
  const word = tokens.next()
  const wlan = (bits: number, mask: number, offset: 0 | 1 = 0): Primitive => ({
    ...{ type: 'wlan', offset, bits, mask },
    place: { start: word.start, end: tokens.last.end },
  })
  if (word.text === 'dir') return wlan(pick(tokens, DIRECTIONS, '802.11 direction'), DIRECTION_MASK, 1)
  if (word.text === 'subtype') {
    const all = Object.assign({}, ...[...SUBTYPES].reverse().map(([type, names]) => withType(names, type))) as Names
    return wlan(pick(tokens, all, '802.11 subtype', false), TYPE_MASK | SUBTYPE_MASK)
  }
  const type = pick(tokens, TYPES, '802.11 type')
  const next = tokens.peek()
  if (next.type !== 'word' || next.text !== 'subtype') return wlan(type, TYPE_MASK)
  tokens.next()
  const names = SUBTYPES.find(([of]) => of === type)?.[1] ?? {}
  return wlan(type | pick(tokens, names, '802.11 subtype of this type'), TYPE_MASK | SUBTYPE_MASK)
}

function withType(names: Names, type: number): Names {
  return Object.fromEntries(Object.entries(names).map(([name, bits]) => [name, bits | type]))
}

/** A number, or one of the names. */
function pick(tokens: TokenReader, names: Names, what: string, mayBeNumber = true): number {
  const token = tokens.next()
  if (token.type === 'number' && mayBeNumber) return token.number
  // `null` and `data` are names only here; `rnr` is a word.
  const name = token.text.toLowerCase()
  if (token.type !== 'name' || !Object.hasOwn(names, name)) {
    throw tokens.error(`an ${what} is missing here: ${Object.keys(names).join(', ')}`, token)
  }
  return names[name]!
}

export function parseLlc(tokens: TokenReader, start: Token): Primitive {
  const token = tokens.peek()
  const isRnr = token.type === 'word' && token.text === 'rnr'
  const control = token.type === 'name' || isRnr ? controlOf(token.text.toLowerCase()) : null
  if (control === undefined)
    throw tokens.error(
      'an LLC type is missing here: i, s, u, rr, rnr, rej, ui, ua, disc, dm, sabme, test, xid, frmr',
      token,
    )
  if (control !== null) tokens.next()
  return { type: 'llc', control, place: { start: start.start, end: tokens.last.end } }
}

function controlOf(name: string): { readonly bits: number; readonly mask: number } | undefined {
  if (name === 'i') return { bits: 0, mask: 0x01 }
  if (Object.hasOwn(LLC_KINDS, name)) return { bits: LLC_KINDS[name]!, mask: 0x03 }
  if (Object.hasOwn(S_COMMANDS, name)) return { bits: S_COMMANDS[name]!, mask: 0x0f }
  return Object.hasOwn(U_COMMANDS, name) ? { bits: U_COMMANDS[name]!, mask: 0xef } : undefined
}
