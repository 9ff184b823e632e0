// One whole process, measured from outside: wall time, CPU time, peak memory, and what it said.
import { spawnSync } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * @typedef {object} Measurement
 * @property {number} wall Seconds.
 * @property {number} cpu Seconds, user and system, of the process and those it waited for.
 * @property {number} peak Bytes, the largest resident set of any of these processes.
 * @property {string} stdout Empty when it was not kept.
 */

/** Nobody's Node options in the measurement, and the same words from tools in every language. */
function environment() {
  const { NODE_OPTIONS: _, NODE_COMPILE_CACHE: __, ...rest } = process.env
  return { ...rest, LC_ALL: 'C', TZ: 'UTC' }
}

/**
 * Runs a command in the data folder. Throws an Error that holds the end of its stderr when it fails.
 * @param {{ launch: string, data: string }} bench
 * @param {readonly string[]} command
 * @param {{ keep: boolean }} options Keep stdout, in a file; else it goes to /dev/null.
 * @returns {Measurement}
 */
export function measure({ launch, data }, command, { keep }) {
  const [report, stdout, stderr] = ['report', 'stdout', 'stderr'].map((name) => join(data, `bench-${name}`))
  const [out, err] = [openSync(keep ? stdout : '/dev/null', 'w'), openSync(stderr, 'w')]
  const options = { cwd: data, env: environment(), stdio: /** @type {const} */ (['ignore', out, err]) }
  const { error, status } = spawnSync(launch, [report, ...command], options)
  closeSync(out)
  closeSync(err)
  if (error || status !== 0) throw error ?? new Error(`the launcher ended with ${status}`)
  const [wall, user, system, peak, code] = readFileSync(report, 'utf8').split(' ').map(Number)
  if (code !== 0) throw new Error(`exit code ${code}: ${readFileSync(stderr, 'utf8').trim().split('\n').at(-1)}`)
  return {
    wall: wall / 1e9,
    cpu: (user + system) / 1e6,
    peak: peak * 1024,
    stdout: keep ? readFileSync(stdout, 'utf8') : '',
  }
}
