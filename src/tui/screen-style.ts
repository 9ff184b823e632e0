/**
 * Weight and colour of the screen. Every meaning is in the text too: with NO_COLOR nothing is lost, and bold, dim and reverse,
 * which are no colours, stay. Cyan and red of the eight basic colours are readable on light and on dark backgrounds.
 */
import { Ansis } from 'ansis'

type Paint = (text: string) => string

export interface ScreenStyle {
  readonly bold: Paint
  readonly dim: Paint
  readonly reverse: Paint
  readonly underline: Paint
  /** What is drawn rather than written: bars and curves. */
  readonly curve: Paint
  /** What somebody should know: lost frames, damage. */
  readonly alarm: Paint
}

const same: Paint = (text) => text

/** For tests and for text that is looked at, not shown. */
export const PLAIN_STYLE: ScreenStyle = {
  bold: same,
  dim: same,
  reverse: same,
  underline: same,
  curve: same,
  alarm: same,
}

/** `colours`: see {@link wantsColours}. */
export function createScreenStyle(colours: boolean): ScreenStyle {
  const ansis = new Ansis(1)
  return {
    bold: (text) => ansis.bold(text),
    dim: (text) => ansis.dim(text),
    reverse: (text) => ansis.inverse(text),
    underline: (text) => ansis.underline(text),
    curve: colours ? (text) => ansis.cyan(text) : same,
    alarm: colours ? (text) => ansis.red.bold(text) : (text) => ansis.bold(text),
  }
}

/** NO_COLOR, FORCE_COLOR and what the terminal can do, as ansis reads them. */
export function wantsColours(): boolean {
  return new Ansis().isSupported()
}
