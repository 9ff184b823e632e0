/**
 * What must be known of an 802.11 frame before a filter can be asked: the length of the radio header, and where the payload is.
 * Steps that leave them in memory words, as libpcap 1.10 has them (gen_load_802_11_header_len).
 */
import * as code from '../abi/filter-code.ts'
import type { Instruction } from './assemble.ts'
import type { LinkLayout } from './layouts.ts'
import { type Link, REGISTER_HEADER, REGISTER_PAYLOAD } from './link.ts'

const PRISM_LENGTH = 144
const AVS_COOKIE = 0x80211000
const AVS_COOKIE_MASK = 0xfffff000
const MAC_HEADER = 24
const QOS_FIELD = 2
const DATA_FRAME = 0x08
const NOT_DATA = 0x04
const QOS = 0x80
/** Radiotap's presence word and flags, as big-endian loads find them. */
const HAS_FLAGS = 0x02000000
const HAS_TSFT = 0x01000000
const DATA_PAD = 0x20

/** Instructions with jumps among themselves; `end` stands for what follows them. */
export function wlanHeaders(link: Link, radio: LinkLayout['radio']): Instruction[] {
  if (!link.usesHeader && !link.usesPayload) return []
  const list = new Listing()
  if (radio !== undefined) writeRadioLength(list, radio)
  else list.step(code.OP_CONSTANT_X, 0)
  if (link.usesPayload) writePayload(list, radio === 'radiotap')
  return list.finish()
}

/** Into memory and X. */
function writeRadioLength(list: Listing, radio: NonNullable<LinkLayout['radio']>): void {
  if (radio === 'avs') list.step(code.OP_WORD, 4)
  else if (radio === 'prism') {
    // Some drivers write AVS headers under this link type.
    list.step(code.OP_WORD, 0)
    list.step(code.OP_AND, AVS_COOKIE_MASK)
    list.jump(code.OP_IF_EQUAL, AVS_COOKIE, 'avs', 'prism')
    list.label('avs')
    list.step(code.OP_WORD, 4)
    list.jump(code.OP_IF_BITS, 0, 'known', 'known')
    list.label('prism')
    list.step(code.OP_CONSTANT, PRISM_LENGTH)
    list.label('known')
  } else {
    // Little-endian.
    list.step(code.OP_BYTE, 3)
    list.step(code.OP_LSH, 8)
    list.step(code.OP_A_TO_X, 0)
    list.step(code.OP_BYTE, 2)
    list.step(code.OP_OR + code.OP_BY_X, 0)
  }
  list.step(code.OP_STORE, REGISTER_HEADER)
  list.step(code.OP_A_TO_X, 0)
}

function writePayload(list: Listing, isRadiotap: boolean): void {
  list.step(code.OP_X_TO_A, 0)
  list.step(code.OP_ADD, MAC_HEADER)
  list.step(code.OP_STORE, REGISTER_PAYLOAD)
  list.step(code.OP_BYTE_AT_X, 0)
  list.jump(code.OP_IF_BITS, DATA_FRAME, 'maybe', 'end')
  list.label('maybe')
  list.jump(code.OP_IF_BITS, NOT_DATA, 'end', 'data')
  list.label('data')
  list.jump(code.OP_IF_BITS, QOS, 'qos', 'padding')
  list.label('qos')
  list.step(code.OP_RECALL, REGISTER_PAYLOAD)
  list.step(code.OP_ADD, QOS_FIELD)
  list.step(code.OP_STORE, REGISTER_PAYLOAD)
  list.label('padding')
  if (!isRadiotap) return
  list.step(code.OP_WORD, 4)
  list.jump(code.OP_IF_BITS, HAS_FLAGS, 'flags', 'end')
  list.label('flags')
  list.jump(code.OP_IF_BITS, HAS_TSFT, 'behind', 'first')
  list.label('behind')
  list.step(code.OP_BYTE, 16)
  list.jump(code.OP_IF_BITS, DATA_PAD, 'padded', 'end')
  list.label('first')
  list.step(code.OP_BYTE, 8)
  list.jump(code.OP_IF_BITS, DATA_PAD, 'padded', 'end')
  list.label('padded')
  list.step(code.OP_RECALL, REGISTER_PAYLOAD)
  list.step(code.OP_ADD, 3)
  list.step(code.OP_AND, 0xfffffffc)
  list.step(code.OP_STORE, REGISTER_PAYLOAD)
}

class Listing {
  readonly #instructions: {
    readonly opcode: number
    readonly k: number
    readonly yes?: string
    readonly no?: string
  }[] = []
  readonly #labels = new Map<string, number>()

  step(opcode: number, k: number): void {
    this.#instructions.push({ opcode, k })
  }

  jump(opcode: number, k: number, yes: string, no: string): void {
    this.#instructions.push({ opcode, k, yes, no })
  }

  label(name: string): void {
    this.#labels.set(name, this.#instructions.length)
  }

  finish(): Instruction[] {
    this.label('end')
    const place = (label: string | undefined) => (label === undefined ? 0 : this.#labels.get(label)!)
    return this.#instructions.map(({ opcode, k, yes, no }) => [opcode, k, place(yes), place(no)])
  }
}
