/** `tcp[13] & 7 != 0` to a test: first that the frame has the headers whose bytes are named, then the calculation. */
import * as code from '../abi/filter-code.ts'
import type { Arithmetic, Operator, Primitive, Protocol } from './ast.ts'
import { Failure, fail } from './failure.ts'
import { isFirstFragment } from './generate-port.ts'
import { FIRST_FREE_REGISTER, type Link } from './link.ts'
import { ETHERTYPE_IPV4, ETHERTYPE_IPV6 } from './network-protocols.ts'
import { isProtocol, isTypeOf } from './protocols.ts'
import { all, equals, not, type Step, type Test } from './tests.ts'

type RelationNode = Extract<Primitive, { type: 'relation' }>

const OPCODES: Readonly<Record<Operator, number>> = {
  ...{ '+': code.OP_ADD, '-': code.OP_SUB, '*': code.OP_MUL, '/': code.OP_DIV, '%': code.OP_MOD },
  ...{ '&': code.OP_AND, '|': code.OP_OR, '^': code.OP_XOR, '<<': code.OP_LSH, '>>': code.OP_RSH },
}
const LOADS: Readonly<Record<number, number>> = {
  1: code.OP_BYTE_AT_X,
  2: code.OP_HALF_AT_X,
  4: code.OP_WORD_AT_X,
}
const ABSOLUTE_LOADS: Readonly<Record<number, number>> = { 1: code.OP_BYTE, 2: code.OP_HALF, 4: code.OP_WORD }
const ICMPV6 = 58
const IPV6_HEADER_LEN = 40

/** Steps that leave the value in A, and what must hold before they are taken. */
interface Calculation {
  readonly steps: readonly Step[]
  readonly conditions: readonly Test[]
}

export function generateRelation({ relation, left, right }: RelationNode, link: Link): Test {
  const a = calculate(left, link, FIRST_FREE_REGISTER)
  const b = calculate(right, link, FIRST_FREE_REGISTER + 1)
  const steps: Step[] = [
    ...a.steps,
    [code.OP_STORE, FIRST_FREE_REGISTER],
    ...b.steps,
    [code.OP_A_TO_X, 0],
    [code.OP_RECALL, FIRST_FREE_REGISTER],
  ]
  const compare = (opcode: number): Test => ({ type: 'compare', steps, opcode, k: 0 })
  const test = {
    '=': () => compare(code.OP_IF_EQUAL_X),
    '!=': () => not(compare(code.OP_IF_EQUAL_X)),
    '>': () => compare(code.OP_IF_GREATER_X),
    '<=': () => not(compare(code.OP_IF_GREATER_X)),
    '>=': () => compare(code.OP_IF_NOT_LESS_X),
    '<': () => not(compare(code.OP_IF_NOT_LESS_X)),
  }[relation]()
  return all(...a.conditions, ...b.conditions, test)
}

/** Memory words from `free` on are not in use. */
function calculate(tree: Arithmetic, link: Link, free: number): Calculation {
  if (free >= code.FILTER_MEMORY_WORDS) return failAt(tree, 'this calculation has too many parts within parts')
  switch (tree.type) {
    case 'constant':
      return { steps: [[code.OP_CONSTANT, tree.number]], conditions: [] }
    case 'len':
      return { steps: [[code.OP_LENGTH, 0]], conditions: [] }
    case 'negate': {
      const { steps, conditions } = calculate(tree.operand, link, free)
      return { steps: [...steps, [code.OP_NEG, 0]], conditions }
    }
    case 'load':
      return calculateLoad(tree, link, free)
    case 'operation':
      return calculateOperation(tree, link, free)
  }
}

function calculateOperation(tree: Extract<Arithmetic, { type: 'operation' }>, link: Link, free: number): Calculation {
  const { operator, left, right } = tree
  if (right.type === 'constant') {
    if ((operator === '/' || operator === '%') && right.number === 0) return failAt(right, 'division by zero')
    if ((operator === '<<' || operator === '>>') && right.number > 31)
      return failAt(right, 'a shift by more than 31 bits')
  }
  const a = calculate(left, link, free)
  const b = calculate(right, link, free + 1)
  return {
    steps: [
      ...a.steps,
      [code.OP_STORE, free],
      ...b.steps,
      [code.OP_A_TO_X, 0],
      [code.OP_RECALL, free],
      [OPCODES[operator] + code.OP_BY_X, 0],
    ],
    conditions: [...a.conditions, ...b.conditions],
  }
}

