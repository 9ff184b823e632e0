/** Inputs → how good a capture they are: the facts that analyze has of it, and what was found in the frames. */
import { Parser } from '../capture/parser.ts'
import { CaptureCheck } from '../check/capture-check.ts'
import type { CheckReport } from '../check/finding.ts'
import { findingsOf } from '../check/findings.ts'
import { parseBy } from '../engine/by.ts'
import { Engine } from '../engine/engine.ts'
import type { CompiledFilter } from '../filter/compiled-filter.ts'
import { createEndpointNamer } from '../names/endpoint-names.ts'
import { type CaptureParts, describeCapture } from './describe-capture.ts'
import type { InputProblem } from './input-problem.ts'
import { chunksOf, type Input } from './inputs.ts'
import { type ReadOptions, readInputs } from './read-inputs.ts'

export interface CheckCaptureOptions extends ReadOptions {
  /** See MOST_CONVERSATIONS. */
  readonly mostConversations?: number | undefined
  /** Go on behind damage. */
  readonly salvage?: boolean | undefined
  /** Only frames that it takes are looked at. */
  readonly filter?: CompiledFilter | undefined
}

/**
 * The report on all inputs as one capture, as analyze would count them. `problems` receives what could not be read; it is in the
 * report too. Null when not one input is a capture.
 */
export async function checkCapture(
  module: WebAssembly.Module,
  inputs: readonly Input[],
  { mostConversations, salvage = false, filter, ...options }: CheckCaptureOptions,
  problems: InputProblem[],
): Promise<CheckReport | null> {
  // The table holds protocols only: a few rows, whatever the capture has.
  const grouping = parseBy('protocol')
  const parser = new Parser(module, {
    keyFields: grouping.keyFields,
    salvage,
    filter,
    ...chunksOf(inputs),
  })
  // No row is ever asked for.
  const names = { ...createEndpointNamer(), interfaceName: () => null }
  const counter = parser.createCounter()
  const engine = new Engine({ table: parser.flows, counter, grouping, names, windowNs: null, stepNs: null })
  const parts: CaptureParts = { parser, engine, files: [], problems, salvage }
  const check = new CaptureCheck({ linktypeOf: (id) => parser.interface(id).linktype, mostConversations })
  for await (const { batch, start, end, stream } of readInputs(module, inputs, parts, options)) {
    // First: counting can grow the memory that the batch is in.
    check.add(batch, start, end, stream)
    engine.add(batch, start, end)
  }
  if (parts.files.length === 0) return null
  const capture = describeCapture(parts)
  return { capture, tcpConversations: check.tcp.size, findings: findingsOf(check, capture) }
}
