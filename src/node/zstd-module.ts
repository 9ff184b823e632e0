/**
 * The reference zstd decoder (facebook/zstd compiled to WebAssembly, from the package zstddec), with its streaming calls.
 *
 * The package's own `decodeStreaming` takes all input at once and loops forever on damage, as it never looks for an error;
 * so only its module is used. Why not fzstd 0.1: it gives wrong bytes without an error where a match lies more than 96 MiB
 * back (`zstd --long=27` of 120 MB; it reads only 25 bits of an offset for sure, and checks no checksum). Why not node:zlib:
 * Node 20 has no zstd, and 22 and 24 lose every frame after the first (nodejs/node#64741).
 */
import { ZSTDDecoder } from 'zstddec/stream'

/** Pointers and sizes are 32-bit. `ZSTD_inBuffer` and `ZSTD_outBuffer` are { pointer, size, position }. */
export interface ZstdExports {
  readonly memory: WebAssembly.Memory
  malloc(size: number): number
  free(pointer: number): void
  ZSTD_createDCtx(): number
  ZSTD_freeDCtx(context: number): number
  /** 0: a frame is complete and handed out. Otherwise how many input bytes the next call wants, or an error. */
  ZSTD_decompressStream(context: number, output: number, input: number): number
}

let loading: Promise<ZstdExports> | undefined

/** One instance serves all readers; each has its own context in it. */
export function loadZstd(): Promise<ZstdExports> {
  loading ??= load()
  return loading
}

async function load(): Promise<ZstdExports> {
  let exports: ZstdExports | undefined
  class Tap extends ZSTDDecoder {
    override _init(result: WebAssembly.WebAssemblyInstantiatedSource): void {
      super._init(result)
      exports = result.instance.exports as unknown as ZstdExports
    }
  }
  await new Tap().init()
  if (exports === undefined) throw new Error('zstddec was initialised elsewhere')
  return exports
}
