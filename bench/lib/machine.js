// Where and when the figures were taken, in words.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const TOOLS = ['gcc', 'tshark', 'tcpdump', 'gzip', 'zstd', 'lz4']

/** @param {{ runs: number, load: string }} run */
export function describeMachine({ runs, load }) {
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`
  const [cpu] = cpus()
  return [
    `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC, commit ${commit()}, medians of ${runs} ${runs === 1 ? 'round' : 'rounds'} (start-up: of four times as many).`,
    `${cpu?.model.trim() ?? 'unknown CPU'}, ${availableParallelism()} cores, ${memory}; ${system()}, kernel ${release()}; Node ${process.versions.node}.`,
    `${TOOLS.map(toolVersion).filter(Boolean).join(', ')}.`,
    `Load of the machine before and after (1 minute): ${load} and ${currentLoad()}.`,
  ].join('\n')
}

export const currentLoad = () => loadavg()[0].toFixed(1)

function git(...args) {
  const { status, stdout } = spawnSync('git', args, { cwd: ROOT, encoding: 'utf8' })
  return status === 0 ? stdout.trim() : ''
}

/** With a mark when what is measured is not what was committed. */
function commit() {
  const changed = git('status', '--porcelain', '--', 'src', 'assembly', 'bin', 'package-lock.json')
  return `${git('rev-parse', '--short', 'HEAD') || 'unknown'}${changed ? ' with changes' : ''}`
}

function system() {
  try {
    return /^PRETTY_NAME="?([^"\n]*)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? process.platform
  } catch {
    return process.platform
  }
}

function toolVersion(tool) {
  const { error, stdout, stderr } = spawnSync(tool, ['--version'], { encoding: 'utf8' })
  if (error) return ''
  const version = /\d+\.\d+(\.\d+)?/.exec(`${stdout}${stderr}`)
  return version ? `${tool} ${version[0]}` : ''
}
