/** The reference captures that lie beside the checkout, when they do, and the frames in them. */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Parser } from '../../src/capture/parser.ts'
import { openFile } from '../../src/node/open-source.ts'

const folder = fileURLToPath(new URL('../../../shared/corpus/', import.meta.url))

/** Why tests over the corpus cannot run; null when they can. */
export const corpusMissing: string | null = existsSync(`${folder}MANIFEST.tsv`)
  ? null
  : 'no reference captures: ../shared/corpus is not beside the project'

/** Paths of all captures of the corpus, sound or not. */
export function corpusFiles(): string[] {
  const [, ...lines] = readFileSync(`${folder}MANIFEST.tsv`, 'utf8').trimEnd().split('\n')
  return lines.map((line) => corpusFile(line.slice(0, line.indexOf('\t'))))
}

export function corpusFile(path: string): string {
  return folder + path
}

export interface CapturedFrame {
  readonly file: string
  readonly linktype: number
  readonly origlen: number
  /** The captured bytes, valid until the next frame is asked for. */
  readonly bytes: Uint8Array
}

/** Every frame that can be read, in the order of files and frames. What is damaged ends its file early. */
export async function* readFrames(files: readonly string[]): AsyncGenerator<CapturedFrame> {
  const module = await compileModule()
  const parser = new Parser(module, { keyFields: 0 })
  for (const file of files) {
    const stream = parser.open(await openFile(file))
    for (let batch = await stream.next(); batch !== null; batch = await stream.next()) {
      const interfaces = parser.interfaces()
      for (let i = 0; i < batch.count; i++) {
        const start = batch.data[i]!
        const bytes = batch.memory.subarray(start, start + batch.caplen[i]!)
        yield { file, linktype: interfaces[batch.interface[i]!]!.linktype, origlen: batch.origlen[i]!, bytes }
      }
    }
    await parser.close(stream)
  }
}

/** build/netkit.wasm, compiled. */
export function compileModule(): Promise<WebAssembly.Module> {
  return WebAssembly.compile(readFileSync(new URL('../../build/netkit.wasm', import.meta.url)))
}
