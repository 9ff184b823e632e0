import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { netkit, resultOf, startNetkit } from '../support/netkit-process.ts'

test('serves the page on this machine until Ctrl-C', async () => {
  const child = startNetkit(['web', '--no-open'])
  const result = resultOf(child)
  const url = await new Promise<string>((resolve) => {
    let said = ''
    child.stderr!.on('data', (text) => {
      said += text
      const found = /http:\/\/127\.0\.0\.1:\d+\//.exec(said)?.[0]
      if (found !== undefined) resolve(found)
    })
  })
  const answer = await fetch(url)
  expect(answer.status).toBe(200)
  const policy = answer.headers.get('content-security-policy')
  expect(policy).toContain("connect-src 'none'")
  expect(policy).toContain("frame-ancestors 'none'")
  expect(await answer.text()).toContain('<title>netkit</title>')
  const worker = await fetch(`${url}worker.js`)
  expect(worker.headers.get('content-type')).toMatch(/^text\/javascript/)
  expect(worker.headers.get('content-security-policy')).toBe(policy)
  expect((await fetch(`${url}../../package.json`)).status).toBe(404)
  child.kill('SIGINT')
  const { code, stdout, stderr } = await result
  expect([code, stdout]).toEqual([0, ''])
  expect(stderr).toBe(`netkit: the page is at ${url}\n`)
})

test('a port in use is one sentence', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const { code, stderr } = await netkit(['web', '--no-open', '--port', String(port)])
  server.close()
  expect(code).toBe(1)
  expect(stderr).toMatch(new RegExp(`^netkit: .*${port}.*\\n$`))
})

test('a port that is none is a usage error', async () => {
  const { code, stderr } = await netkit(['web', '--port', '70000'])
  expect(code).toBe(2)
  expect(stderr).toMatch(/^netkit: --port: '70000' is not a port\n/)
})
