// The bars of the project: what was measured against what had to be reached.

/** @typedef {import('./take-turns.js').Result} Result */

/**
 * One of: wall time in ratio to the fastest of `to`, at most `atMost` (as measured without it); peak memory; rows a second;
 * faster than another.
 * @typedef {object} Bar
 * @property {string} of Id of a contender.
 * @property {readonly string[]} [to]
 * @property {number} [atMost]
 * @property {number} [megabytesAtMost] 10^6 bytes.
 * @property {number} [rowsAtLeast] A second.
 * @property {string} [aheadOf]
 *
 * @typedef {object} Judgement
 * @property {string} measure
 * @property {string} measured
 * @property {string} bar
 * @property {'met' | 'not met' | 'no bar'} verdict
 */

/**
 * Null for a bar whose contenders were not measured.
 * @param {Bar} bar
 * @param {ReadonlyMap<string, Result>} results By id of the contender.
 * @param {ReadonlyMap<string, number>} rows By id of the contender.
 * @returns {Judgement | null}
 */
export function judge(bar, results, rows) {
  const one = results.get(bar.of)
  if (one === undefined) return null
  if (bar.to !== undefined) return judgeRatio(bar, one, bar.to, results)
  if (bar.aheadOf !== undefined) return judgeLead(one, results.get(bar.aheadOf))
  if (bar.megabytesAtMost !== undefined) return judgeMemory(one, bar.megabytesAtMost)
  return judgeRows(one, bar.rowsAtLeast, rows.get(bar.of))
}

function judgeRatio({ atMost }, one, ids, results) {
  const others = ids.flatMap((id) => results.get(id) ?? [])
  if (others.length === 0) return null
  const other = others.reduce((best, next) => (next.wall < best.wall ? next : best))
  const ratio = one.wall / other.wall
  const measure = `wall, ${name(one)} ÷ ${name(other)}`
  if (atMost === undefined) return { measure, measured: ratio.toFixed(2), bar: 'as measured', verdict: 'no bar' }
  return { measure, measured: ratio.toFixed(2), bar: `≤ ${atMost}`, verdict: verdict(ratio <= atMost) }
}

function judgeLead(one, other) {
  if (other === undefined) return null
  const factor = other.wall / one.wall
  const measure = `wall, ${name(other)} ÷ ${name(one)}`
  return { measure, measured: factor.toFixed(factor < 10 ? 2 : 0), bar: '> 1', verdict: verdict(factor > 1) }
}

function judgeMemory(one, megabytes) {
  const measured = one.peak / 1e6
  return {
    measure: `peak memory, ${name(one)}`,
    measured: `${measured.toFixed(0)} MB`,
    bar: `≤ ${megabytes} MB`,
    verdict: verdict(measured <= megabytes),
  }
}

function judgeRows(one, atLeast, rows) {
  if (rows === undefined) return null
  const perSecond = rows / one.wall
  return {
    measure: `rows a second, ${name(one)}`,
    measured: `${(perSecond / 1e6).toFixed(2)} M`,
    bar: `≥ ${atLeast / 1e6} M`,
    verdict: verdict(perSecond >= atLeast),
  }
}

const verdict = (isMet) => (isMet ? 'met' : 'not met')
const name = ({ contender }) => contender.label.replaceAll('**', '')
