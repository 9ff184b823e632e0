import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { afterEach, describe, expect, test } from 'vitest'
import { startWebServer, type WebServer, type WebServerOptions } from '../../../src/node/web/server.ts'

const servers: WebServer[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

async function start(options: Partial<WebServerOptions> = {}): Promise<WebServer> {
  const server = await startWebServer({
    token: true,
    policy: "default-src 'none'",
    assets: new Map([
      ['', { type: 'text/html; charset=utf-8', body: '<p>page' }],
      ['part/a.bin', { type: 'application/wasm', body: Uint8Array.of(0, 97, 115, 109) }],
    ]),
    routes: new Map([['now', () => new Response('made now')]]),
    ...options,
  })
  servers.push(server)
  return server
}

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** By hand: fetch does not let anybody choose Host, nor a path with dots. */
function ask(
  server: WebServer,
  path: string,
  { method = 'GET', host = new URL(server.url).host }: { method?: string; host?: string | null } = {},
): Promise<Answer> {
  const { hostname, port } = new URL(server.url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname.replace(/[[\]]/g, ''))
    let text = ''
    socket.setEncoding('latin1').on('data', (data) => {
      text += data
    })
    socket.on('error', reject)
    socket.on('close', () => {
      const end = text.indexOf('\r\n\r\n')
      const [first = '', ...lines] = text.slice(0, end).split('\r\n')
      const headers = lines.map((line) => [
        line.slice(0, line.indexOf(':')).toLowerCase(),
        line.replace(/^[^:]*: /, ''),
      ])
      resolve({ status: Number(first.split(' ')[1]), headers: Object.fromEntries(headers), body: text.slice(end + 4) })
    })
    const hostLine = host === null ? '' : `Host: ${host}\r\n`
    socket.write(`${method} ${path} HTTP/1.1\r\n${hostLine}Connection: close\r\n\r\n`)
  })
}

const pathOf = (server: WebServer) => new URL(server.url).pathname

describe('what it serves', () => {
  test('the page, its parts and its routes, below the token', async () => {
    const server = await start()
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{32}\/$/)
    const page = await ask(server, pathOf(server))
    expect([page.status, page.headers['content-type'], page.body]).toEqual([200, 'text/html; charset=utf-8', '<p>page'])
    const part = await ask(server, `${pathOf(server)}part/a.bin`)
    expect([part.headers['content-type'], part.body]).toEqual(['application/wasm', '\0asm'])
    expect((await ask(server, `${pathOf(server)}now`)).body).toBe('made now')
  })

  test('the token without its slash leads to the page', async () => {
    const server = await start()
    const { status, headers } = await ask(server, pathOf(server).slice(0, -1))
    expect([status, headers.location]).toEqual([308, pathOf(server)])
  })

  test('without a token all lies at the root', async () => {
    const server = await start({ token: false })
    expect(pathOf(server)).toBe('/')
    expect((await ask(server, '/')).body).toBe('<p>page')
    expect((await ask(server, '/part/a.bin')).status).toBe(200)
    expect((await ask(server, '/none')).status).toBe(404)
  })

  test('a link for a browser leads to the page once', async () => {
    const server = await start()
    const link = server.linkOnce()
    expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{32}$/)
    expect(server.linkOnce()).not.toBe(link)
    // Somebody who only looks whether it is there has not used it.
    expect((await ask(server, new URL(link).pathname, { method: 'HEAD' })).status).toBe(404)
    const { status, headers } = await ask(server, new URL(link).pathname)
    expect([status, headers.location]).toEqual([303, pathOf(server)])
    expect((await ask(server, new URL(link).pathname)).status).toBe(404)
    const open = await start({ token: false })
    expect(open.linkOnce()).toBe(open.url)
  })

  test('HEAD is GET without a body', async () => {
    const server = await start()
    for (const path of ['', 'part/a.bin', 'now']) {
      const { status, body } = await ask(server, `${pathOf(server)}${path}`, { method: 'HEAD' })
      expect([status, body]).toEqual([200, ''])
    }
  })
})