function calculateLoad(tree: Extract<Arithmetic, { type: 'load' }>, link: Link, free: number): Calculation {
  const load = LOADS[tree.size]
  if (load === undefined) return failAt(tree, 'a field has 1, 2 or 4 bytes')
  const place = constantOf(tree.index)
  // A constant is part of the place, and wraps there: ip[-1] is the byte before the header, as in libpcap's optimized code.
  const index = place === null ? calculate(tree.index, link, free) : { steps: [], conditions: [] }
  try {
    const { toX, constant, conditions } = headerOf(tree.protocol, link, index.conditions)
    if (place !== null) {
      const at = (constant + place) >>> 0
      const steps: Step[] = toX.length === 0 ? [[ABSOLUTE_LOADS[tree.size]!, at]] : [...toX, [load, at]]
      return { steps, conditions }
    }
    const add: Step[] =
      toX.length === 0 ? [] : [[code.OP_STORE, free], ...toX, [code.OP_RECALL, free], [code.OP_ADD + code.OP_BY_X, 0]]
    return { steps: [...index.steps, ...add, [code.OP_A_TO_X, 0], [load, constant >>> 0]], conditions }
  } catch (error) {
    if (error instanceof Failure) error.place ??= tree.place
    throw error
  }
}

/** What does not depend on the frame; null for what does, or is an error. */
function constantOf(tree: Arithmetic): number | null {
  if (tree.type === 'constant') return tree.number
  if (tree.type === 'negate') {
    const operand = constantOf(tree.operand)
    return operand === null ? null : -operand >>> 0
  }
  if (tree.type !== 'operation') return null
  const left = constantOf(tree.left)
  const right = constantOf(tree.right)
  return left === null || right === null ? null : operate(tree.operator, left, right)
}

function operate(operator: Operator, a: number, b: number): number | null {
  switch (operator) {
    case '+':
      return (a + b) >>> 0
    case '-':
      return (a - b) >>> 0
    case '*':
      return Math.imul(a, b) >>> 0
    case '&':
      return (a & b) >>> 0
    case '|':
      return (a | b) >>> 0
    case '^':
      return (a ^ b) >>> 0
    case '<<':
      return b < 32 ? (a << b) >>> 0 : null
    case '>>':
      return b < 32 ? a >>> b : null
    case '/':
      return b === 0 ? null : Math.floor(a / b)
    case '%':
      return b === 0 ? null : a % b
  }
}

interface Header {
  /** What is variable about its place, into X. */
  readonly toX: readonly Step[]
  readonly constant: number
  readonly conditions: readonly Test[]
}

function headerOf(protocol: Protocol, link: Link, conditions: readonly Test[]): Header {
  switch (protocol) {
    case 'radio':
      if (link.name !== '802.11' || link.header.register === null)
        return fail(`no radio headers in frames of ${link.name}`)
      return { toX: [], constant: 0, conditions }
    case 'link':
      return { toX: link.headerToX(), constant: link.header.constant, conditions }
    case 'ip':
    case 'ip6':
    case 'arp':
    case 'rarp':
    case 'atalk':
    case 'decnet':
    case 'sca':
    case 'lat':
    case 'moprc':
    case 'mopdl': {
      const toX = link.payloadToX()
      return { toX, constant: link.networkConstant, conditions: [...conditions, isProtocol(link, protocol)] }
    }
    case 'tcp':
    case 'udp':
    case 'sctp':
    case 'icmp':
    case 'igmp':
    case 'igrp':
    case 'pim':
    case 'vrrp':
    case 'carp': {
      // Over IPv4 alone, as libpcap has it.
      const isIpv4 = isTypeOf(link, ETHERTYPE_IPV4)
      const before = [isIpv4, ...conditions, isProtocol(link, protocol), isFirstFragment(link)]
      return { toX: link.ipv4PayloadToX(), constant: link.networkConstant, conditions: before }
    }
    case 'icmp6': {
      const isIcmp = equals(link.inNetwork(6, 1), ICMPV6)
      const before = [...conditions, isTypeOf(link, ETHERTYPE_IPV6), isIcmp]
      return { toX: link.payloadToX(), constant: link.networkConstant + IPV6_HEADER_LEN, conditions: before }
    }
  }
  return fail(`bytes of '${protocol}' cannot be named: link, ip, ip6, arp, tcp, udp, icmp, icmp6 and the like can`)
}

function failAt({ place }: Arithmetic, reason: string): never {
  const failure = new Failure(reason)
  failure.place = place
  throw failure
}
