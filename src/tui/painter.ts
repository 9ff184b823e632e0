/**
 * Lines of a screen → the escape sequences (ECMA-48, xterm's private modes) that make a terminal show them. Only lines that
 * changed are written, as one piece between the marks of a synchronized update (mode 2026), so that nothing flickers;
 * terminals that do not know the mode ignore it.
 */
const ESC = '\x1b['

/** The alternate screen, so that what was there comes back; no cursor; no wrapping at the right edge. */
export const ENTER_SCREEN = `${ESC}?1049h${ESC}?25l${ESC}?7l${ESC}2J`
export const LEAVE_SCREEN = `${ESC}0m${ESC}?7h${ESC}?25h${ESC}?1049l`

const BEGIN_UPDATE = `${ESC}?2026h`
const END_UPDATE = `${ESC}?2026l`

export class Painter {
  #shown: readonly string[] | null = null

  /** The terminal shows something else now: all is to be written again. */
  forget(): void {
    this.#shown = null
  }

  /** '' when nothing changed. */
  paint(lines: readonly string[]): string {
    const shown = this.#shown
    this.#shown = lines
    let text = shown === null ? `${ESC}2J` : ''
    for (const [i, line] of lines.entries()) {
      // Cleared first: after a line that fills its row, clearing to the end would take its last character.
      if (shown === null || shown[i] !== line) text += `${ESC}${i + 1};1H${ESC}2K${line}`
    }
    for (let i = lines.length; shown !== null && i < shown.length; i++) text += `${ESC}${i + 1};1H${ESC}2K`
    return text === '' ? '' : `${BEGIN_UPDATE}${text}${END_UPDATE}`
  }
}
