/** In a pseudo-terminal: the bar appears for long work only, and leaves the screen as it was. */

import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { builtModule } from '../support/built-module.ts'
import { inTerminal } from '../support/netkit-process.ts'
import { missingTools } from '../support/tools.ts'

const missing = missingTools('script')
if (missing !== null) console.log(`progress.test: skipped, ${missing}`)

const built = pathToFileURL(await builtModule('cli/progress.ts')).href

/** What a terminal receives on its stderr from work that takes `ms`. */
async function screenOf(ms: number, total: string, stderr = ''): Promise<string> {
  const code = `
    import { createProgress } from '${built}'
    const progress = createProgress(${total})
    const start = Date.now()
    const timer = setInterval(() => {
      const share = (Date.now() - start) / ${ms}
      progress.update(Math.min(1, share) * ${total})
      if (share < 1) return
      clearInterval(timer)
      progress.stop()
      progress.update(${total})
      console.log('done')
    }, 20)`
  const line = `'${process.execPath}' --input-type=module -e "${code}" ${stderr}`
  return (await inTerminal(line)).stdout
}

test.skipIf(missing !== null)('short work, unknown sizes, no terminal: nothing', async () => {
  const screens = await Promise.all([
    screenOf(300, '1e9'),
    screenOf(1500, 'null'),
    screenOf(1500, '1e9', '2>/dev/null'),
  ])
  for (const screen of screens) expect(screen).toBe('done\r\n')
})

test.skipIf(missing !== null)(
  'long work: a bar, then a clean line and a visible cursor',
  async () => {
    const screen = await screenOf(2200, '1e9')
    expect(screen).toMatch(/reading \[.*\d+ %.*\d+\/954 MiB/)
    expect(screen.lastIndexOf('\x1b[?25h')).toBeGreaterThan(screen.lastIndexOf('\x1b[?25l'))
    // What comes last: to the first column, clear the line, and what the command prints.
    expect(screen.replaceAll('\x1b', '^').slice(screen.lastIndexOf('reading ['))).toMatch(/\^\[1G\^\[2?Kdone\r\n$/)
  },
  20_000,
)
