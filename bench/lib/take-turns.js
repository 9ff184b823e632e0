// Contenders of one work, measured in turn: A B C A B C. What disturbs the machine disturbs them alike.
import { measure } from './measure.js'

/**
 * @typedef {import('./contenders.js').Contender} Contender
 * @typedef {import('./measure.js').Measurement} Measurement
 *
 * @typedef {object} Result
 * @property {Contender} contender
 * @property {number[]} walls Seconds of each round, scaled.
 * @property {number} wall Median.
 * @property {number} cpu Median.
 * @property {number} peak Median, bytes.
 */

/**
 * Who fails, or counts other frames than there are, has no result; `onFailure` hears why.
 * @param {{ launch: string, data: string }} bench
 * @param {readonly Contender[]} contenders
 * @param {{ rounds: number, onRun: (label: string, round: number) => void, onFailure: (label: string, why: string) => void }} options
 * @returns {Result[]}
 */
export function takeTurns(bench, contenders, { rounds, onRun, onFailure }) {
  /** @type {Map<Contender, Measurement[]>} */
  const measured = new Map(contenders.map((contender) => [contender, []]))
  for (let round = 0; round < rounds; round++) {
    for (const [contender, list] of measured) {
      if (contender.slow && round > 0) continue
      onRun(contender.label, round)
      try {
        list.push(measureOne(bench, contender))
      } catch (error) {
        onFailure(contender.label, error.message)
        measured.delete(contender)
      }
    }
  }
  return [...measured].map(([contender, list]) => summarize(contender, list))
}

function measureOne(bench, contender) {
  const measurement = measure(bench, contender.command, { keep: contender.framesIn !== undefined })
  const frames = contender.framesIn?.(measurement.stdout)
  if (frames !== undefined && frames !== contender.frames) {
    throw new Error(`it counted ${frames} frames of ${contender.frames}`)
  }
  return { ...measurement, stdout: '' }
}

/** @returns {Result} */
function summarize(contender, list) {
  const scale = contender.scale ?? 1
  const walls = list.map(({ wall }) => wall * scale)
  return {
    contender,
    walls,
    wall: median(walls),
    cpu: median(list.map(({ cpu }) => cpu * scale)),
    peak: median(list.map(({ peak }) => peak)),
  }
}

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
