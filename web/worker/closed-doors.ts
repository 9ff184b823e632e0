/**
 * A worker's own policy comes with its script, from the server: a static host may send none. So whatever could reach the network is taken
 * from this worker before anything else runs. `fetch` is left for what is in the code itself: zstddec has its module in a data: address.
 */
const BASE64 = /^data:application\/wasm;base64,/

const DOORS = [
  'XMLHttpRequest',
  'WebSocket',
  'WebSocketStream',
  'WebTransport',
  'EventSource',
  'importScripts',
  'caches',
  'indexedDB',
]

export function closeDoors(): void {
  const scope = globalThis as unknown as Record<string, unknown>
  for (const door of DOORS) {
    if (door in scope) Object.defineProperty(scope, door, { value: undefined, configurable: false, writable: false })
  }
  Object.defineProperty(scope, 'fetch', { value: fetchInside, configurable: false, writable: false })
}

async function fetchInside(address: unknown): Promise<Response> {
  const text = String(address)
  if (!BASE64.test(text)) throw new TypeError('this page asks nothing of any network')
  return new Response(bytesOf(text.replace(BASE64, '')))
}

export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
}
