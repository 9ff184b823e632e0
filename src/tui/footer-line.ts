/** The foot of the screen: the keys that matter now, as many as there is room for, or the filter while it is typed. */
import { displayWidth } from '../loggers/text-table.ts'
import { joinEnds, type Piece } from './join-ends.ts'
import type { ScreenState } from './screen-state.ts'

export function footerLine(state: ScreenState, width: number): string {
  const { choices, style } = state
  const key = (name: string, meaning: string): Piece => ({
    text: `${name} ${meaning}`,
    shown: `${style.bold(name)} ${style.dim(meaning)}`,
  })
  if (choices.typing) {
    const room = width - 30
    const typed = displayWidth(choices.filter) > room ? choices.filter.slice(-room) : choices.filter
    return joinEnds(
      [{ text: `/${typed} `, shown: `${style.bold('/')}${typed}${style.reverse(' ')}` }],
      [key('Enter', 'keep'), key('Esc', 'clear')],
      width,
    )
  }
  if (choices.page === 'help') return joinEnds([key('Esc', 'back'), key('↑↓', 'scroll'), key('q', 'quit')], [], width)
  const names = key('n', choices.names ? 'names' : 'addresses')
  const pause = key('p', state.status.paused ? 'go on' : 'pause')
  if (choices.page === 'detail') {
    const keys = [key('Esc', 'back'), key('↑↓', 'scroll'), pause, key('b', choices.units), key('w', windowText(state))]
    return joinEnds([...keys, names, key('q', 'quit')], [], width)
  }
  const replay = state.status.replay === null ? [] : [key('←→', '10 s'), key('+-', 'speed')]
  const keys = [
    key('q', 'quit'),
    key('?', 'help'),
    pause,
    key('s', choices.sort),
    key('g', choices.grouping.name),
    key('/', 'filter'),
    key('Enter', 'open'),
    key('w', windowText(state)),
    key('b', choices.units),
    ...replay,
    names,
  ]
  return joinEnds(keys, [], width)
}

function windowText({ choices }: ScreenState): string {
  return `${choices.windowSeconds} s`
}
