/** What holds for the readers of zstd and lz4 alike, against the tool that makes such files. */
import { describe, expect, test } from 'vitest'
import type { ByteReader } from '../../src/compression/byte-reader.ts'
import { captureLike, damageIn, hasTool, piped, pipeOf, randomSizes, readAll, readerOf } from './fixtures.ts'

export interface AgainstTool {
  readonly tool: 'zstd' | 'lz4'
  readonly original: Buffer
  /** Options of the tool, each of which makes another kind of file. */
  readonly options: readonly string[]
  open(compressed: ByteReader): ByteReader
}

/** `more` defines the tests that only this reader has; they are given the tool's way to compress `original`. */
export function describeAgainst(
  { tool, original, options, open }: AgainstTool,
  more: (compress: (...args: string[]) => Buffer) => void,
): void {
  const absent = !hasTool(tool)
  if (absent) process.stdout.write(`skipped: the tool ${tool} is not installed\n`)
  const compress = (...args: string[]) => piped(tool, ['-qc', ...args], original)

  describe.skipIf(absent)(`against ${tool}(1)`, () => {
    test.each(options)(`${tool} %s`, async (args) => {
      const compressed = compress(...args.split(' '))
      for (const size of [() => 1 << 20, randomSizes(5)]) {
        const result = await readAll(open(readerOf(compressed, 50_000)), size)
        expect(result.fault).toBeNull()
        expect(result.bytes.equals(original)).toBe(true)
      }
    })

    test('byte by byte, in and out', async () => {
      const small = captureLike(5000)
      const result = await readAll(open(readerOf(piped(tool, ['-qc'], small), 1)), () => 1)
      expect(result.bytes.equals(small)).toBe(true)
    })

    test('something else behind the last frame is damage', async () => {
      const compressed = compress()
      const result = await readAll(pipeOf(Buffer.concat([compressed, Buffer.from('something else')])))
      expect(damageIn(result)).toBe(
        `the ${tool} data goes on at its byte ${compressed.length} with something that is no ${tool} frame`,
      )
      expect(result.bytes.equals(original)).toBe(true)
    })

    more(compress)
  })
}
