/** Pieces of a line, the important ones first, those that do not fit left out: for heads and feet of a screen. */
import { displayWidth } from '../loggers/text-table.ts'

/** What is written, and how it looks: the two differ by escape sequences, which take no columns. */
export interface Piece {
  readonly text: string
  readonly shown?: string
}

const GAP = 2

/** The pieces that fit, in their order, and the columns that they take. */
function taken(pieces: readonly Piece[], width: number): { shown: string; width: number } {
  let shown = ''
  let used = 0
  for (const { text, shown: looks = text } of pieces) {
    if (text === '') continue
    const gap = used === 0 ? 0 : GAP
    const next = used + gap + displayWidth(text)
    if (next > width) continue
    shown += ' '.repeat(gap) + looks
    used = next
  }
  return { shown, width: used }
}

/** `left` begins the line, `right` ends it. The first piece of the left must be short enough by itself. */
export function joinEnds(left: readonly Piece[], right: readonly Piece[], width: number): string {
  const [first, ...others] = left
  const start = taken(first === undefined ? [] : [first], width)
  const end = taken(right, width - start.width - GAP)
  const middle = taken(others, width - start.width - end.width - (end.width === 0 ? 0 : GAP) - GAP)
  const begin = middle.width === 0 ? start.shown : `${start.shown}${' '.repeat(GAP)}${middle.shown}`
  const beginWidth = start.width + (middle.width === 0 ? 0 : GAP + middle.width)
  return end.width === 0 ? begin : begin + ' '.repeat(width - beginWidth - end.width) + end.shown
}
