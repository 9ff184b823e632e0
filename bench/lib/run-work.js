// One work from its captures to its results. What cannot run is left out, with the reason.
import { judge } from './bars.js'
import { makeCaptures, warm } from './captures.js'
import { measure } from './measure.js'
import { takeTurns } from './take-turns.js'

/**
 * @param {import('./works.js').Work} work
 * @param {import('./works.js').Entrants} entrants
 * @param {{ launch: string, data: string, runs: number, quick: boolean, say: (line: string) => void }} bench
 * @returns {import('./report.js').WorkResult}
 */
export function runWork(work, entrants, bench) {
  const { runs, quick, say } = bench
  say(work.title)
  const rounds = runs * (work.roundsFactor ?? 1)
  const leftOut = []
  const failures = []
  const leaveOut = (label, why) => {
    leftOut.push(`${label}: ${why}`)
    say(`  left out: ${label}: ${why}`)
  }
  const onFailure = (label, why) => {
    failures.push(label)
    leaveOut(label, why)
  }
  const onRun = (label, round) => say(`  ${round + 1}/${rounds} ${label}`)

  const able = work.contenders(entrants).filter(({ label, missing, slow }) => {
    const why = missing || (slow && quick ? 'slow, left out by --quick' : '')
    if (why) leaveOut(label, why)
    return !why
  })
  const ready = prepare(work, able, bench, leaveOut)
  const rows = new Map(ready.filter(({ countsRows }) => countsRows).map((one) => [one.id, countRows(bench, one)]))
  const results = takeTurns(bench, ready, { rounds, onRun, onFailure })
  const byId = new Map(results.map((result) => [result.contender.id, result]))
  const judgements = work.bars.map((bar) => judge(bar, byId, rows))
  return { work, rounds, results, judgements, rows, leftOut, failures }
}

/** The contenders, once the captures that they name are there; nobody when one cannot be made. */
function prepare(work, contenders, { data, say }, leaveOut) {
  const isNamed = (capture) => contenders.some(({ command }) => command.some((word) => word.includes(capture)))
  const captures = work.captures.filter(isNamed)
  try {
    makeCaptures(data, captures, say)
  } catch (error) {
    leaveOut('everybody', error.message)
    return []
  }
  warm(data, captures)
  return contenders
}

/** Lines of its output behind the first. The run is not timed: a pipe has a price. */
function countRows(bench, { command }) {
  const { stdout } = measure(bench, ['sh', '-c', '"$0" "$@" | wc -l', ...command], { keep: true })
  return Number(stdout) - 1
}
