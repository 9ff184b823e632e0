/**
 * The tree of a filter to tests of frames of one link type. What each primitive asks, and in which order, is what libpcap 1.10
 * makes of it (gencode.c): a frame that is too short for a question is refused there and then, so the order counts.
 *
 * `vlan`, `mpls` and `pppoes` move the headers for all that follows in the text, not only for what is joined to them by `and`.
 */

import { OP_LENGTH } from '../abi/filter-code.ts'
import { readIpv4, readIpv6 } from './addresses.ts'
import type { Expression, Primitive, Protocol, Qualifiers, Value } from './ast.ts'
import { type Failure, fail } from './failure.ts'
import { generateRelation } from './generate-arithmetic.ts'
import { isHost, isHost6, type Mask6 } from './generate-host.ts'
import { isPort, type PortRange } from './generate-port.ts'
import { ipProtocolOf } from './ip-protocol-names.ts'
import { LINKTYPE_PPPD, LINKTYPE_SLIP, LINKTYPE_SLL, LINKTYPE_SLL2 } from './layouts.ts'
import type { Link } from './link.ts'
import { BROADCAST_MAC, isGroupMac, isMac } from './macs.ts'
import * as network from './network-protocols.ts'
import { isIpProtocol, isProtocol, isTypeOf } from './protocols.ts'
import { serviceOf } from './services.ts'
import { ALWAYS, all, any, equals, isGreater, isNotLess, not, type Test } from './tests.ts'

/** `link` is moved by what the expression says. Throws {@link Failure}. */
export function generate(expression: Expression, link: Link, linktype: number): Test {
  switch (expression.type) {
    case 'and':
    case 'or': {
      // A long row of them leans to the left: it is walked rather than descended into.
      const row: Expression[] = []
      let at: Expression = expression
      for (; at.type === expression.type; at = at.left) row.push(at.right)
      const first = generate(at, link, linktype)
      const tests = [first, ...row.reverse().map((one) => generate(one, link, linktype))]
      return expression.type === 'and' ? all(...tests) : any(...tests)
    }
    case 'not':
      return not(generate(expression.operand, link, linktype))
  }
  try {
    return generatePrimitive(expression, link, linktype)
  } catch (error) {
    const failure = error as Failure
    failure.place ??= expression.place
    throw error
  }
}

const SLL_OUTGOING = 4
const PPPD_OUT = 1
/** Link types of PPP of which libpcap knows no MPLS: serial, PPPoE without Ethernet, pppd. */
const OTHER_PPP: readonly number[] = [50, 51, LINKTYPE_PPPD]
const MOST_VLAN = 0xfff
const MOST_LABEL = 0xfffff
const MOST_SESSION = 0xffff

function generatePrimitive(primitive: Primitive, link: Link, linktype: number): Test {
  switch (primitive.type) {
    case 'match':
      return generateMatch(primitive.qualifiers, primitive.value, link)
    case 'protocol':
      return isProtocol(link, primitive.protocol)
    case 'relation':
      return generateRelation(primitive, link)
    case 'broadcast':
      return isBroadcast(link, primitive.protocol)
    case 'multicast':
      return isMulticast(link, primitive.protocol)
    case 'less':
      return not(isGreater([[OP_LENGTH, 0]], primitive.length))
    case 'greater':
      return isNotLess([[OP_LENGTH, 0]], primitive.length)
    case 'byte': {
      const load = link.inHeader(primitive.index, 1)
      if (primitive.operator === '=') return equals(load, primitive.number)
      return primitive.operator === '>' ? isGreater(load, primitive.number) : not(isNotLess(load, primitive.number))
    }
    case 'inbound':
    case 'outbound': {
      const isOut = isOutbound(link, linktype)
      return primitive.type === 'outbound' ? isOut : not(isOut)
    }
    case 'ifindex':
      if (linktype !== LINKTYPE_SLL2) return fail(`no index of an interface in frames of ${link.name}`)
      return equals(link.inHeader(4, 4), primitive.number)
    case 'pppoed':
      return isTypeOf(link, network.ETHERTYPE_PPPOE_DISCOVERY)
    case 'vlan':
      return isVlan(link, primitive.number)
    case 'mpls':
      return isMpls(link, linktype, primitive.number)
    case 'pppoes':
      return isPppoe(link, primitive.number)
    case 'wlan':
      if (link.typeField !== 'wlan') return fail(`no 802.11 headers in frames of ${link.name}`)
      return equals(link.inHeader(primitive.offset, 1), primitive.bits, primitive.mask)
    case 'llc':
      return isLlc(link, primitive.control)
  }
}

