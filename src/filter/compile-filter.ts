/**
 * A filter expression to a program for each link type: what the module runs on each frame (assembly/filter.ts). Plain values, so
 * that it can be sent to another thread.
 */
import {
  FILTER_ENTRY_WORDS,
  FILTER_OF_FLOWS,
  FILTER_OTHER_LINKTYPES,
  FILTER_REFUSES,
  OP_WORD,
} from '../abi/filter-code.ts'
import { assemble } from './assemble.ts'
import type { Expression } from './ast.ts'
import type { CompiledFilter, FilterRefusal } from './compiled-filter.ts'
import { Failure } from './failure.ts'
import { FilterError } from './filter-error.ts'
import { generate } from './generate.ts'
import { LAYOUTS, type LinkLayout, OTHER_LAYOUT } from './layouts.ts'
import { Link } from './link.ts'
import { isOfFlows } from './of-flows.ts'
import { parseFilter } from './parse.ts'
import { ALWAYS, all, equals } from './tests.ts'
import { wlanHeaders } from './wlan-headers.ts'

const ETHERNET = 1
/** LINKTYPE_IEEE802_11, little-endian. */
const PPI_OF_WLAN = 0x69000000

/**
 * The programs of a filter in the language of tcpdump (pcap-filter(7)). Throws {@link FilterError}, with the place in the
 * expression, for one that is no filter, or that no link type has an answer to. A link type that has none, while others do, is
 * an error when a frame of it is read.
 *
 * Semantics are those of libpcap 1.10. Names of hosts and networks are not looked up; `gateway`, `protochain` and `geneve` are
 * refused.
 */
export function compileFilter(expression: string): CompiledFilter {
  const tree = parseFilter(expression)
  const refusals: FilterRefusal[] = []
  const programs: { linktype: number; flags: number; code: Uint32Array }[] = []
  const layouts: (readonly [number, LinkLayout])[] = [...LAYOUTS, [FILTER_OTHER_LINKTYPES, OTHER_LAYOUT]]
  for (const [linktype, layout] of layouts) {
    const compiled = compileFor(expression, tree, linktype, layout)
    if (compiled instanceof Uint32Array) {
      programs.push({ linktype, flags: tree !== null && isOfFlows(tree) ? FILTER_OF_FLOWS : 0, code: compiled })
    } else {
      refusals.push(compiled)
      programs.push({ linktype, flags: FILTER_REFUSES, code: new Uint32Array(0) })
    }
  }
  if (refusals.length === layouts.length) {
    const { reason, place } = refusals.find(({ linktype }) => linktype === ETHERNET)!
    throw new FilterError(reason, expression, place)
  }
  return { expression, table: tableOf(programs), refusals }
}

function compileFor(
  expression: string,
  tree: Expression | null,
  linktype: number,
  layout: LinkLayout,
): Uint32Array | FilterRefusal {
  const whole = { start: 0, end: expression.length }
  try {
    const link = new Link(layout)
    const test = tree === null ? ALWAYS : generate(tree, link, linktype)
    const before = wlanHeaders(link, layout.radio)
    // What PPI carries may be of another link type.
    const code = assemble(layout.radio === 'ppi' ? all(equals([[OP_WORD, 4]], PPI_OF_WLAN), test) : test, before)
    return code ?? { linktype, reason: 'the filter is too long', place: whole }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return { linktype, reason: error.message, place: error.place ?? whole }
  }
}

function tableOf(
  programs: readonly { linktype: number; flags: number; code: Uint32Array }[],
): Uint32Array<ArrayBuffer> {
  const headLength = 1 + programs.length * FILTER_ENTRY_WORDS
  const length = programs.reduce((sum, { code }) => sum + code.length, headLength)
  const table = new Uint32Array(length)
  table[0] = programs.length
  let at = headLength
  programs.forEach(({ linktype, flags, code }, i) => {
    table.set([linktype, flags, at], 1 + i * FILTER_ENTRY_WORDS)
    table.set(code, at)
    at += code.length
  })
  return table
}
