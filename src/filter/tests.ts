/** What a filter is compiled to before it is code: tests of a frame, joined. What is first is asked first, and no more than needed. */
import { OP_AND, OP_IF_BITS, OP_IF_EQUAL, OP_IF_GREATER, OP_IF_NOT_LESS } from '../abi/filter-code.ts'

/** An instruction that does not jump. */
export type Step = readonly [opcode: number, k: number]

export type Test =
  | { readonly type: 'all' | 'any'; readonly tests: readonly Test[] }
  | { readonly type: 'not'; readonly test: Test }
  | { readonly type: 'always'; readonly verdict: boolean }
  /** Steps that leave something in A (and X), and what it is compared with. */
  | { readonly type: 'compare'; readonly steps: readonly Step[]; readonly opcode: number; readonly k: number }

export const ALWAYS: Test = { type: 'always', verdict: true }
export const NEVER: Test = { type: 'always', verdict: false }

export function all(...tests: readonly Test[]): Test {
  return tests.length === 1 ? tests[0]! : { type: 'all', tests }
}

export function any(...tests: readonly Test[]): Test {
  return tests.length === 1 ? tests[0]! : { type: 'any', tests }
}

export function not(test: Test): Test {
  return { type: 'not', test }
}

const WHOLE = 0xffffffff

/** With a mask of nothing there is no question, and no byte is needed: libpcap's optimizer sees it alike. */
export function equals(load: readonly Step[], value: number, mask = WHOLE): Test {
  if (mask === 0) return value === 0 ? ALWAYS : NEVER
  const steps: readonly Step[] = mask === WHOLE ? load : [...load, [OP_AND, mask]]
  return { type: 'compare', steps, opcode: OP_IF_EQUAL, k: value >>> 0 }
}

export function isGreater(load: readonly Step[], value: number): Test {
  return { type: 'compare', steps: load, opcode: OP_IF_GREATER, k: value >>> 0 }
}

export function isNotLess(load: readonly Step[], value: number): Test {
  return { type: 'compare', steps: load, opcode: OP_IF_NOT_LESS, k: value >>> 0 }
}

export function hasBits(load: readonly Step[], bits: number): Test {
  return { type: 'compare', steps: load, opcode: OP_IF_BITS, k: bits >>> 0 }
}
