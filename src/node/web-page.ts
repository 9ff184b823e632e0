/** build/web, the page that reads captures in a browser: made by scripts/build-web.js. */
import { readdirSync, readFileSync } from 'node:fs'
import { extname } from 'node:path'

/** As with the module of wasm-module.ts: the same two steps up from everywhere. */
const LOCATION = new URL('../../build/web/', import.meta.url)

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
}

export interface WebPage {
  /** By the path behind the address of the page, which itself is ''. */
  readonly assets: ReadonlyMap<string, { readonly type: string; readonly body: Uint8Array }>
  /** The page's own, which it has in a meta element for hosts that send none. */
  readonly policy: string
}

/** Throws when it was never built. */
export function loadWebPage(): WebPage {
  try {
    const paths = readdirSync(LOCATION, { recursive: true, encoding: 'utf8' }).map((path) => path.replaceAll('\\', '/'))
    const assets = new Map(
      paths
        .filter((path) => extname(path) in TYPES)
        .map((path) => [path === 'index.html' ? '' : path, bodyOf(path)] as const),
    )
    const html = readFileSync(new URL('index.html', LOCATION), 'utf8')
    return { assets, policy: /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)![1]! }
  } catch (cause) {
    throw new Error('the page build/web is missing: run npm run build', { cause })
  }
}

function bodyOf(path: string) {
  return { type: TYPES[extname(path)]!, body: readFileSync(new URL(path, LOCATION)) }
}
