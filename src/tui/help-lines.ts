/** The page behind `?`. In 80 columns each key has one line. */
import { wrap } from './fit-text.ts'
import type { ScreenState } from './screen-state.ts'

type Line = readonly [name: string, meaning: string]

const KEYS: readonly Line[] = [
  ['↑ ↓  j k', 'mark a row; the mark stays with it wherever it goes'],
  ['Enter', 'open the marked row: directions, curves, flows, ports'],
  ['Esc', 'back: from a page, then from the filter, then the mark'],
  ['PgUp PgDn Home End', 'a page up or down, the first row, the last'],
  ['s  S', 'sort by rate, peak, total, packets, name, and back'],
  ['g', 'a row is: pair, flow, conversation, host, service, …'],
  ['/', 'only rows with this text: an address, a name, :443, udp'],
  ['w', 'the window of rates: 1, 2, 5, 10, 30, 60 s'],
  ['b', 'the unit: Kbps, bit/s, bytes/s by 1000 or by 1024'],
  ['n', 'names of hosts where they are known, or addresses only'],
  ['p  space', 'stop the picture; frames are still read and counted'],
  ['Ctrl-L  Ctrl-Z', 'draw again; leave for a while (fg comes back)'],
  ['q  Ctrl-C', 'quit'],
]

const REPLAY_KEYS: readonly Line[] = [
  ['p  space', 'stop the time of the recording, or let it go on'],
  ['← →', '10 s back or on; a minute with Shift, or with [ ]'],
  ['.', 'one window on, and stop there'],
  ['+ -', 'twice, or half as fast'],
]

const MEANINGS: readonly Line[] = [
  ['rate', 'bits on the wire in the window, by the packets’ times'],
  ['peak', 'the busiest second; after g, of the last minute and since'],
  ['total', 'bytes since the start'],
  ['packets', 'in the window'],
  ['last … s', 'a second a column, each row to its own height'],
  ['drops', 'frames the capture lost; dumpcap and tshark tell when they end, and until then nobody knows'],
]

const NAME_WIDTH = 20
const INDENT = 2
/** With less, a meaning stands below its name. */
const LEAST_MEANING_WIDTH = 40

/** All lines of it, none wider than `columns`. */
export function helpText({ status, style }: ScreenState, columns: number): string[] {
  const keys = status.replay === null ? KEYS : [...KEYS.slice(0, -3), ...REPLAY_KEYS, ...KEYS.slice(-2)]
  const lines = (text: Line) => linesOf(text, style.bold, columns)
  return [
    style.bold(style.underline('Keys')),
    ...keys.flatMap(lines),
    '',
    style.bold(style.underline('What is shown')),
    ...MEANINGS.flatMap(lines),
  ]
}

function linesOf([name, meaning]: Line, bold: (text: string) => string, columns: number): string[] {
  const room = columns - INDENT - NAME_WIDTH
  if (room < LEAST_MEANING_WIDTH) {
    return [
      ' '.repeat(INDENT) + bold(name),
      ...wrap(meaning, columns - 2 * INDENT).map((line) => ' '.repeat(2 * INDENT) + line),
    ]
  }
  return wrap(meaning, room).map(
    (line, i) => ' '.repeat(INDENT) + (i === 0 ? bold(name.padEnd(NAME_WIDTH)) : ' '.repeat(NAME_WIDTH)) + line,
  )
}
