/**
 * The library: what the commands are made of. `netkit/pcap-parser` is a replacement for npm `pcap-parser`.
 */

export type { FlowRow, FlowTable } from './capture/flow-row.ts'
export type { FrameBatch, StreamBatch } from './capture/frame-batch.ts'
export { type Basis, type CaptureInterface, Parser, type ParserOptions } from './capture/parser.ts'
export { type Source, SourceDamage, SourceUnavailable } from './capture/source.ts'
export type { CaptureStream } from './capture/stream.ts'
export * from './decoders/decode-frame.ts'
export { parseBy } from './engine/by.ts'
export { Engine, type EngineOptions } from './engine/engine.ts'
export type * from './engine/records.ts'
export { compileFilter } from './filter/compile-filter.ts'
export type { CompiledFilter, FilterRefusal } from './filter/compiled-filter.ts'
export { FilterError, type Place } from './filter/filter-error.ts'
export { createLogger, LOG_FORMATS, type LogFormat } from './loggers/create-logger.ts'
export type { Logger, LoggerOptions } from './loggers/logger.ts'
export { createEndpointNamer } from './names/endpoint-names.ts'
export { labelAddress } from './names/labels.ts'
export { findInputs } from './node/inputs.ts'
export { openSource } from './node/open-source.ts'
export { loadCaptureModule } from './node/wasm-module.ts'
export { type AnalyzeOptions, analyze, describeAnalysis } from './pipeline/analyze.ts'
