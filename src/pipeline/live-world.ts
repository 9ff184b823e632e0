/** What a session counts in: a parser, the counts of its flows, and the view of them. A recording that is set back starts a new one. */
import { KEY_ALL } from '../abi/key-fields.ts'
import { type Basis, Parser } from '../capture/parser.ts'
import type { KeyNames } from '../engine/key-parts.ts'
import type { CompiledFilter } from '../filter/compiled-filter.ts'
import type { NameBook } from '../names/name-book.ts'
import { type GivenNames, keyNamesByDescription } from './key-names.ts'
import { type CountsSoFar, INWARD, LiveCounts, OUTWARD } from './live-counts.ts'
import type { LiveView } from './live-view.ts'
import { NameReading } from './name-reading.ts'
import { NameScanner } from './name-scanner.ts'

export interface World {
  readonly parser: Parser
  readonly counts: LiveCounts
  readonly names: KeyNames
  /** Of the capture's names; null when they are not read. */
  readonly namesRead: NameReading | null
  view: LiveView
  ended: boolean
}

export interface WorldOptions {
  readonly names: GivenNames
  /** See AnalyzeOptions. */
  readonly book?: NameBook | undefined
  readonly basis?: Basis
  readonly inner?: boolean
  /** Only frames that it takes count. */
  readonly filter?: CompiledFilter | undefined
  /** Addresses of this machine, as `names` prints them; with them the picture says what came in and what went out. */
  readonly localAddresses?: ReadonlySet<string> | undefined
}

/** `originNs`: see LiveCounts. */
export function createWorld(
  module: WebAssembly.Module,
  originNs: bigint | null,
  { basis, inner = false, filter, names, book, localAddresses }: WorldOptions,
  createView: (counts: CountsSoFar, names: KeyNames) => LiveView,
): World {
  // Everything, so that any grouping can be made of the flows later.
  const parserOptions = { keyFields: KEY_ALL, inner, filter, names: book !== undefined }
  const parser = new Parser(module, { ...parserOptions, ...(basis !== undefined && { basis }) })
  const keyNames = keyNamesByDescription(names, parser)
  const isLocal = (bytes: Uint8Array) => localAddresses!.has(names.describe(bytes).address)
  const directionOf = (flow: number) => {
    const { source, destination } = parser.flows.row(flow)
    return (isLocal(source) ? OUTWARD : 0) | (isLocal(destination) ? INWARD : 0)
  }
  const direction = localAddresses === undefined ? null : remembered(directionOf)
  const counts = new LiveCounts(parser.flows, parser.createCounter(), originNs, direction)
  const namesRead = book === undefined ? null : new NameReading(new NameScanner(parser, inner), book)
  return { parser, counts, names: keyNames, namesRead, view: createView(counts, keyNames), ended: false }
}

/** The capture's own statistics, of all interfaces that have them. */
export function droppedOf(parser: Parser): number | null {
  let sum: number | null = null
  for (const { dropped } of parser.interfaces()) if (dropped !== null) sum = (sum ?? 0) + dropped
  return sum
}

/** Asked once for each flow. */
function remembered(directionOf: (flow: number) => number): (flow: number) => number {
  let known = new Uint8Array(1024)
  return (flow) => {
    if (flow >= known.length) {
      const grown = new Uint8Array(flow * 2)
      grown.set(known)
      known = grown
    }
    if (known[flow] === 0) known[flow] = directionOf(flow) + 1
    return known[flow]! - 1
  }
}
