/** build/live, the page of `live --web`: made by scripts/build-live.js. */
import { readFileSync } from 'node:fs'
import type { WebAsset } from './web/server.ts'

/** As with the module of wasm-module.ts: the same two steps up from everywhere. */
const FOLDER = new URL('../../build/live/', import.meta.url)

const TYPES = { 'index.html': 'text/html', 'page.js': 'text/javascript', 'page.css': 'text/css' }

/** Its own address and nothing else; the empty icon is data. */
export const LIVE_PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'"

/** By their paths below the page's. Throws when they were never built. */
export function loadLivePage(): Map<string, WebAsset> {
  try {
    const assets = Object.entries(TYPES).map(([name, type]): [string, WebAsset] => [
      name === 'index.html' ? '' : name,
      { type: `${type}; charset=utf-8`, body: readFileSync(new URL(name, FOLDER)) },
    ])
    return new Map(assets)
  } catch (cause) {
    throw new Error('the page build/live is missing: run npm run build', { cause })
  }
}