function isOutbound(link: Link, linktype: number): Test {
  if (linktype === LINKTYPE_SLL) return equals(link.inHeader(0, 2), SLL_OUTGOING)
  if (linktype === LINKTYPE_SLL2) return equals(link.inHeader(10, 1), SLL_OUTGOING)
  if (linktype === LINKTYPE_PPPD) return equals(link.inHeader(0, 1), PPPD_OUT)
  if (linktype === LINKTYPE_SLIP) return not(equals(link.inHeader(0, 1), 0))
  return fail(`frames of ${link.name} do not say whether they are inbound or outbound`)
}

function isVlan(link: Link, id: number | null): Test {
  if (link.mplsLabels > 0) return fail('no VLAN tags are looked for behind MPLS labels')
  if (link.typeField !== 'ethernet' && link.typeField !== 'wlan') return fail(`no VLAN tags in frames of ${link.name}`)
  if (id !== null && id > MOST_VLAN) return fail(`a VLAN's number is at most ${MOST_VLAN}`)
  const isTag = any(...network.ETHERTYPES_VLAN.map((type) => isTypeOf(link, type)))
  const test = id === null ? isTag : all(isTag, equals(link.inPayload(0, 2), id, MOST_VLAN))
  link.enterVlan()
  return test
}

function isMpls(link: Link, linktype: number, label: number | null): Test {
  if (label !== null && label > MOST_LABEL) return fail(`an MPLS label is at most ${MOST_LABEL}`)
  const { typeField } = link
  let isLabel: Test
  // The label before this one is not the last.
  if (link.mplsLabels > 0) isLabel = equals(link.inNetwork(-2, 1), 0, 0x01)
  else if (typeField === 'ethernet' || typeField === 'cisco-hdlc') isLabel = isTypeOf(link, network.ETHERTYPE_MPLS)
  else if (typeField === 'ppp' && !OTHER_PPP.includes(linktype)) isLabel = isTypeOf(link, network.PPP_MPLS)
  else return fail(`no MPLS labels in frames of ${link.name}`)
  const test = label === null ? isLabel : all(isLabel, equals(link.inNetwork(0, 4), label << 12, 0xfffff000))
  link.enterMpls()
  return test
}

function isPppoe(link: Link, session: number | null): Test {
  if (session !== null && session > MOST_SESSION) return fail(`a PPPoE session's number is at most ${MOST_SESSION}`)
  const isSession = isTypeOf(link, network.ETHERTYPE_PPPOE_SESSION)
  const test = session === null ? isSession : all(isSession, equals(link.inPayload(0, 4), session, MOST_SESSION))
  link.enterPppoe()
  return test
}

function isLlc(link: Link, control: { readonly bits: number; readonly mask: number } | null): Test {
  const { typeField } = link
  let isLlcFrame: Test
  if (typeField === 'ethernet') isLlcFrame = all(link.hasLlcLength(), not(equals(link.inPayload(0, 2), 0xffff)))
  else if (typeField === 'wlan') isLlcFrame = link.isDataFrame()
  else if (typeField === 'llc')
    return control === null ? ALWAYS : equals(link.inPayload(2, 1), control.bits, control.mask)
  else return fail(`no LLC headers in frames of ${link.name}`)
  return control === null ? isLlcFrame : all(isLlcFrame, equals(link.inPayload(2, 1), control.bits, control.mask))
}

