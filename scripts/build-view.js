// Bundles the page of reports into build/report.html: src/view and what it uses as one script, its style, and the licences of the packages
// that the script holds copies of. Nothing in it comes from anywhere else, and its policy lets nothing in: script and style are known by
// their hashes. Places for what is of one capture stay open (src/report/fill-page.ts).
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { rolldown } from 'rolldown'
import { licences } from './licences.js'

/** Returns the paths of the modules in it. */
export async function buildView(root) {
  const folder = join(root, 'src/view')
  const bundle = await rolldown({
    cwd: root,
    input: 'src/view/main.ts',
    platform: 'browser',
    tsconfig: false,
    // The same code without Buffer.
    resolve: { alias: { 'csv-stringify/sync': 'csv-stringify/browser/esm/sync' } },
  })
  const { output } = await bundle.generate({ format: 'iife', minify: true })
  await bundle.close()
  const [{ code, moduleIds }] = output
  const script = code.trim()
  const style = [join(root, 'node_modules/uplot/dist/uPlot.min.css'), join(folder, 'page.css')]
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n')
  // Both would end the element, or change how it is read.
  if (/<\/script|<!--/i.test(script) || /<\/style/i.test(style)) throw new Error('script or style holds markup')
  const contents = {
    policy: policyFor(script, style),
    style,
    script,
    licences: licences(moduleIds),
  }
  const page = readFileSync(join(folder, 'page.html'), 'utf8')
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
