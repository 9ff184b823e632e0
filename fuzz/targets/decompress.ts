/**
 * Compressed files through the three readers, twice: as a regular file in large reads, and as a pipe in reads of a few bytes. The
 * same bytes come out, and the same fault ends them.
 */
import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import xxhash from 'xxhash-wasm'
import { SourceDamage, SourceUnavailable } from '../../src/capture/source.ts'
import type { StoredBytes } from '../../src/compression/byte-reader.ts'
import { decompress } from '../../src/node/decompress.ts'
import { concat, edge, mutateBytes, writeUint } from '../mutate-bytes.ts'
import { Random } from '../random.ts'
import type { Seeds } from '../seeds.ts'
import { Finding, type Target } from '../target.ts'

/** Longer output is not read to its end: a bomb is a stream like any other. */
const MOST_OUTPUT = 1 << 20
const MAX_INPUT = 64 << 10
export async function decompressTarget(seeds: Seeds): Promise<Target> {
  const { h32Raw } = await xxhash()
  const starts = seeds.compressed.filter(({ length }) => length > 8 && length <= MAX_INPUT)
  let output = 0
  let faults = 0

  return {
    name: 'decompress',
    generate(random) {
      let bytes = random.oneIn(6)
        ? new Uint8Array(gzipSync(seeds.capture(random), { level: random.below(10) }))
        : random.pick(starts)
      for (let changes = random.below(4); changes >= 0; changes--) {
        const other = random.pick(starts)
        if (random.oneIn(12)) bytes = concat(bytes, other)
        else bytes = random.oneIn(3) ? mutateHeader(bytes, random, h32Raw) : mutateBytes(bytes, other, random)
      }
      return [bytes.subarray(0, MAX_INPUT)]
    },
    async check(inputs) {
      for (const input of inputs) {
        const random = new Random(input)
        const file = await readAll(
          storedBytes(input, () => input.length, true),
          () => 1 << 16,
        )
        const pipe = await readAll(
          storedBytes(input, () => 1 + random.below(random.pick([1, 100, 5000])), false),
          () => 1 + random.below(random.pick([16, 1000, 70_000])),
        )
        output += file.length
        if (file.fault !== null) faults++
        if (file.digest !== pipe.digest || file.fault !== pipe.fault) {
          throw new Finding(`a file gives ${textOf(file)}, a pipe ${textOf(pipe)}`)
        }
      }
    },
    reset() {},
    notes: () => `${output} bytes came out, ${faults} files with a fault`,
    close: () => Promise.resolve(),
  }
}

interface Decompressed {
  readonly length: number
  readonly digest: string
  /** Kind and message of what ended reading; null at the end, and where we stopped. */
  readonly fault: string | null
}

const textOf = ({ length, fault }: Decompressed) => `${length} bytes and ${fault ?? 'no fault'}`

async function readAll(stored: StoredBytes, size: () => number): Promise<Decompressed> {
  const source = decompress(stored)
  const hash = createHash('sha256')
  const buffer = new Uint8Array(1 << 17)
  let length = 0
  let fault: string | null = null
  try {
    while (length < MOST_OUTPUT) {
      const into = buffer.subarray(0, Math.min(size(), MOST_OUTPUT - length))
      const count = await source.read(into)
      if (count === 0) break
      if (count > into.length) throw new Finding(`${count} bytes read into ${into.length}`)
      hash.update(into.subarray(0, count))
      length += count
    }
  } catch (error) {
    if (!(error instanceof SourceDamage) && !(error instanceof SourceUnavailable)) throw error
    fault = `${error.name}: ${error.message}`
  } finally {
    await source.close()
  }
  return { length, digest: hash.digest('hex'), fault }
}

function storedBytes(bytes: Uint8Array, size: () => number, isFile: boolean): StoredBytes {
  let at = 0
  return {
    name: 'input',
    size: isFile ? bytes.length : null,
    get position() {
      return at
    },
    read(into) {
      const part = bytes.subarray(at, at + Math.min(into.length, size()))
      into.set(part)
      at += part.length
      return Promise.resolve(part.length)
    },
    close: () => Promise.resolve(),
    ...(isFile && { fromStart: () => storedBytes(bytes, size, true) }),
  }
}

/** A field of the header, and lz4's checksum of it made right again, so that what is behind it is reached. */
function mutateHeader(bytes: Uint8Array, random: Random, h32: (bytes: Uint8Array) => number): Uint8Array {
  const copy = bytes.slice()
  const size = random.pick([1, 2, 4])
  writeUint(copy, random.below(16), size, random.oneIn(2) ? random.u32() : edge(random, 8 * size), true)
  if (bytes[0] === 0x04 && bytes[1] === 0x22) {
    copy.set(bytes.subarray(0, 4))
    copy[4] = (copy[4]! & 0x3f) | 0x40
    const length = 2 + (copy[4]! & 0x08 ? 8 : 0) + (copy[4]! & 0x01 ? 4 : 0)
    if (copy.length > 4 + length) copy[4 + length] = h32(copy.subarray(4, 4 + length)) >>> 8
  } else if (random.oneIn(2)) {
    // The magic as it was, so that the same decompressor gets the rest.
    copy.set(bytes.subarray(0, 4))
  }
  return copy
}
