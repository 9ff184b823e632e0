/** netkit.wasm → a compiled module, from wherever a page has it. */

/** Where the module can come from: an address, an answer of fetch, bytes, or the module itself. */
export type ModuleSource = URL | string | Response | BufferSource | WebAssembly.Module

/**
 * The same two steps up from src/browser and dist/browser; bundlers that know `new URL(…, import.meta.url)` copy the file and put its
 * address here.
 */
const location = () => new URL('../../build/netkit.wasm', import.meta.url)

let compiled: Promise<WebAssembly.Module> | null = null

/**
 * The capture module, compiled: once for the package's own file, which is fetched from beside the code unless `from` is given. Each
 * parser makes an instance of its own of it. Rejects with an Error that names the address when it cannot be had, and with
 * `WebAssembly.CompileError` for what is no module, or where the page's policy has no 'wasm-unsafe-eval'.
 */
export function loadCaptureModule(from?: ModuleSource): Promise<WebAssembly.Module> {
  if (from !== undefined) return compile(from)
  compiled ??= compile(location()).catch((error: unknown) => {
    // The network may be better the next time.
    compiled = null
    throw error
  })
  return compiled
}

async function compile(from: ModuleSource): Promise<WebAssembly.Module> {
  if (from instanceof WebAssembly.Module) return from
  if (typeof from === 'string' || from instanceof URL) return compile(await fetchModule(from))
  // Not compileStreaming: it wants application/wasm, which not every server says.
  return WebAssembly.compile(from instanceof Response ? await from.arrayBuffer() : from)
}

async function fetchModule(address: URL | string): Promise<Response> {
  const response = await fetch(address)
  if (!response.ok) throw new Error(`cannot load ${String(address)}: ${response.status} ${response.statusText}`.trim())
  return response
}