function isBroadcast(link: Link, protocol: Protocol | null): Test {
  if (protocol === null || protocol === 'link') {
    return isMac(link, BROADCAST_MAC, 'dst') ?? fail(`no broadcasts on a link of ${link.name}`)
  }
  if (protocol !== 'ip') return fail('broadcasts are those of the link or of ip')
  // Nobody knows the netmask: both ends of the whole address space, as tcpdump -r has it.
  return all(
    isTypeOf(link, network.ETHERTYPE_IPV4),
    any(equals(link.inNetwork(16, 4), 0), equals(link.inNetwork(16, 4), 0xffffffff)),
  )
}

function isMulticast(link: Link, protocol: Protocol | null): Test {
  switch (protocol) {
    case null:
    case 'link':
      return isGroupMac(link) ?? fail(`no multicast addresses on a link of ${link.name}`)
    case 'ip':
      return all(isTypeOf(link, network.ETHERTYPE_IPV4), isNotLess(link.inNetwork(16, 1), 224))
    case 'ip6':
      return all(isTypeOf(link, network.ETHERTYPE_IPV6), equals(link.inNetwork(24, 1), 255))
  }
  return fail('multicast addresses are those of the link, of ip or of ip6')
}

function generateMatch(qualifiers: Qualifiers, value: Value, link: Link): Test {
  const { protocol, direction, kind } = qualifiers
  if (kind === 'gateway')
    return fail("netkit's filters do not have 'gateway': it needs names that only this machine knows")
  if (kind === 'protochain') return fail("netkit's filters do not have 'protochain': say proto, or ip6[6] and ip6[40]")
  switch (value.type) {
    case 'number':
      return generateNumber(qualifiers, value.number, link)
    case 'name':
      return generateName(qualifiers, value.text, link)
    case 'mac':
      if (protocol !== 'link' || (kind !== null && kind !== 'host')) {
        return fail("an Ethernet address goes with 'ether host', 'ether src' and 'ether dst'")
      }
      return isMac(link, value.bytes, direction) ?? fail(noMac(link, direction))
    case 'ipv4':
      return generateIpv4(qualifiers, value, link)
    case 'ipv6':
      return generateIpv6(qualifiers, value, link)
  }
}

function noMac(link: Link, direction: Qualifiers['direction']): string {
  return link.macs === null
    ? `no Ethernet addresses in frames of ${link.name}`
    : `'${direction}' goes with 802.11 frames, not those of ${link.name}`
}

function generateNumber({ protocol, direction, kind }: Qualifiers, number: number, link: Link): Test {
  switch (kind) {
    case 'port':
    case 'portrange':
      return isPort(link, protocol, direction, { from: checkPort(number), to: number }, kind)
    case 'proto':
      return isValueOf(link, protocol, direction, number)
  }
  if (protocol === 'link') return fail("an Ethernet address has six numbers: 'ether host 00:11:22:33:44:55'")
  let address = number
  let mask = 0xffffffff
  if (kind === 'net') {
    // `net 10` is 10.0.0.0/8.
    while (address !== 0 && address >>> 24 === 0) {
      address = (address << 8) >>> 0
      mask = (mask << 8) >>> 0
    }
  }
  return isHost(link, address, mask, protocol, direction)
}

function checkPort(port: number): number {
  return port > 0xffff ? fail(`a port is at most 65535, not ${port}`) : port
}

function generateName({ protocol, direction, kind }: Qualifiers, name: string, link: Link): Test {
  switch (kind) {
    case 'port': {
      const { from, to, transports } = readPort(name)
      return isPort(link, protocol, direction, { from, to, transports, name }, kind)
    }
    case 'portrange': {
      const [first = '', second, more] = name.split('-')
      if (second === undefined || more !== undefined) {
        const port = readPort(name)
        return isPort(link, protocol, direction, { ...port, name }, kind)
      }
      const from = readPort(first)
      const to = readPort(second)
      return isPort(link, protocol, direction, { from: from.from, to: to.to, name }, kind)
    }
    case 'proto':
      return isValueOf(link, protocol, direction, protocolOf(protocol, name))
  }
  const what = kind === 'net' ? 'network' : 'host'
  const instead =
    protocol === 'link' ? 'its Ethernet address' : kind === 'net' ? 'its addresses, such as 10.0.0.0/8' : 'its address'
  return fail(`'${name}': names of ${what}s are not looked up: write ${instead}`)
}

