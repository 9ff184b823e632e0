// Bundles the page of live --web into build/live/: src/view/live, the view of reports and what they use as one script, and the style. The
// server (src/node/web) hands them out with a policy that allows its own address and nothing else.
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundlePage } from './bundle-page.js'

/** Returns the paths of the modules in it. */
export async function buildLive(root) {
  const output = join(root, 'build/live')
  mkdirSync(output, { recursive: true })
  const { script, style, moduleIds } = await bundlePage(root, 'src/view/live/main.ts', ['src/view/live/live.css'])
  copyFileSync(join(root, 'src/view/live/index.html'), join(output, 'index.html'))
  writeFileSync(join(output, 'page.js'), script)
  writeFileSync(join(output, 'page.css'), style)
  return moduleIds
}
