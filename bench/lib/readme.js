// The tables of bench/README.md, between two marks.
import { readFileSync, writeFileSync } from 'node:fs'

const README = new URL('../README.md', import.meta.url)
const BEGIN = '<!-- bench: begin -->'
const END = '<!-- bench: end -->'

/** @param {string} report */
export function writeReadme(report) {
  const text = readFileSync(README, 'utf8')
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)]
  if (begin < 0 || end < begin) throw new Error(`bench/README.md has no ${BEGIN} … ${END}`)
  writeFileSync(README, `${text.slice(0, begin + BEGIN.length)}\n\n${report}\n\n${text.slice(end)}`)
}
