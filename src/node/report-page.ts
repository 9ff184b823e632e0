/** build/report.html, the page of a report without its data: made by scripts/build-view.js. */
import { readFileSync } from 'node:fs'

/** As with the module of wasm-module.ts: the same two steps up from everywhere. */
const LOCATION = new URL('../../build/report.html', import.meta.url)

/** Throws when it was never built. */
export function loadReportPage(): string {
  try {
    return readFileSync(LOCATION, 'utf8')
  } catch (cause) {
    throw new Error('the page build/report.html is missing: run npm run build', { cause })
  }
}
