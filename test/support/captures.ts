/** The captures of test/pcaps, and what tshark and capinfos say of each (written by scripts/oracle-pcaps.sh). */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Ends with a slash. */
export const projectFolder = fileURLToPath(new URL('../../', import.meta.url))
export const capturesFolder = `${projectFolder}test/pcaps/`
const oracleFolder = `${projectFolder}test/golden/oracle/`

/** Source, destination, protocol number, or the kind of a frame without an IP header. */
type OracleKey = [src: string, dst: string, protocol: number] | [kind: string]

/** What the fields mean stands at the top of scripts/oracle-pcap.js. */
export interface Oracle {
  readonly capture: string
  readonly sha256: string
  readonly capinfos: {
    readonly status: number
    readonly 'Number of packets'?: string
    readonly 'Data size (bytes)'?: string
    /** Seconds since 1970 with the digits that the file has; `n/a` without frames or times. Lowest and highest. */
    readonly 'Start time'?: string
    readonly 'End time'?: string
    readonly 'Strict time order'?: 'True' | 'False' | 'Unknown'
  }
  readonly tshark: { readonly status: number; readonly said: readonly string[] }
  readonly packets: number
  readonly bytes: number
  readonly captured_bytes: number
  readonly untimed: number
  /** Of the first and the last frame that has a time, in the order of the file. */
  readonly first_ns: string | null
  readonly last_ns: string | null
  readonly flows: readonly [src: string, dst: string, protocol: number, packets: number, bytes: number][]
  readonly non_ip: readonly [kind: string, packets: number, bytes: number][]
  readonly window_seconds: number
  readonly windows: readonly [index: number, ...key: OracleKey, packets: number, bytes: number][]
}

/** Paths below test/pcaps, sorted. */
export function captureFiles(): string[] {
  return filesBelow(capturesFolder).filter((path) => !path.endsWith('.md') && !/(^|\/)\./.test(path))
}

/** The captures that have a description. */
export function oracleFiles(): string[] {
  return filesBelow(oracleFolder)
    .map((path) => path.replace(/\.json$/, ''))
    .sort()
}

export function readOracle(capture: string): Oracle {
  return JSON.parse(readFileSync(`${oracleFolder}${capture}.json`, 'utf8'))
}

function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  return files.map(({ parentPath, name }) => relative(folder, join(parentPath, name)).replaceAll('\\', '/')).sort()
}
