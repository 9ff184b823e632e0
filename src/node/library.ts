/** The library's functions in Node: paths, streams and bytes are opened, the module and the page are files of the package. */
import { readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { Source } from '../capture/source.ts'
import { type CaptureAnalysis, startAnalysis } from '../library/analyze-capture.ts'
import type { AnalyzeCaptureOptions } from '../library/analyze-options.ts'
import { type CaptureInput, type Host, isSource, type ModuleSource } from '../library/host.ts'
import { type CaptureBatches, openBatches, type ReadBatchesOptions } from '../library/read-batches.ts'
import { type CapturedFrame, framesIn, type ReadFramesOptions } from '../library/read-frames.ts'
import { type CaptureReport, type CreateReportOptions, reportOn } from '../library/report-capture.ts'
import { orUnreadable } from '../library/unreadable-capture.ts'
import { startWatching, type WatchCaptureOptions } from '../library/watch-capture.ts'
import type { Input } from '../pipeline/inputs.ts'
import { findInputs } from './inputs.ts'
import { openReadable, openSource } from './open-source.ts'
import { rangesOn } from './range-pool.ts'
import { loadReportPage } from './report-page.ts'
import * as packaged from './wasm-module.ts'

/** Given by the caller, in place of the package's own file. */
let given: WebAssembly.Module | null = null

const host: Host = {
  module: async () => given ?? packagedModule(),
  inputs: async (captures) => (await Promise.all(captures.map(inputsOf))).flat(),
}

/**
 * Loads netkit.wasm from somewhere else than the package, for everything that is called afterwards: needed where a bundler has moved the
 * code away from it. The file is exported as `netkit/netkit.wasm`. Without `from` the package's own is loaded, which the first call of
 * anything else would do. Rejects with an Error when it cannot be read, and with a `WebAssembly.CompileError` for what is no module.
 */
export async function loadCaptureModule(from?: ModuleSource): Promise<void> {
  if (from === undefined) packagedModule()
  else given = from instanceof WebAssembly.Module ? from : await WebAssembly.compile(await bytesOf(from))
}

function packagedModule(): WebAssembly.Module {
  try {
    return packaged.loadCaptureModule()
  } catch (cause) {
    const remedy = 'call loadCaptureModule with its path or its bytes: it is exported as netkit/netkit.wasm'
    throw new Error(`netkit.wasm is not where the package has it (was the code bundled?): ${remedy}`, { cause })
  }
}

async function bytesOf(from: ModuleSource): Promise<Uint8Array<ArrayBuffer>> {
  if (from instanceof Response) return new Uint8Array(await from.arrayBuffer())
  if (typeof from === 'string' || (from instanceof URL && from.protocol === 'file:')) {
    return new Uint8Array(await readFile(from))
  }
  if (from instanceof URL) return bytesOf(await fetch(from))
  return new Uint8Array(from as ArrayBuffer | Uint8Array)
}

/**
 * Who talked to whom, how fast: records of one capture, or of several as one, merged by time. Reading begins when the first record is
 * asked for. Throws at once, an Error in the user's terms, for options that are none (a `FilterError` points into the filter).
 */
export function analyzeCapture(
  from: CaptureInput | readonly CaptureInput[],
  options: AnalyzeCaptureOptions = {},
): CaptureAnalysis {
  const { jobs = 1 } = options
  const startRanges = jobs > 1 ? (module: WebAssembly.Module) => rangesOn(jobs, module) : undefined
  return startAnalysis(host, from, options, startRanges)
}

/**
 * A capture that is running: a span for each window as soon as it is over, as `netkit live` prints them; the capture record is the last.
 * Reading goes on while nobody takes the records, until a million rows wait. It ends with the source (end the capture tool), with `break`, or by
 * the signal. Throws at once for options that are none.
 */
export function watchCapture(from: CaptureInput, options: WatchCaptureOptions = {}): CaptureAnalysis {
  return startWatching(host, from, options)
}

/**
 * Frames of one capture, or of several merged by time, an object each: for looking into them, see `decodeFrame`. Counting is much faster
 * with `analyzeCapture`, or `readBatches`. Throws an `UnreadableCapture` when not one input is a capture.
 */
export function readFrames(
  from: CaptureInput | readonly CaptureInput[],
  options: ReadFramesOptions = {},
): AsyncGenerator<CapturedFrame> {
  return framesIn(host, from, options)
}

/**
 * Frames of a capture as columns over the memory of the WebAssembly module, up to 4096 at once, and the table of their flows. Rejects
 * with an `UnreadableCapture` when there is nothing to open.
 */
export function readBatches(from: CaptureInput, options: ReadBatchesOptions = {}): Promise<CaptureBatches> {
  return openBatches(host, from, options)
}

/**
 * A report of one capture, or of several as one: its data, and the HTML file that `netkit report` writes. Captures are read twice, so
 * streams are refused with a TypeError. Rejects with an `UnreadableCapture` when not one input is a capture.
 */
export function createReport(
  from: CaptureInput | readonly CaptureInput[],
  options: CreateReportOptions = {},
): Promise<CaptureReport> {
  return reportOn(host, async () => loadReportPage(), from, options)
}

/**
 * The bytes of a capture, decompressed, for whoever wants to stand between them and what reads them. Rejects with a `SourceUnavailable`
 * when there is no such file, or no permission, or it is a folder.
 */
export async function openCapture(from: CaptureInput): Promise<Source> {
  const path = pathOf(from)
  if (path !== null) return openSource(path)
  return isSource(from as object) ? (from as Source) : openReadable(readableOf(from), nameOf(from))
}

async function inputsOf(from: CaptureInput): Promise<readonly Input[]> {
  const path = pathOf(from)
  if (path !== null) return orUnreadable(path, findInputs([path]))
  const bytes = from instanceof Uint8Array || from instanceof ArrayBuffer ? from.byteLength : null
  const size = from instanceof Blob ? from.size : bytes
  return [
    {
      name: isSource(from as object) ? (from as Source).name : nameOf(from),
      repeatable: size !== null,
      size,
      open: () => openCapture(from),
    },
  ]
}

/** Null for what is no file. */
function pathOf(from: CaptureInput): string | null {
  if (typeof from === 'string') return from
  if (!(from instanceof URL)) return null
  if (from.protocol !== 'file:')
    throw new TypeError(`only file: addresses are opened here, not ${from.href}: fetch it, and give its body`)
  return fileURLToPath(from)
}

function nameOf(from: CaptureInput): string {
  return from instanceof Blob && 'name' in from ? String(from.name) : 'capture'
}

function readableOf(from: CaptureInput): Readable {
  if (from instanceof Readable) return from
  if (from instanceof ArrayBuffer) return Readable.from([new Uint8Array(from)])
  if (from instanceof Uint8Array) return Readable.from([from])
  const chunks = from instanceof Blob ? from.stream() : from
  if (!(Symbol.asyncIterator in (chunks as object))) {
    throw new TypeError('a capture is a path, a URL, a Blob, bytes, or something that hands them out in chunks')
  }
  return Readable.from(chunks as AsyncIterable<Uint8Array>)
}
