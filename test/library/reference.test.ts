/** docs/reference says what the types and comments say now, and these say enough. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
// @ts-expect-error: a script without types.
import { complaints, publicApi } from '../../scripts/public-api.js'
// @ts-expect-error: a script without types.
import { referencePages } from '../../scripts/reference.js'
import { root } from '../support/packed-package.ts'

const folder = join(root, 'docs/reference')

test('npm run reference was run', () => {
  const pages: Map<string, string> = referencePages(root)
  expect(readdirSync(folder).sort()).toEqual([...pages.keys()].sort())
  for (const [name, text] of pages)
    expect(readFileSync(join(folder, name), 'utf8') === text, `docs/reference/${name}`).toBe(true)
})

test.each(['index', 'index-browser', 'node/pcap-parser'])(
  '%s: every symbol and field has a comment, every type a name',
  (entry) => {
    const api: Map<string, unknown> = publicApi(root, entry)
    expect([...complaints(api)]).toEqual([])
  },
)

test('Node and browsers have the same symbols', () => {
  const names = (entry: string) => [...publicApi(root, entry).keys()].sort()
  expect(names('index-browser')).toEqual(names('index'))
})

test('links in the pages lead somewhere', () => {
  const pages: Map<string, string> = referencePages(root)
  const headings = new Map(
    [...pages].map(([name, text]) => [
      name,
      [...text.matchAll(/^#+ (.+)$/gm)].map(([, title]) => title!.toLowerCase()),
    ]),
  )
  const library = readFileSync(join(root, 'docs/library.md'), 'utf8')
  expect(library).toContain('](reference/README.md)')
  for (const text of pages.values()) {
    for (const [, page, heading] of text.matchAll(/\]\(([\w-]+\.md)#([\w-]+)\)/g))
      expect(headings.get(page!)).toContain(heading)
  }
})
