/**
 * Where the headers of a frame are while a filter is compiled, and tests of what the link layer says is inside: libpcap's
 * gen_linktype, for each kind of link layer.
 */
import {
  OP_A_TO_X,
  OP_ADD,
  OP_AND,
  OP_BY_X,
  OP_BYTE,
  OP_BYTE_AT_X,
  OP_HALF,
  OP_HALF_AT_X,
  OP_IPV4_LENGTH_X,
  OP_LSH,
  OP_RECALL_X,
  OP_WORD,
  OP_WORD_AT_X,
} from '../abi/filter-code.ts'
import type { LinkLayout, MacFields, TypeField } from './layouts.ts'
import * as network from './network-protocols.ts'
import { ALWAYS, all, any, equals, hasBits, isGreater, NEVER, not, type Step, type Test } from './tests.ts'

export type Size = 1 | 2 | 4

/** A place in the frame: constant, or that far behind what a memory word holds. */
interface Offset {
  constant: number
  readonly register: number | null
}

/** Memory words of the length of a radio header, and of the place of an 802.11 payload; the rest is for calculations. */
export const REGISTER_HEADER = 0
export const REGISTER_PAYLOAD = 1
export const FIRST_FREE_REGISTER = 2

const OPCODES = {
  1: [OP_BYTE, OP_BYTE_AT_X],
  2: [OP_HALF, OP_HALF_AT_X],
  4: [OP_WORD, OP_WORD_AT_X],
} as const

/** AF_INET; AF_INET6 of Linux, of NetBSD and OpenBSD, FreeBSD, and Darwin. */
const AF_INET = 2
const AF_INET6 = [10, 24, 28, 30]
const SLL_802_3 = 1
const SLL_802_2 = 4
const NLPID_IPV4 = 0xcc
const NLPID_IPV6 = 0x8e
const UI = 0x03

export class Link {
  readonly name: string
  typeField: TypeField
  macs: MacFields
  header: Offset
  payload: Offset
  /** Payload to network header. */
  toNetwork: number
  toNetworkWithoutSnap: number
  mplsLabels = 0
  /** Registers that some test needs. */
  usesHeader = false
  usesPayload = false
  #type: Offset

  constructor(layout: LinkLayout) {
    this.name = layout.name
    this.typeField = layout.typeField
    this.macs = layout.macs
    this.header = { constant: layout.header, register: layout.radio === undefined ? null : REGISTER_HEADER }
    this.#type = { constant: layout.type, register: this.header.register }
    this.payload = { constant: layout.payload, register: layout.typeField === 'wlan' ? REGISTER_PAYLOAD : null }
    this.toNetwork = layout.network
    this.toNetworkWithoutSnap = layout.networkWithoutSnap
  }

  inHeader(offset: number, size: Size): Step[] {
    return this.#load(this.header, offset, size)
  }

  inPayload(offset: number, size: Size): Step[] {
    return this.#load(this.payload, offset, size)
  }

  inNetwork(offset: number, size: Size): Step[] {
    return this.#load(this.payload, this.toNetwork + offset, size)
  }

  inNetworkWithoutSnap(offset: number, size: Size): Step[] {
    return this.#load(this.payload, this.toNetworkWithoutSnap + offset, size)
  }

  inType(offset: number, size: Size): Step[] {
    return this.#load(this.#type, offset, size)
  }

  /** Behind an IPv4 header with its options. */
  inIpv4Payload(offset: number, size: Size): Step[] {
    return [...this.ipv4PayloadToX(), [OPCODES[size][1], this.networkConstant + offset]]
  }

  /** X: where the network header ends, from `networkConstant`. */
  ipv4PayloadToX(): Step[] {
    const steps = this.payloadToX()
    if (steps.length === 0) return [[OP_IPV4_LENGTH_X, this.networkConstant]]
    return [
      ...steps,
      [OP_BYTE_AT_X, this.networkConstant],
      [OP_AND, 0xf],
      [OP_LSH, 2],
      [OP_ADD + OP_BY_X, 0],
      [OP_A_TO_X, 0],
    ]
  }

  /** X: what is variable about the place of the payload; no step where nothing is. */
  payloadToX(): Step[] {
    return this.#toX(this.payload)
  }

  headerToX(): Step[] {
    return this.#toX(this.header)
  }

