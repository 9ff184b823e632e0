/** In a process of its own, whose compiler it turns off. */
import { execFile } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { builtModule } from '../support/built-module.ts'

/** Milliseconds that it took, after `before` ran. */
async function settledAfter(before: string): Promise<number> {
  const script = `
    import { Worker } from 'node:worker_threads'
    import { settle } from '${pathToFileURL(await builtModule('cli/settle.ts'))}'
    ${before}
    const start = performance.now()
    await settle()
    console.log(performance.now() - start)
    process.exit()`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script])
  return Number(stdout)
}

const LONG_ENOUGH = 'while (performance.now() < 200);'
const BUSY_THREAD = "await new Promise((resolve) => new Worker('for (;;);', { eval: true }).once('online', resolve))"

test('ends while another thread works on and on', async () => {
  const took = await settledAfter(`${LONG_ENOUGH} ${BUSY_THREAD}`)
  expect(took).toBeGreaterThan(1)
  expect(took).toBeLessThan(10_000)
})

test('waits for a thread that works', async () => {
  // A machine that has no processor for the thread just then makes it look idle.
  const several = (before: string) => Promise.all([settledAfter(before), settledAfter(before), settledAfter(before)])
  const idle = Math.min(...(await several(LONG_ENOUGH)))
  expect(Math.max(...(await several(`${LONG_ENOUGH} ${BUSY_THREAD}`)))).toBeGreaterThan(idle)
})