describe('what it refuses', () => {
  test('a wrong token learns nothing, whatever it asks for', async () => {
    const server = await start()
    const right = pathOf(server)
    const wrong = right.replace(/^\/./, (start) => (start === '/A' ? '/B' : '/A'))
    const answers = []
    for (const path of [
      '/',
      wrong,
      `${wrong}now`,
      `${right.slice(0, -2)}/`,
      `${right.slice(0, -1)}x/`,
      '//',
      '/%00/',
    ]) {
      for (const method of ['GET', 'POST']) answers.push(await ask(server, path, { method }))
    }
    for (const { status, body } of answers) expect([status, body]).toEqual([404, 'Not found.\n'])
  })

  test('what is not there, and paths that climb', async () => {
    const server = await start()
    for (const path of ['none', '../server.ts', '..%2f..%2fetc/passwd', 'part', 'part/', '__proto__'])
      expect((await ask(server, `${pathOf(server)}${path}`)).status).toBe(404)
  })

  test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'])('%s', async (method) => {
    const server = await start()
    for (const path of ['', 'part/a.bin', 'now']) {
      const { status, headers } = await ask(server, `${pathOf(server)}${path}`, { method })
      expect([status, headers.allow]).toEqual([405, 'GET, HEAD'])
    }
  })

  test('another host: DNS rebinding comes with its name', async () => {
    const server = await start()
    const statusFor = async (host: string | null) => (await ask(server, pathOf(server), { host })).status
    for (const host of [
      'evil.example',
      'evil.example:80',
      '127.0.0.1.evil.example',
      '192.0.2.1',
      'localhost.evil:1',
      '[::1',
    ])
      expect([host, await statusFor(host)]).toEqual([host, expect.toBeOneOf([400, 421])])
    // Node's own parser.
    expect(await statusFor(null)).toBe(400)
    for (const host of ['localhost', 'LOCALHOST:9000', '127.0.0.1:9000', '127.9.9.9', '[::1]:1']) {
      expect([host, await statusFor(host)]).toEqual([host, 200])
    }
  })

  test('a body, a broken request, a header without end', async () => {
    const server = await start()
    const { hostname, port } = new URL(server.url)
    const send = (text: string) =>
      new Promise<string>((resolve) => {
        const socket = connect(Number(port), hostname)
        let answer = ''
        socket.on('error', () => {})
        socket.setEncoding('latin1').on('data', (data) => {
          answer += data
          socket.end()
        })
        socket.on('close', () => resolve(answer.split('\r\n')[0]!))
        socket.write(text)
      })
    expect(await send('\x16\x03\x01nonsense\r\n\r\n')).toBe('HTTP/1.1 400 Bad Request')
    expect(await send(`GET /${'a'.repeat(20_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`)).toContain(' 431 ')
    expect((await ask(server, pathOf(server))).status).toBe(200)
  })

  test('a route that fails is an answer, and the next one is served', async () => {
    const fails = () => {
      throw new Error('/root/secret/path')
    }
    const server = await start({ routes: new Map([['fails', fails]]) })
    const { status, body } = await ask(server, `${pathOf(server)}fails`)
    expect([status, body]).toEqual([500, 'This cannot be answered.\n'])
    expect((await ask(server, pathOf(server))).status).toBe(200)
  })
})

test('every answer has the headers that keep a page to itself', async () => {
  const server = await start()
  const answers = [
    await ask(server, pathOf(server)),
    await ask(server, `${pathOf(server)}now`),
    await ask(server, '/wrong/'),
    await ask(server, pathOf(server), { method: 'POST' }),
    await ask(server, pathOf(server), { host: 'evil.example' }),
  ]
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 404, 405, 421])
  for (const { headers } of answers) {
    expect(headers).toMatchObject({
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'cache-control': 'no-store',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    })
    expect(headers).not.toHaveProperty('access-control-allow-origin')
    expect(headers).not.toHaveProperty('server')
    expect(headers).not.toHaveProperty('x-powered-by')
  }
})

describe('where it listens', () => {
  test('tokens and ports differ', async () => {
    const [one, other] = [await start(), await start()]
    expect(pathOf(one)).not.toBe(pathOf(other))
    expect(new URL(one.url).port).not.toBe(new URL(other.url).port)
  })

  test('on loopback only', async () => {
    const { port } = new URL((await start()).url)
    const own = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .find(({ internal, family }) => !internal && family === 'IPv4')
    if (own === undefined) return
    const reached = await new Promise((resolve) => {
      const socket = connect(Number(port), own.address)
      socket.on('connect', () => resolve(true))
      socket.on('error', () => resolve(false))
    })
    expect(reached).toBe(false)
  })

  test('on all addresses when told so: then by any address, and by no name', async () => {
    const server = await start({ host: '0.0.0.0' })
    expect((await ask(server, pathOf(server), { host: '192.0.2.1:80' })).status).toBe(200)
    expect((await ask(server, pathOf(server), { host: 'evil.example' })).status).toBe(421)
  })

  test('a port in use is a sentence', async () => {
    const port = Number(new URL((await start()).url).port)
    await expect(start({ port })).rejects.toThrow(
      `cannot listen on 127.0.0.1:${port}: the port is in use; --port takes another, and without it any that is free is taken`,
    )
  })

  test('an address that is not ours is a sentence', async () => {
    await expect(start({ host: '192.0.2.77' })).rejects.toThrow(
      /^cannot listen on 192\.0\.2\.77:0: no interface of this machine has that address$/,
    )
  })

  test('after close nobody listens, open streams have ended, and closing again is nothing', async () => {
    const stream = () =>
      new Response(new ReadableStream({ start: (controller) => controller.enqueue(Buffer.from('a')) }))
    const server = await start({ routes: new Map([['stream', stream]]) })
    const { body } = await fetch(`${server.url}stream`)
    const reader = body!.getReader()
    expect(Buffer.from((await reader.read()).value!).toString()).toBe('a')
    await server.close()
    await server.close()
    await expect(reader.read()).rejects.toThrow()
    await expect(fetch(server.url)).rejects.toThrow()
  })
})
