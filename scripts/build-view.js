// Bundles the page of reports into build/report.html: src/view and what it uses as one script, its style, and the licences of the packages
// that the script holds copies of. Nothing in it comes from anywhere else, and its policy lets nothing in: script and style are known by
// their hashes. Places for what is of one capture stay open (src/report/fill-page.ts).
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundlePage } from './bundle-page.js'
import { licences } from './licences.js'

/** Returns the paths of the modules in it. */
export async function buildView(root) {
  const { script, style, moduleIds } = await bundlePage(root, 'src/view/main.ts')
  // Both would end the element, or change how it is read.
  if (/<\/script|<!--/i.test(script) || /<\/style/i.test(style)) throw new Error('script or style holds markup')
  const contents = {
    policy: policyFor(script, style),
    style,
    script,
    licences: licences(moduleIds),
  }
  const page = readFileSync(join(root, 'src/view/page.html'), 'utf8')
  writeFileSync(
    join(root, 'build/report.html'),
    page.replace(/\{\{(\w+)\}\}/g, (_, name) => contents[name]),
  )
  return moduleIds
}

function policyFor(script, style) {
  const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
  return [
    "default-src 'none'",
    `script-src ${hash(script)}`,
    `style-src ${hash(style)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
}
