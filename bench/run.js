// The benchmark: netkit, the C program and every peer that is installed, in turn, as whole processes. See bench/README.md.
import { mkdirSync } from 'node:fs'
import { currentLoad, describeMachine } from './lib/machine.js'
import { parseOptions, USAGE } from './lib/options.js'
import { compile } from './lib/programs.js'
import { writeReadme } from './lib/readme.js'
import { formatReport } from './lib/report.js'
import { runWork } from './lib/run-work.js'
import { findTools } from './lib/tools.js'
import { createEntrants, WORKS } from './lib/works.js'

const say = (line) => process.stderr.write(`${line}\n`)

function main(args) {
  const options = parseOptions(
    args,
    WORKS.map(({ id }) => id),
  )
  if (options.help) return process.stdout.write(`${USAGE}\n`)
  const works = WORKS.filter(({ id }) => options.only.includes(id))
  if (options.list) return process.stdout.write(works.map(({ id, title }) => `${id.padEnd(12)}${title}\n`).join(''))

  mkdirSync(options.data, { recursive: true })
  const entrants = createEntrants(findTools(options))
  const launch = compile('launch', options.data)
  const load = currentLoad()
  const results = works.map((work) => runWork(work, entrants, { ...options, launch, say }))
  const report = formatReport(describeMachine({ ...options, load }), results)
  process.stdout.write(`${report}\n`)
  if (options.write) writeReadme(report)
  if (results.some(({ failures }) => failures.length > 0)) process.exitCode = 1
}

try {
  main(process.argv.slice(2))
} catch (error) {
  say(error.message)
  process.exitCode = 2
}
