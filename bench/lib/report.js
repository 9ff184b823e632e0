// Results → Markdown: the bars in one table, then a table for each work, then who was left out and why.

/**
 * @typedef {object} WorkResult
 * @property {import('./works.js').Work} work
 * @property {number} rounds
 * @property {readonly import('./take-turns.js').Result[]} results
 * @property {readonly (import('./bars.js').Judgement | null)[]} judgements
 * @property {ReadonlyMap<string, number>} rows
 * @property {readonly string[]} leftOut Who, and why.
 * @property {readonly string[]} failures Who of them ran, and failed.
 */

/**
 * @param {string} machine
 * @param {readonly WorkResult[]} works
 */
export function formatReport(machine, works) {
  return [machine, formatBars(works), ...works.map(formatWork), formatLeftOut(works)].filter(Boolean).join('\n\n')
}

function formatBars(works) {
  const lines = works.flatMap(({ work, judgements }) =>
    judgements
      .filter((judgement) => judgement !== null)
      .map(({ measure, measured, bar, verdict }) => [work.id, measure, measured, bar, verdict]),
  )
  const unmeasured = works.reduce((sum, { judgements }) => sum + judgements.filter((one) => one === null).length, 0)
  const note = unmeasured === 0 ? '' : `\n\n${unmeasured} bars were not measured: see who was left out.`
  return `### Bars\n\n${table(['work', 'measure', 'measured', 'bar', ''], '--::-', lines)}${note}`
}

/** @param {WorkResult} result */
function formatWork({ work, rounds, results, rows }) {
  const reference = results.find(({ contender }) => contender.id === work.reference)
  const lines = results.map((result) => [
    result.contender.label,
    seconds(result.wall),
    spread(result.walls),
    reference ? (result.wall / reference.wall).toFixed(2) : '',
    seconds(result.cpu),
    `${(result.peak / 1e6).toFixed(0)} MB`,
    remark(result, rounds, rows.get(result.contender.id)),
  ])
  const head = ['', 'wall, s', 'least–most', 'ratio', 'CPU, s', 'peak', '']
  return `### ${work.title}\n\n${table(head, '-:::::-', lines)}`
}

function remark({ contender, walls, wall }, rounds, rows) {
  const words = []
  if (rows !== undefined) words.push(`${rows} rows, ${(rows / wall / 1e6).toFixed(2)} M a second`)
  if (walls.length < rounds) words.push(walls.length === 1 ? 'run once' : `run ${walls.length} times`)
  if ((contender.scale ?? 1) !== 1) words.push('peak is that of the part')
  return words.join('; ')
}

function formatLeftOut(works) {
  const lines = works.flatMap(({ work, leftOut }) => leftOut.map((line) => `- ${work.id}: ${line}`))
  return lines.length === 0 ? '' : `### Left out\n\n${lines.join('\n')}`
}

/** `alignment`: a character for each column, `:` for numbers. */
function table(head, alignment, lines) {
  const rule = [...alignment].map((character) => (character === ':' ? '--:' : '---'))
  return [head, rule, ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

const seconds = (value) => (value < 10 ? value.toFixed(3) : value.toFixed(1))

function spread(walls) {
  if (walls.length < 2) return ''
  return `${seconds(Math.min(...walls))}–${seconds(Math.max(...walls))}`
}
