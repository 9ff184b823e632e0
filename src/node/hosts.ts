/** The list of hosts that this machine's user keeps (hosts(5)) → names of addresses. */
import { closeSync, openSync, readSync } from 'node:fs'
import { readHostsFile } from '../sightings/hosts-file.ts'
import { unavailable } from './system-error.ts'

export const HOSTS_FILE =
  process.platform === 'win32'
    ? `${process.env.SystemRoot ?? 'C:\\Windows'}\\System32\\drivers\\etc\\hosts`
    : '/etc/hosts'

/** Lists that block half of the web have some MB. What is behind is not read. */
const MOST_BYTES = 16 << 20
const STEP_BYTES = 1 << 16

/** `address` is valid during the call only. Throws SourceUnavailable. */
export function readHosts(path: string, onHost: (address: Uint8Array, name: string) => void): void {
  readHostsFile(new TextDecoder().decode(readStart(path)), (address, name) => onHost(address, name))
}

/** A pipe has no size, and a device no end. */
function readStart(path: string): Uint8Array {
  let descriptor: number
  try {
    descriptor = openSync(path, 'r')
  } catch (error) {
    throw unavailable('open', path, error)
  }
  try {
    let bytes = new Uint8Array(STEP_BYTES)
    let length = 0
    while (length < MOST_BYTES) {
      const read = readSync(descriptor, bytes, length, bytes.length - length, null)
      if (read === 0) break
      length += read
      if (length < bytes.length) continue
      const grown = new Uint8Array(2 * length)
      grown.set(bytes)
      bytes = grown
    }
    return bytes.subarray(0, Math.min(length, MOST_BYTES))
  } catch (error) {
    throw unavailable('read', path, error)
  } finally {
    closeSync(descriptor)
  }
}
