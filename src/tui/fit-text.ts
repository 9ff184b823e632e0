/** Text → the same in so many columns of a terminal: padded, or shortened where the least is lost. */
import { displayWidth, padEnd } from '../loggers/text-table.ts'

const ELLIPSIS = '…'
const segmenter = new Intl.Segmenter()

/** The start of the text, in at most `width` columns. */
export function clip(text: string, width: number): string {
  if (displayWidth(text) <= width) return text
  return width <= 0 ? '' : `${head(characters(text), width - 1).join('')}${ELLIPSIS}`
}

/** Start and end of the text, in at most `width` columns: of an address both say more than the middle. */
export function elideMiddle(text: string, width: number): string {
  if (displayWidth(text) <= width) return text
  if (width <= 0) return ''
  const all = characters(text)
  const tailWidth = Math.floor((width - 1) / 2)
  const start = head(all, width - 1 - tailWidth)
  const end = head(all.reverse(), tailWidth).reverse()
  return `${start.join('')}${ELLIPSIS}${end.join('')}`
}

/** Lines of at most `width` columns, broken between words; a longer word is clipped. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line === '' || displayWidth(longer) <= width) line = longer
    else {
      lines.push(line)
      line = word
    }
  }
  return [...lines, line].map((each) => clip(each, width))
}

/** Exactly `width` columns, to the left. */
export function fitStart(text: string, width: number): string {
  return padEnd(clip(text, width), width)
}

/** Exactly `width` columns, to the right. */
export function fitEnd(text: string, width: number): string {
  const clipped = clip(text, width)
  return ' '.repeat(Math.max(0, width - displayWidth(clipped))) + clipped
}

function characters(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment)
}

function head(all: readonly string[], width: number): string[] {
  const kept: string[] = []
  let used = 0
  for (const character of all) {
    used += displayWidth(character)
    if (used > width) break
    kept.push(character)
  }
  return kept
}
