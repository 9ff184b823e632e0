/**
 * The library in Node: what `import … from 'netkit'` gives there. docs/library.md has examples, docs/reference all of it.
 * `netkit/pcap-parser` is a replacement for npm `pcap-parser`.
 */

export * from './library/exports.ts'
export {
  analyzeCapture,
  createReport,
  loadCaptureModule,
  openCapture,
  readBatches,
  readFrames,
  watchCapture,
} from './node/library.ts'
