/** The library's functions in browsers: addresses are fetched, Blobs and bytes are read, module and page are files beside the code. */
import { type Source, SourceUnavailable } from '../capture/source.ts'
import { type CaptureAnalysis, startAnalysis } from '../library/analyze-capture.ts'
import type { AnalyzeCaptureOptions } from '../library/analyze-options.ts'
import { type CaptureInput, type Host, isSource, type ModuleSource } from '../library/host.ts'
import { type CaptureBatches, openBatches, type ReadBatchesOptions } from '../library/read-batches.ts'
import { type CapturedFrame, framesIn, type ReadFramesOptions } from '../library/read-frames.ts'
import { type CaptureReport, type CreateReportOptions, reportOn } from '../library/report-capture.ts'
import { startWatching, type WatchCaptureOptions } from '../library/watch-capture.ts'
import type { Input } from '../pipeline/inputs.ts'
import { openBlob } from './open-blob.ts'
import { openChunks } from './stream-bytes.ts'
import * as packaged from './wasm-module.ts'

/** Given by the caller, in place of the package's own file. */
let given: Promise<WebAssembly.Module> | null = null

const host: Host = {
  module: () => given ?? packaged.loadCaptureModule(),
  inputs: async (captures) => captures.map(inputOf),
}

/**
 * Loads netkit.wasm from somewhere else than beside the code, for everything that is called afterwards. Bundlers that know
 * `new URL(…, import.meta.url)` find the package's own, and nothing has to be called; the file is exported as `netkit/netkit.wasm` too.
 * Rejects with an Error when it cannot be fetched, and with a `WebAssembly.CompileError` for what is no module, or where the page's policy
 * has no 'wasm-unsafe-eval'.
 */
export async function loadCaptureModule(from?: ModuleSource): Promise<void> {
  const loading = packaged.loadCaptureModule(from as packaged.ModuleSource | undefined)
  if (from !== undefined) given = loading
  await loading
}

/**
 * Who talked to whom, how fast: records of one capture, or of several as one, merged by time. Reading begins when the first record is
 * asked for. Throws at once, an Error in the user's terms, for options that are none (a `FilterError` points into the filter).
 */
export function analyzeCapture(
  from: CaptureInput | readonly CaptureInput[],
  options: AnalyzeCaptureOptions = {},
): CaptureAnalysis {
  return startAnalysis(host, from, options)
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
  return reportOn(host, loadReportPage, from, options)
}

/** Its address is where bundlers look for it; without a report none is loaded, nor copied. */
async function loadReportPage(): Promise<string> {
  return (await get(new URL('../../build/report.html', import.meta.url))).text()
}

/**
 * The bytes of a capture, decompressed, for whoever wants to stand between them and what reads them. Rejects with a `SourceUnavailable`
 * when an address cannot be fetched.
 */
export async function openCapture(from: CaptureInput): Promise<Source> {
  if (typeof from === 'string' || from instanceof URL) {
    const { body } = await get(from)
    return openChunks(body!, String(from))
  }
  if (from instanceof Blob) return openBlob(from)
  if (from instanceof ArrayBuffer || from instanceof Uint8Array)
    return openBlob(new Blob([from as Uint8Array<ArrayBuffer>]))
  if (isSource(from)) return from
  if (!(Symbol.asyncIterator in from || 'getReader' in from)) {
    throw new TypeError('a capture is an address, a URL, a Blob, bytes, or something that hands them out in chunks')
  }
  return openChunks(from, 'capture')
}

function inputOf(from: CaptureInput): Input {
  const isAddress = typeof from === 'string' || from instanceof URL
  const bytes = from instanceof Uint8Array || from instanceof ArrayBuffer ? from.byteLength : null
  const size = from instanceof Blob ? from.size : bytes
  return { name: nameOf(from), repeatable: isAddress || size !== null, size, open: () => openCapture(from) }
}

function nameOf(from: CaptureInput): string {
  if (typeof from === 'string' || from instanceof URL) return String(from)
  return 'name' in from && typeof from.name === 'string' && from.name !== '' ? from.name : 'capture'
}

async function get(address: string | URL): Promise<Response> {
  let response: Response
  try {
    response = await fetch(address)
  } catch (cause) {
    throw new SourceUnavailable(
      `cannot load ${String(address)}: ${cause instanceof Error ? cause.message : 'unknown error'}`,
      { cause },
    )
  }
  if (response.ok && response.body !== null) return response
  throw new SourceUnavailable(`cannot load ${String(address)}: ${response.status} ${response.statusText}`.trim())
}
