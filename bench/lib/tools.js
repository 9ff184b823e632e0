// What this machine has for the benchmark, and why not where it has not.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { compile } from './programs.js'

const NETKIT = fileURLToPath(new URL('../../bin/run.js', import.meta.url))
const BUILT = fileURLToPath(new URL('../../build/commands/analyze.js', import.meta.url))

/**
 * @typedef {object} Tools
 * @property {string} netkit Path of bin/run.js.
 * @property {string} python
 * @property {string} copt Path, '' when it could not be compiled.
 * @property {string} node24 Path, '' when there is none.
 * @property {boolean} hasJobs `analyze` takes --jobs.
 * @property {(name: string) => string} missing Why a tool cannot be used; '' when it can.
 */

/**
 * @param {{ data: string, node24: string | undefined, python: string }} options
 * @returns {Tools}
 */
export function findTools({ data, node24, python }) {
  if (!existsSync(BUILT)) throw new Error('netkit is not built: run npm run build')
  const reasons = new Map()
  const need = (name, command, why) => {
    if (!runs(command)) reasons.set(name, why)
  }
  for (const name of ['capinfos', 'tshark', 'tcpdump']) need(name, [name, '--version'], `${name} is not installed`)
  for (const name of ['gzip', 'zstd', 'lz4']) need(name, [name, '--version'], `${name} is not installed`)
  // tcpstat 1.5 knows no option that ends well
  if (spawnSync('tcpstat', ['-h']).error) reasons.set('tcpstat', 'tcpstat is not installed')
  need('dpkt', [python, '-c', 'import dpkt'], `${python} has no dpkt`)
  if (node24 === undefined) reasons.set('node24', 'NETKIT_BENCH_NODE24 is not set')
  else if (!/^v24\./.test(output([node24, '--version']))) reasons.set('node24', `${node24} is no Node 24`)
  let copt = ''
  try {
    copt = compile('copt', data)
  } catch (error) {
    reasons.set('copt', error.message)
  }
  return {
    netkit: NETKIT,
    python,
    copt,
    node24: reasons.has('node24') ? '' : node24,
    hasJobs: output([process.execPath, NETKIT, 'analyze', '--help']).includes('--jobs'),
    missing: (name) => reasons.get(name) ?? '',
  }
}

function runs([program, ...args]) {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0
}

function output([program, ...args]) {
  return spawnSync(program, args, { encoding: 'utf8' }).stdout ?? ''
}
