/** The page behind `?`. Lines fit 80 columns. */
import { clip } from './fit-text.ts'
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
  ['n', 'names of hosts, or their addresses'],
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
  ['drops', 'frames the capture lost; ? while it does not say'],
]

const NAME_WIDTH = 20

/** All lines of it. */
export function helpText({ status, style }: ScreenState, columns: number): string[] {
  const keys = status.replay === null ? KEYS : [...KEYS.slice(0, -3), ...REPLAY_KEYS, ...KEYS.slice(-2)]
  const line = ([name, meaning]: Line) =>
    `  ${style.bold(name.padEnd(NAME_WIDTH))}${clip(meaning, columns - NAME_WIDTH - 2)}`
  return [
    style.bold(style.underline('Keys')),
    ...keys.map(line),
    '',
    style.bold(style.underline('What is shown')),
    ...MEANINGS.map(line),
  ]
}
