/** What goes on, as one line of stderr that is drawn again every second. Nothing when stderr is no terminal. */
import { clearLine, cursorTo } from 'node:readline'
import { displayWidth } from '../loggers/text-table.ts'
import { isInForeground } from './foreground.ts'

export interface StatusLine {
  /** Takes the line off the screen; it does not come back. */
  stop(): void
}

const EVERY_MS = 1000
/** Of a terminal that does not say. */
const COLUMNS = 80

export function startStatusLine(text: () => string): StatusLine {
  const { stderr } = process
  if (!stderr.isTTY) return { stop() {} }
  let drawn = false
  const clear = () => {
    if (!drawn) return
    cursorTo(stderr, 0)
    clearLine(stderr, 0)
    drawn = false
  }
  const timer = setInterval(() => {
    if (!isInForeground()) return
    clear()
    stderr.write(cut(text(), (stderr.columns || COLUMNS) - 1))
    drawn = true
  }, EVERY_MS)
  return {
    stop() {
      clearInterval(timer)
      clear()
    },
  }
}

/** A line that is too long would leave its first part behind. */
function cut(text: string, width: number): string {
  if (displayWidth(text) <= width) return text
  let kept = [...text].slice(0, Math.max(0, width - 1))
  while (displayWidth(kept.join('')) > width - 1) kept = kept.slice(0, -1)
  return `${kept.join('')}…`
}
