import type { CaptureInstance } from './module.ts'

/** Runs a call into the module that may need memory for flows. It traps in one case only: when there is none left. */
export function withMemory<T>({ exports }: CaptureInstance, call: () => T): T {
  try {
    return call()
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError)) throw error
    throw new Error(
      `out of memory: ${exports.flowCount()} flows fill the parser's four gigabytes; ask for fewer (--by host, --by protocol)`,
    )
  }
}