  get networkConstant(): number {
    return this.payload.constant + this.toNetwork
  }

  #toX({ register }: Offset): Step[] {
    if (register === null) return []
    if (register === REGISTER_HEADER) this.usesHeader = true
    else this.usesPayload = true
    return [[OP_RECALL_X, register]]
  }

  #load(from: Offset, offset: number, size: Size): Step[] {
    const toX = this.#toX(from)
    return [...toX, [OPCODES[size][toX.length > 0 ? 1 : 0], (from.constant + offset) >>> 0]]
  }

  /** What follows is behind a VLAN tag. */
  enterVlan(): void {
    this.payload = { ...this.payload, constant: this.payload.constant + 4 }
    this.#type = { ...this.#type, constant: this.#type.constant + 4 }
  }

  enterMpls(): void {
    this.toNetwork += 4
    this.toNetworkWithoutSnap += 4
    this.mplsLabels++
  }

  /** What follows is PPP, behind the six bytes of PPPoE's session header. */
  enterPppoe(): void {
    const constant = this.payload.constant + this.toNetwork + 6
    this.header = { ...this.payload, constant }
    this.#type = this.header
    this.payload = { ...this.header, constant: constant + 2 }
    this.toNetwork = 0
    this.toNetworkWithoutSnap = 0
    this.typeField = 'ppp'
    this.macs = null
  }

  /** `type`: an EtherType, or an LLC SAP when it is no more than 1500. Null: of this link type nobody can say. */
  isType(type: number): Test | null {
    if (this.mplsLabels > 0) return this.#isInMpls(type)
    switch (this.typeField) {
      case 'ethernet':
        return this.#isOnEthernet(type)
      case 'sll':
        return this.#isOnSll(type)
      case 'llc':
        return this.#isInLlc(type)
      case 'wlan':
        return all(this.isDataFrame(), this.#isInLlc(type))
      case 'ppp':
        return equals(this.inType(0, 2), network.pppType(type))
      case 'ppp-bsdos': {
        const types = [network.pppType(type), ...(type === network.ETHERTYPE_IPV4 ? network.PPP_VJ : [])]
        return any(...types.map((one) => equals(this.inType(0, 2), one)))
      }
      case 'ethertype':
        return equals(this.inType(0, 2), type)
      case 'cisco-hdlc':
        return equals(this.inType(0, 2), type === network.SAP_ISO ? (type << 8) | type : type)
      case 'version':
        return this.#isVersion(type)
      case 'ipv4':
        return type === network.ETHERTYPE_IPV4 ? ALWAYS : NEVER
      case 'ipv6':
        return type === network.ETHERTYPE_IPV6 ? ALWAYS : NEVER
      case 'family-host':
      case 'family-network':
        return this.#isFamily(type)
      case 'frame-relay':
        return this.#isOnFrameRelay(type)
      case 'localtalk':
        return type === network.ETHERTYPE_ATALK ? ALWAYS : NEVER
      case 'none':
        return null
    }
  }

  /** 802.3 with an LLC header. */
  hasLlcLength(): Test {
    return not(isGreater(this.inType(0, 2), network.ETHERNET_MTU))
  }

  /** IEEE 802.11-2020 §9.2.4.1.3: a data frame. */
  isDataFrame(): Test {
    return all(not(hasBits(this.inHeader(0, 1), 0x04)), hasBits(this.inHeader(0, 1), 0x08))
  }

  #isOnEthernet(type: number): Test {
    const isIt = equals(this.inType(0, 2), type)
    switch (type) {
      case network.SAP_ISO:
      case network.SAP_IP:
      case network.SAP_NETBEUI:
        return all(this.hasLlcLength(), equals(this.inPayload(0, 2), (type << 8) | type))
      case network.SAP_IPX: {
        const inside = any(
          this.#isSnap(0, network.ETHERTYPE_IPX),
          equals(this.inPayload(0, 1), network.SAP_IPX),
          equals(this.inPayload(0, 2), 0xffff),
        )
        return any(equals(this.inType(0, 2), network.ETHERTYPE_IPX), all(this.hasLlcLength(), inside))
      }
      case network.ETHERTYPE_ATALK:
        return any(isIt, all(this.hasLlcLength(), this.#isSnap(0x080007, type)))
      case network.ETHERTYPE_AARP:
        return any(isIt, all(this.hasLlcLength(), this.#isSnap(0, type)))
    }
    if (type <= network.ETHERNET_MTU) return all(this.hasLlcLength(), equals(this.inPayload(0, 1), type))
    return isIt
  }

  #isOnSll(type: number): Test {
    const isLlc = equals(this.inType(0, 2), SLL_802_2)
    const isIt = equals(this.inType(0, 2), type)
    switch (type) {
      case network.SAP_ISO:
      case network.SAP_IP:
      case network.SAP_NETBEUI:
        return all(isLlc, equals(this.inPayload(0, 2), (type << 8) | type))
      case network.SAP_IPX: {
        const inside = any(equals(this.inPayload(0, 1), network.SAP_IPX), this.#isSnap(0, network.ETHERTYPE_IPX))
        const isRaw = equals(this.inType(0, 2), SLL_802_3)
        return any(equals(this.inType(0, 2), network.ETHERTYPE_IPX), isRaw, all(isLlc, inside))
      }
      case network.ETHERTYPE_ATALK:
        return any(isIt, all(isLlc, this.#isSnap(0x080007, type)))
      case network.ETHERTYPE_AARP:
        return any(isIt, all(isLlc, this.#isSnap(0, type)))
    }
    return type <= network.ETHERNET_MTU ? all(isLlc, equals(this.inPayload(0, 1), type)) : isIt
  }

  #isInLlc(type: number): Test {
    switch (type) {
      case network.SAP_ISO:
      case network.SAP_IP:
      case network.SAP_NETBEUI:
        return equals(this.inPayload(0, 2), (type << 8) | type)
      case network.ETHERTYPE_ATALK:
        return this.#isSnap(0x080007, type)
    }
    // What follows is taken for SNAP, as libpcap does.
    return type <= network.ETHERNET_MTU ? equals(this.inPayload(0, 1), type) : equals(this.inPayload(6, 2), type)
  }

  /** LLC and SNAP headers in full, last word first. */
  #isSnap(organization: number, type: number): Test {
    const start = (network.SAP_SNAP << 24) | (network.SAP_SNAP << 16) | (UI << 8) | (organization >> 16)
    const end = ((organization & 0xffff) << 16) | type
    return all(equals(this.inPayload(4, 4), end), equals(this.inPayload(0, 4), start))
  }

  #isVersion(type: number): Test {
    if (type === network.ETHERTYPE_IPV4) return equals(this.inHeader(0, 1), 0x40, 0xf0)
    return type === network.ETHERTYPE_IPV6 ? equals(this.inHeader(0, 1), 0x60, 0xf0) : NEVER
  }

  /**
   * The AF_ numbers of whatever system has captured, in its byte order. libpcap knows not all of them; none of the numbers means
   * another protocol elsewhere.
   */
  #isFamily(type: number): Test {
    const families = type === network.ETHERTYPE_IPV4 ? [AF_INET] : type === network.ETHERTYPE_IPV6 ? AF_INET6 : []
    const swapped = this.typeField === 'family-host' ? families.map((family) => family << 24) : []
    const values = [...swapped, ...families]
    return values.length === 0 ? NEVER : any(...values.map((value) => equals(this.inHeader(0, 4), value)))
  }

  #isOnFrameRelay(type: number): Test {
    const isNlpid = (nlpid: number) => equals(this.inHeader(2, 2), (UI << 8) | nlpid)
    if (type === network.ETHERTYPE_IPV4) return isNlpid(NLPID_IPV4)
    if (type === network.ETHERTYPE_IPV6) return isNlpid(NLPID_IPV6)
    if (type !== network.SAP_ISO) return NEVER
    return any(isNlpid(network.NLPID_CLNP), isNlpid(network.NLPID_ESIS), isNlpid(network.NLPID_ISIS))
  }

  /** Behind the last label there is no type: only the version of an IP header tells. */
  #isInMpls(type: number): Test | null {
    const version =
      type === network.ETHERTYPE_IPV4 || type === network.PPP_IPV4
        ? 0x40
        : type === network.ETHERTYPE_IPV6 || type === network.PPP_IPV6
          ? 0x60
          : null
    if (version === null) return null
    return all(equals(this.inNetwork(-2, 1), 0x01, 0x01), equals(this.inNetwork(0, 1), version, 0xf0))
  }
}
