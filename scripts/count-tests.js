// Prints "N passed, N failed" from vitest's report (build/test-results.json) and ends with the status that fits.
// Usage: node scripts/count-tests.js STATUS   STATUS: of the line that ran checks and tests; not 0 counts as a failure.
import { existsSync, readFileSync } from 'node:fs'

const status = Number(process.argv[2] ?? 0)
const report = new URL('../build/test-results.json', import.meta.url)
const results = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : null
const passed = results?.numPassedTests ?? 0
const failedTests = results?.numFailedTests ?? 0
const skipped = results?.numPendingTests ?? 0

// A check or a build that failed, or a test file that did not load, is a failure too.
const failed = failedTests > 0 ? failedTests : status === 0 && passed > 0 ? 0 : 1

if (skipped > 0) console.log(`${skipped} skipped (each says why where it stands)`)
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
