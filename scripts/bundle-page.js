// One entry of the browser's code → script and style of a page: src/view and what else it uses, for no particular page. Neither holds
// anything that a policy without `unsafe-inline` and `unsafe-eval` forbids.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { rolldown } from 'rolldown'

/** Of what every page with a report has; the width of the screen, and paper, have the last word. */
const VIEW_STYLES = [
  'node_modules/uplot/dist/uPlot.min.css',
  ...['colours', 'base', 'top', 'sections', 'curve', 'tables', 'matrix'].map((name) => `src/view/style/${name}.css`),
]
const LAST_STYLES = ['narrow', 'print'].map((name) => `src/view/style/${name}.css`)

/** How code for browsers is bundled, for those with more than one entry. */
export const BROWSER = {
  platform: 'browser',
  tsconfig: false,
  // The same code without Buffer.
  resolve: { alias: { 'csv-stringify/sync': 'csv-stringify/browser/esm/sync' } },
}

/** `input` and further `styles` are paths in `root`. `moduleIds` are the modules in the script, whose licences go with it. */
export async function bundlePage(root, input, styles = []) {
  const bundle = await rolldown({ cwd: root, input, ...BROWSER })
  const { output } = await bundle.generate({ format: 'iife', minify: true })
  await bundle.close()
  const [{ code, moduleIds }] = output
  return { script: code.trim(), style: viewStyle(root, styles), moduleIds }
}

/** The style of a report, with `further`. */
export function viewStyle(root, further = []) {
  return [...VIEW_STYLES, ...further, ...LAST_STYLES].map((file) => readFileSync(join(root, file), 'utf8')).join('\n')
}
