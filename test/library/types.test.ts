/** The examples of docs/library.md as TypeScript, in projects as strict as there are, against the types of the package. */
import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, expect, test } from 'vitest'
// @ts-expect-error: a script without types.
import { libraryExamples } from '../../scripts/library-examples.js'
import { temporaryFolder } from '../node/fixtures.ts'
import { installPacked, packPackage, root } from '../support/packed-package.ts'

const folder = temporaryFolder()
const examples: { readonly isForBrowsers: boolean; readonly code: string }[] = libraryExamples()

/** What an example in TypeScript would have to say, and in JavaScript does not: what may be missing is there, parameters have types. */
function asTypeScript(code: string): string {
  return code
    .replaceAll('sent.bytes', 'sent!.bytes')
    .replaceAll('(bitsPerSecond /', '(bitsPerSecond! /')
    .replaceAll('record.startNs', 'record.startNs!')
    .replace(/\[0\](?=\.)/g, '[0]!')
    .replaceAll('network.', 'network!.')
    .replaceAll('tcp.flags', 'tcp!.flags')
    .replaceAll('analysis.capture.names', 'analysis.capture!.names!')
    .replaceAll('origlen[i]', 'origlen[i]!')
    .replaceAll('sizes[origlen[i]! < 512 ? 0 : 1]++', 'sizes[origlen[i]! < 512 ? 0 : 1]! += 1')
    .replace('showHosts(file, list)', 'showHosts(file: File, list: HTMLElement)')
}

const STRICT = {
  target: 'ES2023',
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  // The package's own types are checked too.
  skipLibCheck: false,
  noEmit: true,
}

async function check(name: string, compilerOptions: object, files: Readonly<Record<string, string>>): Promise<string> {
  const project = join(folder, name)
  mkdirSync(project, { recursive: true })
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }')
  writeFileSync(
    join(project, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: { ...STRICT, ...compilerOptions }, include: ['*.ts'] }),
  )
  for (const [file, text] of Object.entries(files)) writeFileSync(join(project, file), text)
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  return promisify(execFile)(process.execPath, [tsc, '-p', project]).then(
    ({ stdout }) => stdout,
    ({ stdout }) => stdout,
  )
}

const forNode = Object.fromEntries(
  examples.flatMap(({ isForBrowsers, code }, i) =>
    isForBrowsers ? [] : [[`example-${i}.ts`, `${asTypeScript(code)}\nexport {}\n`]],
  ),
)
const forBrowsers = asTypeScript(examples.find(({ isForBrowsers }) => isForBrowsers)!.code)

beforeAll(() => {
  installPacked(packPackage(folder), folder, ['@types/node', 'undici-types'])
}, 120_000)

test.each(['NodeNext', 'Bundler'])('in Node, without the DOM: %s', async (moduleResolution) => {
  const module = moduleResolution === 'Bundler' ? 'ESNext' : moduleResolution
  const options = { lib: ['ES2023'], types: ['node'], module, moduleResolution }
  expect(await check(`node-${module}`, options, forNode)).toBe('')
})

test.each(['NodeNext', 'Bundler'])("in a browser, without Node's types: %s", async (moduleResolution) => {
  const module = moduleResolution === 'Bundler' ? 'ESNext' : moduleResolution
  const dom = { lib: ['ES2023', 'DOM', 'DOM.Iterable', 'DOM.AsyncIterable'], types: [], module, moduleResolution }
  expect(
    await check(`browser-${module}`, { ...dom, customConditions: ['browser'] }, { 'example.ts': forBrowsers }),
  ).toBe('')
  expect(
    await check(`named-${module}`, dom, { 'example.ts': forBrowsers.replace("'netkit'", "'netkit/browser'") }),
  ).toBe('')
  // What a project has that says nothing of browsers.
  expect(await check(`plain-${module}`, dom, { 'example.ts': forBrowsers })).toBe('')
})

test('an option that is none is an error', async () => {
  const dom = { lib: ['ES2023', 'DOM'], types: [], module: 'ESNext', moduleResolution: 'Bundler' }
  const wrong = "import { analyzeCapture } from 'netkit/browser'\nanalyzeCapture('a.pcap', { windows: 5 })\n"
  expect(await check('wrong', dom, { 'example.ts': wrong })).toContain(
    "'windows' does not exist in type 'AnalyzeCaptureOptions'",
  )
})
