// The command line of the benchmark.
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'

export const USAGE = `Usage: npm run bench -- [--only WORK,WORK] [--runs N] [--quick] [--write] [--list]

  --only WORK   these works only (--list names them); may be given several times
  --runs N      rounds; each runs all contenders of a work once, in turn (default 5, with --quick 1)
  --quick       leave out the slow contenders (tshark and the like)
  --write       put the tables into bench/README.md
  --list        name the works and end

  NETKIT_BENCH_DATA     folder for captures and compiled programs, 6 GB for all works (default: netkit-perf in the system's
                        temporary folder)
  NETKIT_BENCH_NODE24   path of a Node 24, for zstd with Node's own zlib
  NETKIT_BENCH_PYTHON   a Python that has dpkt (default: python3)`

/**
 * Throws an Error in the user's terms.
 * @param {string[]} args
 * @param {readonly string[]} works
 */
export function parseOptions(args, works) {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string', multiple: true },
      runs: { type: 'string' },
      quick: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const only = values.only?.flatMap((text) => text.split(',')) ?? works
  const unknown = only.filter((work) => !works.includes(work))
  if (unknown.length > 0) throw new Error(`no work is called ${unknown.join(', ')}; there are ${works.join(', ')}`)
  const runs = Number(values.runs ?? (values.quick ? 1 : 5))
  if (!Number.isInteger(runs) || runs < 1) throw new Error(`--runs takes a number from 1, not '${values.runs}'`)
  return {
    only,
    runs,
    quick: values.quick,
    write: values.write,
    list: values.list,
    help: values.help,
    data: resolve(process.env.NETKIT_BENCH_DATA ?? join(tmpdir(), 'netkit-perf')),
    node24: process.env.NETKIT_BENCH_NODE24,
    python: process.env.NETKIT_BENCH_PYTHON ?? 'python3',
  }
}
