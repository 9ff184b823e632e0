/**
 * Files and streams → a server of this machine's own pages, over HTTP. Loopback unless told otherwise; behind a random token in the path
 * when what it shows is nobody else's business. It only ever answers: no method but GET and HEAD, no route that changes anything.
 *
 * Loaded only when a page is asked for: hono and its bridge to node:http take some 60 ms to import.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'
import { networkInterfaces } from 'node:os'
import { getRequestListener } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import { isAllowedHost, isLoopback } from './host-header.ts'
import { listen } from './listen.ts'
import { authorityOf } from './listen-errors.ts'

export const LOOPBACK = '127.0.0.1'

export interface WebAsset {
  /** The Content-Type, with its charset. */
  readonly type: string
  readonly body: string | Uint8Array
}

export interface WebServerOptions {
  /** The address to listen on: 127.0.0.1 unless given. */
  readonly host?: string | undefined
  /** 0, or left out: any that is free. */
  readonly port?: number | undefined
  /** Everything lies below a path that nobody can guess. */
  readonly token: boolean
  /** Content-Security-Policy of every answer. `frame-ancestors 'none'` comes with it. */
  readonly policy: string
  /** By their path without a slash in front; '' is the page itself. They may be changed while the server runs. */
  readonly assets: ReadonlyMap<string, WebAsset>
  /** By their path, too: what is made anew for each request. `request.signal` says when nobody waits for the answer any more. */
  readonly routes?: ReadonlyMap<string, (request: Request) => Response | Promise<Response>>
}

export interface WebServer {
  /** With the token and a slash at its end: `http://127.0.0.1:40123/8b0c…/`. */
  readonly url: string
  /**
   * An address that leads there once, within a minute. It is for the command line of a browser, which everybody on this machine can
   * read: by then it is worth nothing.
   */
  linkOnce(): string
  /** Ends streams that are open, and resolves when nothing listens any more. A second call does nothing. */
  close(): Promise<void>
}

/** 192 bits; at least 128 are what nobody can try. */
const TOKEN_BYTES = 24
const LINK_MS = 60_000
/** Of open connections: a browser has six for each host. */
const MOST_CONNECTIONS = 200

/** Throws a {@link WebServerError} in the user's terms when it cannot listen. */
export async function startWebServer(options: WebServerOptions): Promise<WebServer> {
  const { host = LOOPBACK, port = 0 } = options
  const token = options.token ? createToken() : null
  const links = new Map<string, number>()
  const app = createApp(options, { token, links, local: isLoopback(host) })
  // The globals stay Node's: others in this process use them.
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false, hostname: 'localhost' })
  const server = createServer((incoming, outgoing) => void listener(incoming, outgoing))
  server.maxConnections = MOST_CONNECTIONS
  const taken = await listen(server, host, port, '; --port takes another, and without it any that is free is taken')
  const root = `http://${authorityOf(reachedAt(host), taken)}/`
  let closed: Promise<void> | null = null
  return {
    url: token === null ? root : `${root}${token}/`,
    linkOnce() {
      if (token === null) return root
      const link = createToken()
      links.set(link, performance.now() + LINK_MS)
      return `${root}${link}`
    },
    close() {
      closed ??= new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
      return closed
    },
  }
}

/** Who listens on all addresses is reached by one of them. */
function reachedAt(host: string): string {
  if (host !== '0.0.0.0' && host !== '::') return host
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  return all.find(({ internal, family }) => !internal && family === 'IPv4')?.address ?? LOOPBACK
}

interface Access {
  readonly token: string | null
  /** Until when each is good. */
  readonly links: Map<string, number>
  readonly local: boolean
}

function createApp({ assets, routes, policy }: WebServerOptions, { token, links, local }: Access): Hono {
  const app = new Hono()
  app.use(async (context, next) => {
    await next()
    for (const [name, value] of Object.entries(headersWith(policy))) context.res.headers.set(name, value)
  })
  app.all('*', async (context) => {
    // A page from elsewhere whose name was made to lead here (DNS rebinding) comes with that name.
    if (!isAllowedHost(context.req.header('host'), local))
      return refused(context, 421, 'This is not the server of that name.')
    const link = context.req.path.slice(1)
    if (context.req.method === 'GET' && links.has(link)) {
      const isGood = performance.now() < links.get(link)!
      links.delete(link)
      if (isGood) return context.redirect(`/${token}/`, 303)
    }
    const path = pathBelow(token, context.req.path)
    if (path === null) return refused(context, 404, 'Not found.')
    const asset = path === '/' ? undefined : assets.get(path)
    const route = routes?.get(path)
    if (path !== '/' && asset === undefined && route === undefined) return refused(context, 404, 'Not found.')
    const { method } = context.req
    if (method !== 'GET' && method !== 'HEAD') {
      return refused(context, 405, 'Only GET and HEAD are answered.', { Allow: 'GET, HEAD' })
    }
    // The addresses of everything on the page are below its own.
    if (path === '/') return context.redirect(`/${token}/`, 308)
    if (asset !== undefined) {
      const headers = { 'Content-Type': asset.type }
      if (method === 'HEAD') return context.body(null, 200, headers)
      return context.body(asset.body as string | Uint8Array<ArrayBuffer>, 200, headers)
    }
    return method === 'HEAD' ? context.body(null, 200) : route!(context.req.raw)
  })
  app.onError((_, context) => refused(context, 500, 'This cannot be answered.'))
  return app
}

/** What is asked for below the token: '' is the page, '/' the token without its slash. Null for any other path, after the same time. */
function pathBelow(token: string | null, path: string): string | null {
  if (token === null) return path.slice(1)
  const end = path.indexOf('/', 1)
  const given = Buffer.from(end === -1 ? path.slice(1) : path.slice(1, end))
  const expected = Buffer.from(token)
  // Its length is no secret.
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null
  return end === -1 ? '/' : path.slice(end + 1)
}

function createToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url')
}

type Refusal = 404 | 405 | 421 | 500

function refused(context: Context, status: Refusal, sentence: string, headers: Record<string, string> = {}): Response {
  return context.body(`${sentence}\n`, status, { 'Content-Type': 'text/plain; charset=utf-8', ...headers })
}

function headersWith(policy: string): Record<string, string> {
  return {
    'Content-Security-Policy': `${policy}; frame-ancestors 'none'`,
    'Cache-Control': 'no-store',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
  }
}
