/** The examples of docs/library.md, run against the package as it is published: they print what stands under them. */
import { cpSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
// @ts-expect-error: a script without types.
import { libraryExamples, runExample } from '../../scripts/library-examples.js'
import { temporaryFolder } from '../node/fixtures.ts'
import { capturesFolder } from '../support/captures.ts'
import { installPacked, packPackage } from '../support/packed-package.ts'
import { missingTools } from '../support/tools.ts'

interface Example {
  readonly heading: string
  readonly isForBrowsers: boolean
  readonly code: string
  readonly output: string | null
}

const folder = temporaryFolder()
const examples: Example[] = libraryExamples().filter(({ isForBrowsers }: Example) => !isForBrowsers)

beforeAll(() => {
  installPacked(packPackage(folder), folder)
  cpSync(capturesFolder, folder, { recursive: true })
}, 120_000)

test('there are some', () => {
  expect(examples.length).toBeGreaterThanOrEqual(10)
})

for (const [i, { heading, code, output }] of examples.entries()) {
  const missing = code.includes("spawn('tcpdump'") ? missingTools('tcpdump') : null
  test.skipIf(missing !== null)(`${i + 1}: ${heading}`, () => {
    expect(runExample(code, folder, `example-${i + 1}`)).toBe(output)
  })
}
