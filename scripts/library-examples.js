// The examples of docs/library.md: each block of JavaScript, and what stands under it as its output.
// `node scripts/library-examples.js FOLDER` runs them in FOLDER, where netkit is installed and the captures are, and writes what they print
// under them.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const PAGE = fileURLToPath(new URL('../docs/library.md', import.meta.url))

const EXAMPLE = /^```js( browser)?\n([\s\S]*?)^```\n(?:\n```text\n([\s\S]*?)^```\n)?/gm

/** { heading, isForBrowsers, code, output }; `output` is null where nothing is printed. */
export function libraryExamples(page = readFileSync(PAGE, 'utf8')) {
  return [...page.matchAll(EXAMPLE)].map(({ 1: browser, 2: code, 3: output, index }) => ({
    heading: page
      .slice(0, index)
      .match(/^## .*$/gm)
      .at(-1)
      .slice(3),
    isForBrowsers: browser !== undefined,
    code,
    output: output ?? null,
  }))
}

/** What an example prints, run in a folder. */
export function runExample(code, folder, name) {
  const file = join(folder, `${name}.mjs`)
  writeFileSync(file, code)
  return execFileSync(process.execPath, [file], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
  })
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  let number = 0
  const page = readFileSync(PAGE, 'utf8').replace(EXAMPLE, (block, browser, code) => {
    if (browser !== undefined) return block
    const output = runExample(code, process.argv[2], `example-${++number}`)
    return `\`\`\`js\n${code}\`\`\`\n\n\`\`\`text\n${output}\`\`\`\n`
  })
  writeFileSync(PAGE, page)
}
