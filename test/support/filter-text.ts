/** The tree of a filter back to text, with every pair of parentheses and every qualifier written out; and trees at random. */
import * as fc from 'fast-check'
import type { Arithmetic, Expression, Protocol, Qualifiers, Value } from '../../src/filter/ast.ts'

const NOWHERE = { start: 0, end: 0 }

export function filterText(tree: Expression): string {
  switch (tree.type) {
    case 'and':
    case 'or':
      return `(${filterText(tree.left)}) ${tree.type} (${filterText(tree.right)})`
    case 'not':
      return `not (${filterText(tree.operand)})`
    case 'match': {
      const { protocol, direction, kind } = tree.qualifiers
      const words = [protocol === 'link' ? 'ether' : protocol, direction, kind].filter((word) => word !== null)
      return `${words.join(' ')} ${valueText(tree.value)}`
    }
    case 'protocol':
      return tree.protocol
    case 'relation':
      return `${arithmeticText(tree.left)} ${tree.relation} ${arithmeticText(tree.right)}`
    case 'broadcast':
    case 'multicast':
      return `${tree.protocol ?? ''} ${tree.type}`
    case 'less':
    case 'greater':
      return `${tree.type} ${tree.length}`
    case 'vlan':
    case 'mpls':
    case 'pppoes':
      return `${tree.type} ${tree.number ?? ''}`
    default:
      throw new Error(`no text for ${tree.type}`)
  }
}

function valueText(value: Value): string {
  switch (value.type) {
    case 'number':
      return String(value.number)
    case 'name':
      return `\\${value.text}`
    case 'mac':
      return value.bytes.map((byte) => byte.toString(16)).join(':')
    case 'ipv4':
      return value.mask !== undefined ? `${value.text} mask ${value.mask}` : `${value.text}${slash(value.prefix)}`
    case 'ipv6':
      return `${value.text}${slash(value.prefix)}`
  }
}

function slash(prefix: number | undefined): string {
  return prefix === undefined ? '' : `/${prefix}`
}

function arithmeticText(tree: Arithmetic): string {
  switch (tree.type) {
    case 'constant':
      return String(tree.number)
    case 'len':
      return 'len'
    case 'negate':
      return `(-(${arithmeticText(tree.operand)}))`
    case 'load':
      return `${tree.protocol}[${arithmeticText(tree.index)}:${tree.size}]`
    case 'operation':
      return `((${arithmeticText(tree.left)}) ${tree.operator} (${arithmeticText(tree.right)}))`
  }
}

/** Without the places in the text, and with numbers only where text says no more. */
export function withoutPlaces<Tree>(tree: Tree): Tree {
  return JSON.parse(JSON.stringify(tree, (key, value) => (key === 'place' ? undefined : value))) as Tree
}

const protocol = fc.constantFrom<Protocol>('tcp', 'udp', 'ip', 'ip6', 'arp', 'icmp', 'icmp6', 'igmp', 'esp')
const indexed = fc.constantFrom<Protocol>('tcp', 'udp', 'ip', 'ip6', 'arp', 'icmp', 'link')
const u32 = fc.oneof(fc.nat(70_000), fc.nat(0xffffffff))

const { arithmetic } = fc.letrec<{ arithmetic: Arithmetic }>((tie) => ({
  arithmetic: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    u32.map((number): Arithmetic => ({ type: 'constant', number, place: NOWHERE })),
    fc.constant<Arithmetic>({ type: 'len', place: NOWHERE }),
    tie('arithmetic').map((operand): Arithmetic => ({ type: 'negate', operand, place: NOWHERE })),
    fc
      .record({ protocol: indexed, index: tie('arithmetic'), size: fc.constantFrom(1, 2, 4) })
      .map((load): Arithmetic => ({ type: 'load', ...load, place: NOWHERE })),
    fc
      .record({
        operator: fc.constantFrom('+', '-', '*', '/', '%', '&', '|', '^', '<<', '>>'),
        left: tie('arithmetic'),
        right: tie('arithmetic'),
      })
      .map((operation): Arithmetic => ({ type: 'operation', ...operation, place: NOWHERE })),
  ),
}))

const ipv4Text = fc.ipV4()
const direction = fc.constantFrom<Qualifiers['direction']>(null, 'src', 'dst', 'src or dst', 'src and dst')

function match(qualifiers: Partial<Qualifiers>, value: fc.Arbitrary<Value>, way = direction): fc.Arbitrary<Expression> {
  return fc.record({ direction: way, value }).map(({ direction, value }) => ({
    type: 'match',
    qualifiers: { protocol: null, kind: null, direction, ...qualifiers },
    value,
    place: NOWHERE,
  }))
}

const primitive: fc.Arbitrary<Expression> = fc.oneof(
  protocol.map((protocol): Expression => ({ type: 'protocol', protocol, place: NOWHERE })),
  match(
    { kind: 'host' },
    ipv4Text.map((text) => ({ type: 'ipv4', text })),
  ),
  match(
    { kind: 'net' },
    fc
      .record({ text: fc.constantFrom('10.0.0.0', '10.0', '192.168.0.0'), prefix: fc.integer({ min: 16, max: 32 }) })
      .map((net) => ({ type: 'ipv4', ...net })),
  ),
  match(
    { kind: 'host' },
    fc
      .ipV6()
      .filter((text) => !/\.|::$/.test(text))
      .map((text) => ({ type: 'ipv6', text })),
  ),
  match(
    { kind: 'port' },
    fc.nat(0xffff).map((number) => ({ type: 'number', number })),
  ),
  match(
    { kind: 'port', protocol: 'tcp' },
    fc.constantFrom('http', 'domain', 'x11').map((text) => ({ type: 'name', text })),
  ),
  match(
    { kind: 'proto', protocol: 'ip' },
    fc.constantFrom('tcp', 'gre').map((text) => ({ type: 'name', text })),
    fc.constant(null),
  ),
  match(
    { kind: 'host', protocol: 'link' },
    fc.array(fc.nat(255), { minLength: 6, maxLength: 6 }).map((bytes) => ({ type: 'mac', bytes })),
  ),
  fc
    .record({ relation: fc.constantFrom('=', '!=', '<', '<=', '>', '>='), left: arithmetic, right: arithmetic })
    .map((relation): Expression => ({ type: 'relation', ...relation, place: NOWHERE })),
  fc.constantFrom('broadcast', 'multicast').map((type): Expression => ({ type, protocol: 'ip', place: NOWHERE })),
  fc
    .record({ type: fc.constantFrom('less', 'greater'), length: u32 })
    .map((length): Expression => ({ ...length, place: NOWHERE })),
  fc
    .record({ type: fc.constantFrom('vlan', 'mpls', 'pppoes'), number: fc.option(fc.nat(4095)) })
    .map((tag): Expression => ({ ...tag, place: NOWHERE })),
)

export const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
  expression: fc.oneof(
    { depthSize: 'small' },
    primitive,
    fc
      .record({ type: fc.constantFrom('and', 'or'), left: tie('expression'), right: tie('expression') })
      .map((pair): Expression => pair as Expression),
    tie('expression').map((operand): Expression => ({ type: 'not', operand })),
  ),
}))
