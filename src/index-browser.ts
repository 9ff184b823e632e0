/** The library in browsers: what `import … from 'netkit'` gives where bundlers build for them, and `netkit/browser` anywhere. */

export {
  analyzeCapture,
  createReport,
  loadCaptureModule,
  openCapture,
  readBatches,
  readFrames,
  watchCapture,
} from './browser/library.ts'
export * from './library/exports.ts'
