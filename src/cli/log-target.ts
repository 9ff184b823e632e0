/** What `netkit log` is to read: files, or interfaces. */
import { existsSync } from 'node:fs'
import { isDynamicPattern } from 'tinyglobby'
import { askInterface } from './ask-interface.ts'
import { usageError } from './exit-codes.ts'
import type { LogFlags } from './log-flags.ts'

export interface LogTarget {
  readonly kind: 'files' | 'live'
  /** Paths, globs and `-`; or interfaces by name or number, without those of `-i`. */
  readonly names: readonly string[]
}

export async function chooseTarget(args: readonly string[], flags: LogFlags): Promise<LogTarget> {
  const files = [...(flags.read ?? []), ...args.filter(isFile)]
  const names = args.filter((name) => !isFile(name))
  const interfaces = [...(flags.interface ?? []), ...names]
  const elsewhere = [flags.ssh, flags.cmd, flags.follow].some((source) => source !== undefined)
  if (files.length > 0 && (elsewhere || interfaces.length > 0)) {
    throw usageError(
      `files (${files[0]}) or a running capture${interfaces.map((name) => ` (${name})`).join('')}, not both`,
    )
  }
  if (files.length > 0) {
    if (flags.duration !== undefined) throw usageError('--duration: only for a running capture, not for files')
    return { kind: 'files', names: files }
  }
  if (elsewhere || interfaces.length > 0) return { kind: 'live', names }
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    throw usageError('no interface and no FILE: name one (netkit interfaces lists the interfaces)')
  }
  return { kind: 'live', names: [await askInterface()] }
}

const LOOKS_LIKE_A_FILE = /[/]|\.(pcap|pcapng|cap|ntar|dmp)\d*(\.(gz|zst|lz4))?$/i
/** Braces, which would be a glob. */
const WINDOWS_DEVICE = /^\\Device\\NPF_/i

/** What exists is a file; so is what could be no interface, so that it is said to be missing as a file. */
function isFile(name: string): boolean {
  if (name === '-' || existsSync(name)) return true
  return !WINDOWS_DEVICE.test(name) && (LOOKS_LIKE_A_FILE.test(name) || isDynamicPattern(name))
}
