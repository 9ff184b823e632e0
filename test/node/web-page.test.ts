import { expect, test } from 'vitest'
import { loadWebPage } from '../../src/node/web-page.ts'

test('the page has its files, and a policy without connections', () => {
  const { assets, policy } = loadWebPage()
  expect([...assets.keys()].sort()).toEqual(['', 'LICENSES.txt', 'page.css', 'page.js', 'worker.js'])
  const html = Buffer.from(assets.get('')!.body).toString()
  expect(html).toContain('<script type="module" src="page.js">')
  expect(html).toContain(policy)
  expect(policy.split('; ')).toEqual(
    expect.arrayContaining(["default-src 'none'", "connect-src 'none'", "base-uri 'none'", "form-action 'none'"]),
  )
  expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'|https?:/)
  // Nothing that would be asked for later.
  const [page, worker] = ['page.js', 'worker.js'].map((name) => Buffer.from(assets.get(name)!.body).toString())
  expect(`${page}${worker}`).not.toMatch(/\bimport\(/)
  expect(Buffer.from(assets.get('LICENSES.txt')!.body).toString()).toContain('uplot')
})
