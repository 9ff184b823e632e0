// Bundles the page of `netkit web` into build/web/: static files that any server can hand out. page.js is what is seen (web/page, src/view);
// worker.js reads captures: web/worker, the code of the command line, the module, names of ports and the page of reports. Each is one file
// that is loaded at once, so nothing at all is asked for when a capture is open, and the policy allows no connection.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { rolldown } from 'rolldown'
import { BROWSER, viewStyle } from './bundle-page.js'
import { licences } from './licences.js'

/** As src/commands/web.ts sends it; frame-ancestors is for headers only. */
export const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self'",
  'img-src data: blob:',
  "connect-src 'none'",
  "form-action 'none'",
  "base-uri 'none'",
].join('; ')

/** Returns the paths of the modules in it. build/netkit.wasm, services.txt and report.html are there already. */
export async function buildWeb(root) {
  const output = join(root, 'build/web')
  rmSync(output, { recursive: true, force: true })
  mkdirSync(output, { recursive: true })
  const page = await write(root, output, { page: 'web/page/main.ts' })
  const worker = await write(root, output, { worker: 'web/worker/main.ts' })
  const html = readFileSync(join(root, 'web/index.html'), 'utf8')
  writeFileSync(join(output, 'index.html'), html.replace('{{policy}}', POLICY))
  writeFileSync(join(output, 'page.css'), viewStyle(root, ['web/page.css']))
  const modules = [...page, ...worker]
  writeFileSync(join(output, 'LICENSES.txt'), licences(modules))
  return modules
}

async function write(root, dir, input) {
  const bundle = await rolldown({ cwd: root, input, ...BROWSER, plugins: [builtIn(root)] })
  const { output } = await bundle.write({
    dir,
    format: 'esm',
    minify: true,
    entryFileNames: '[name].js',
    codeSplitting: false,
  })
  await bundle.close()
  return output.flatMap((chunk) => chunk.moduleIds ?? [])
}

/** Modules `netkit:NAME`, see web/worker/built-in.d.ts. */
function builtIn(root) {
  const read = (file, encoding) => readFileSync(join(root, file), encoding)
  const contents = {
    wasm: () => read('build/netkit.wasm', 'base64'),
    services: () => read('build/services.txt', 'utf8'),
    'report-page': () => read('build/report.html', 'utf8'),
    version: () => JSON.parse(read('package.json', 'utf8')).version,
  }
  const PREFIX = 'netkit:'
  return {
    name: 'built-in',
    resolveId: (id) => (id.startsWith(PREFIX) ? { id: `\0${id}` } : null),
    load(id) {
      if (!id.startsWith(`\0${PREFIX}`)) return null
      return `export const contents = ${JSON.stringify(contents[id.slice(PREFIX.length + 1)]())}`
    },
  }
}
