/** Command-line arguments to file names: files as they are, folders walked, globs matched, `-` passed through. */
import { readdir, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { SourceUnavailable } from '../capture/source.ts'
import { STDIN_PATHS } from './open-source.ts'
import { unavailable } from './system-error.ts'

/** What capture tools name their files; digits follow where they write rings (`tcpdump -C`: x.pcap0, x.pcap1). */
const CAPTURE_NAME = /\.(pcap|pcapng|cap|ntar|dmp)\d*(\.(gz|zst|lz4))?$/i

/** x.pcap2 before x.pcap10. Made for the first comparison: it takes 5 ms. */
let byName: Intl.Collator | undefined

/**
 * Names of the files to read, each once, in the order of the arguments and sorted within a folder or glob. A name that exists
 * is never taken for a glob. Throws {@link SourceUnavailable} for a name that does not exist and for a folder or glob without
 * captures.
 */
export async function expandInputs(args: readonly string[]): Promise<string[]> {
  const files = new Map<string, string>()
  for (const arg of args) {
    // The same file by two arguments is still one capture: its frames must not count twice.
    for (const file of await expandInput(arg)) if (!files.has(resolve(file))) files.set(resolve(file), file)
  }
  return [...files.values()]
}

async function expandInput(arg: string): Promise<string[]> {
  // The same descriptor by any name: read once, and never as a file that could be opened again.
  if (arg === '-' || STDIN_PATHS.has(arg)) return ['-']
  try {
    return (await stat(arg)).isDirectory() ? await capturesIn(arg) : [arg]
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    const matches = missing ? await matchesOf(arg) : null
    if (matches === null) throw unavailable('open', arg, error)
    return matches
  }
}

/** Null for a plain name. Most are plain and exist, so globbing is loaded here. */
async function matchesOf(pattern: string): Promise<string[] | null> {
  const { glob, isDynamicPattern } = await import('tinyglobby')
  if (!isDynamicPattern(pattern)) return null
  const files = await glob(pattern, { expandDirectories: false, dot: false })
  if (files.length === 0) throw new SourceUnavailable(`no file matches ${pattern}`)
  return files.sort(compareNames)
}

async function capturesIn(folder: string): Promise<string[]> {
  const files: string[] = []
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (CAPTURE_NAME.test(entry.name) && (entry.isFile() || (entry.isSymbolicLink() && (await leadsToFile(path))))) {
      files.push(path)
    }
  }
  if (files.length === 0) {
    throw new SourceUnavailable(
      `no captures in the folder ${folder}: no file ends in .pcap, .pcapng, .cap, .ntar or .dmp (or one of these with .gz, .zst, .lz4)`,
    )
  }
  return files.sort(compareNames)
}

async function leadsToFile(link: string): Promise<boolean> {
  try {
    return (await stat(link)).isFile()
  } catch {
    return false
  }
}

function compareNames(a: string, b: string): number {
  byName ??= new Intl.Collator('en', { numeric: true })
  return byName.compare(a, b) || (a < b ? -1 : 1)
}
