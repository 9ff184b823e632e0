/**
 * gzip to the bytes in it. A regular file goes through node:zlib; when that fails, the file is inflated again by
 * {@link ExactGunzip}, which knows every byte before the damage and ends quietly at garbage behind the last member.
 * What cannot be read twice (a pipe, a gzip inside a gzip) goes through ExactGunzip at once.
 */
import { createGunzip } from 'node:zlib'
import type { ByteReader } from '../compression/byte-reader.ts'
import { ExactGunzip } from '../compression/gzip-exact.ts'
import { CHUNK_SIZE, NativeFirst } from './native-first.ts'

export function gunzip(input: ByteReader): ByteReader {
  const inputAgain = input.fromStart
  if (inputAgain === undefined) return new ExactGunzip(input)
  const native = createGunzip({ chunkSize: CHUNK_SIZE })
  return new NativeFirst({ input, inputAgain, native, exact: (again) => new ExactGunzip(again) })
}
