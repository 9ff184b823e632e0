/** build/netkit.wasm, compiled. */
import { readFileSync } from 'node:fs'

/** The same two steps up from src/node (tests), dist/node (the library) and the folders of build/ (the command line). */
const LOCATION = new URL('../../build/netkit.wasm', import.meta.url)

let compiled: WebAssembly.Module | null = null

/** Compiles once per process; each parser makes an instance of its own of it. Throws when the module was never built. */
export function loadCaptureModule(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(readModule())
  return compiled
}

function readModule(): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(readFileSync(LOCATION))
  } catch (cause) {
    throw new Error('the capture module build/netkit.wasm is missing: run npm run build', { cause })
  }
}
