/** The flags that hide who it was, and the key that they are hidden with. Nothing of it is loaded unless it is asked for. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { Flags, type Interfaces } from '@oclif/core'
import { reasonOf } from '../node/system-error.ts'
import { usageError } from './exit-codes.ts'
import type { Hiding } from './hiding.ts'

const helpGroup = 'SHARING'

export const anonymizeFlags = {
  anonymize: Flags.string({
    helpValue: 'KEYFILE',
    helpGroup,
    summary:
      'Put others in place of all addresses and names, the same for the same key; addresses keep who shares a network with whom. KEYFILE: 32 bytes, or 64 hex digits (openssl rand -hex 32). See docs/anonymize.md for what it does not hide.',
  }),
  'keep-vendor': Flags.boolean({
    helpGroup,
    dependsOn: ['anonymize'],
    summary: 'MAC addresses keep their first half, which says who made the interface.',
  }),
}

/** Flags that ask others about addresses, or look them up: what they would say of made-up ones is nonsense. */
const REFUSED = {
  resolve: 'DNS knows nothing of the addresses that are shown',
  geoip: 'the addresses that are shown are nowhere',
} as const

type AnonymizeFlags = Partial<Interfaces.InferredFlags<typeof anonymizeFlags>>
type OtherFlags = { readonly resolve?: boolean; readonly vendors?: boolean; readonly geoip?: string[] | undefined }

/** Null without --anonymize. `complain` gets a sentence when others can read the key. */
export async function openHiding(
  flags: AnonymizeFlags & OtherFlags,
  complain: (sentence: string) => void,
): Promise<Hiding | null> {
  if (flags.anonymize === undefined) return null
  for (const [flag, reason] of Object.entries(REFUSED)) {
    if (flags[flag as keyof typeof REFUSED]) throw usageError(`--${flag}: not with --anonymize: ${reason}`)
  }
  if (flags.vendors && !flags['keep-vendor']) {
    throw usageError('--vendors: with --anonymize only beside --keep-vendor: MAC addresses have no vendor otherwise')
  }
  const { key, isShared } = readKey(flags.anonymize)
  if (isShared) complain(`--anonymize: others can read ${flags.anonymize}; chmod 600 keeps the key yours`)
  const { createHiding } = await import('./hiding.ts')
  return createHiding(key, flags['keep-vendor'] ?? false)
}

const KEY_BYTES = 32
const HEX_KEY = /^[0-9a-f]{64}$/i
/** More than any form of a key, so that no large file is read. */
const MOST_BYTES = 1024
const OTHERS = 0o077

function readKey(path: string): { readonly key: Uint8Array; readonly isShared: boolean } {
  const { bytes, mode, isFile } = readBeginning(path)
  const text = Buffer.from(bytes).toString('latin1').trim()
  const key = bytes.length === KEY_BYTES ? bytes : HEX_KEY.test(text) ? Uint8Array.from(Buffer.from(text, 'hex')) : null
  if (key === null) {
    throw usageError(
      `--anonymize: ${path} is no key: it holds neither 32 bytes nor 64 hex digits (openssl rand -hex 32 makes one)`,
    )
  }
  // Windows has no such modes, and a pipe is nobody else's.
  return { key, isShared: process.platform !== 'win32' && isFile && (mode & OTHERS) !== 0 }
}

function readBeginning(path: string): { readonly bytes: Uint8Array; readonly mode: number; readonly isFile: boolean } {
  let file: number | null = null
  try {
    file = openSync(path, 'r')
    const stats = fstatSync(file)
    const buffer = new Uint8Array(MOST_BYTES)
    let length = 0
    // A pipe, such as <(pass show netkit), gives what it has.
    while (length < buffer.length) {
      const read = readSync(file, buffer, length, buffer.length - length, null)
      if (read === 0) break
      length += read
    }
    return { bytes: buffer.slice(0, length), mode: stats.mode, isFile: stats.isFile() }
  } catch (error) {
    throw usageError(`--anonymize: cannot read ${path}: ${reasonOf(error)}`)
  } finally {
    if (file !== null) closeSync(file)
  }
}
