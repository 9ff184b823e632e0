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

/**
 * Above it an instance takes no new readers: its allocator does not join what it was given back, so windows of one size after
 * another would fill the two gigabytes that it can have. Below are the windows of all levels of zstd(1) but `--long`.
 */
const MOST_SHARED_BYTES = 64 << 20

let compiling: Promise<WebAssembly.Module> | undefined
let shared: ZstdExports | undefined

/** One instance serves many readers; each has its own context in it. */
export async function loadZstd(): Promise<ZstdExports> {
  compiling ??= compile()
  const module = await compiling
  if (shared === undefined || shared.memory.buffer.byteLength > MOST_SHARED_BYTES) shared = instantiate(module)
  return shared
}

/** The package keeps its module to itself, but for what it hands to its own initialisation. */
async function compile(): Promise<WebAssembly.Module> {
  let module: WebAssembly.Module | undefined
  class Tap extends ZSTDDecoder {
    override _init(result: WebAssembly.WebAssemblyInstantiatedSource): void {
      super._init(result)
      module = result.module
    }
  }
  await new Tap().init()
  if (module === undefined) throw new Error('zstddec was initialised elsewhere')
  return module
}

/** Views of its memory are made anew at each use, so that nobody needs to be told of its growth. */
function instantiate(module: WebAssembly.Module): ZstdExports {
  const instance = new WebAssembly.Instance(module, { env: { emscripten_notify_memory_growth: () => {} } })
  return instance.exports as unknown as ZstdExports
}
