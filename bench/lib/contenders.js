// netkit as a contender: each way of running it, as a command line and what its output says about the number of frames.
import { framesOf } from './captures.js'

/**
 * @typedef {object} Contender
 * @property {string} id Unique within a work; bars name it.
 * @property {string} label Markdown.
 * @property {readonly string[]} command Runs in the data folder.
 * @property {string} [missing] Why it cannot run here; '' when it can.
 * @property {(stdout: string) => number} [framesIn] Frames that it says it has read; without it stdout goes to /dev/null.
 * @property {number} [frames] How many there are.
 * @property {boolean} [slow] Runs once, and not with --quick.
 * @property {number} [scale] Runs on a part of the capture; times are multiplied by this.
 * @property {boolean} [countsRows] Its lines but the first are counted in a run before the others: rows a second.
 */

/** The job that is compared: bytes per flow in windows of 5 seconds, as CSV. */
const JOB = ['--window', '5', '--by', 'flow', '--top', '10', '--format', 'csv']

/** Each frame is in one row of one window: packets is the last column but two, also of the row of the remainder. */
function packetsOfCsv(stdout) {
  const rows = stdout.trimEnd().split('\n').slice(1)
  return rows.reduce((sum, row) => sum + Number(row.split(',').at(-3)), 0)
}

/** @param {import('./tools.js').Tools} tools */
export function netkitContenders(tools) {
  const { netkit, node24 } = tools

  /**
   * The job on a capture.
   * @param {string} id
   * @param {string} label
   * @param {string} capture
   * @param {{ jobs?: number, by?: string, node?: string }} options
   * @returns {Contender}
   */
  const analyze = (id, label, capture, { jobs, by = 'flow', node = process.execPath } = {}) => {
    const job = JOB.map((word) => (word === 'flow' ? by : word))
    const flags = jobs === undefined ? [] : ['--jobs', String(jobs)]
    return {
      id,
      label: `**${label}**`,
      command: [node, netkit, 'analyze', capture, ...job, ...flags],
      framesIn: packetsOfCsv,
      frames: framesOf(capture),
      missing: jobs !== undefined && !tools.hasJobs ? 'analyze has no --jobs' : '',
    }
  }

  return {
    analyze,
    /** On one core, and on as many as netkit takes by itself. */
    bothWays: (capture) => [
      analyze('netkit-1', 'netkit, one job', capture, { jobs: 1 }),
      analyze('netkit', 'netkit', capture),
    ],
    /** @returns {Contender} */
    onNode24: (capture) => ({
      ...analyze('netkit-24', 'netkit on Node 24', capture, { node: node24 }),
      missing: tools.missing('node24'),
    }),
    /** @returns {Contender} */
    fromStdin: (capture) => ({
      id: 'stdin',
      label: '**`cat FILE \\| netkit analyze -`**',
      command: ['sh', '-c', `cat '${capture}' | "$0" "$@"`, process.execPath, netkit, 'analyze', '-', ...JOB],
      framesIn: packetsOfCsv,
      frames: framesOf(capture),
    }),
    /** @returns {Contender} */
    command: (id, args, more = {}) => ({
      id,
      label: `**\`netkit ${args.join(' ')}\`**`,
      command: [process.execPath, netkit, ...args],
      ...more,
    }),
  }
}