function readPort(text: string): PortRange {
  if (/^\d+$/.test(text)) {
    const port = checkPort(Number(text))
    return { from: port, to: port }
  }
  const service = serviceOf(text)
  if (service === null) return fail(`'${text}' is no name of a port that netkit knows: write its number`)
  return { from: service.port, to: service.port, transports: service.transports }
}

function protocolOf(protocol: Protocol | null, name: string): number {
  if (protocol === 'link') {
    if (Object.hasOwn(network.LINK_PROTOCOLS, name)) return network.LINK_PROTOCOLS[name]!
    return fail(`'${name}' is no protocol of the link layer: ${Object.keys(network.LINK_PROTOCOLS).join(', ')}`)
  }
  if (protocol === 'iso') {
    if (Object.hasOwn(network.ISO_PROTOCOLS, name)) return network.ISO_PROTOCOLS[name]!
    return fail(`'${name}' is no protocol of iso: esis, isis, clnp`)
  }
  return ipProtocolOf(name) ?? fail(`'${name}' is no name of an IP protocol that netkit knows: write its number`)
}

function isValueOf(link: Link, protocol: Protocol | null, direction: Qualifiers['direction'], value: number): Test {
  if (direction !== null) return fail(`'${direction}' does not go with 'proto'`)
  switch (protocol) {
    case null:
      return any(isIpProtocol(link, 'ip', value), isIpProtocol(link, 'ip6', value))
    case 'ip':
    case 'ip6':
    case 'iso':
    case 'isis':
      return isIpProtocol(link, protocol, value)
    case 'link':
      return isTypeOf(link, value)
  }
  return fail(`'${protocol} proto': ${protocol} does not say what it carries`)
}

type Ipv4Value = Extract<Value, { type: 'ipv4' }>
type Ipv6Value = Extract<Value, { type: 'ipv6' }>

function generateIpv4({ protocol, direction, kind }: Qualifiers, { text, prefix, mask }: Ipv4Value, link: Link): Test {
  const address = readIpv4(text) ?? fail(`'${text}' is not an IPv4 address`)
  const masked = prefix !== undefined || mask !== undefined
  if (masked && kind !== 'net') return fail(`a mask goes with 'net': net ${text}/${prefix ?? mask}`)
  if (kind === 'port' || kind === 'portrange' || kind === 'proto')
    return fail(`'${text}' is an address, not what '${kind}' asks for`)
  if (protocol === 'link') return fail("an Ethernet address has six numbers: 'ether host 00:11:22:33:44:55'")
  if (!masked) return isHost(link, address.number, bitsOf(address.bits), protocol, direction)
  if (prefix !== undefined && prefix > 32) return fail('an IPv4 prefix has at most 32 bits')
  const bits = prefix !== undefined ? bitsOf(prefix) : (readIpv4(mask!)?.number ?? fail(`'${mask}' is not a mask`))
  if ((address.number & ~bits) !== 0)
    return fail(`the address has bits set beyond the network: ${text}/${prefix ?? mask}`)
  return isHost(link, address.number, bits, protocol, direction)
}

function bitsOf(prefix: number): number {
  return prefix === 0 ? 0 : (0xffffffff << (32 - prefix)) >>> 0
}

function generateIpv6({ protocol, direction, kind }: Qualifiers, { text, prefix = 128 }: Ipv6Value, link: Link): Test {
  const words = readIpv6(text) ?? fail(`'${text}' is not an IPv6 address`)
  if (prefix > 128) return fail('an IPv6 prefix has at most 128 bits')
  const masks: Mask6 = words.map((_, i) => bitsOf(Math.max(0, Math.min(32, prefix - 32 * i))))
  if (words.some((word, i) => (word & ~masks[i]!) !== 0)) {
    return fail(`the address has bits set beyond the network: ${text}/${prefix}`)
  }
  if (kind !== 'net' && kind !== 'host' && kind !== null)
    return fail(`'${text}' is an address, not what '${kind}' asks for`)
  if (kind !== 'net' && prefix !== 128) return fail(`a prefix goes with 'net': net ${text}/${prefix}`)
  return isHost6(link, words, masks, protocol, direction)
}
