/** Rates over time → block characters, one second a column, drawn to the highest of them. */

const EIGHTHS = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█']

/** The last `width` values in one line. What is not nothing is at least an eighth high. */
export function sparkline(values: ArrayLike<number>, width: number): string {
  return curve(values, width, 1)[0]!
}

/** The last `width` values in `height` lines, the top first; all of them `width` columns wide. */
export function curve(values: ArrayLike<number>, width: number, height: number): string[] {
  const start = values.length - width
  const most = highest(values, width)
  const lines: string[] = []
  for (let line = height - 1; line >= 0; line--) {
    let text = ''
    for (let i = start; i < values.length; i++) {
      const value = i < 0 ? 0 : values[i]!
      const eighths = value > 0 ? Math.max(1, Math.round((value / most) * height * 8)) : 0
      text += EIGHTHS[Math.min(8, Math.max(0, eighths - line * 8))]!
    }
    lines.push(text)
  }
  return lines
}

/** Of the last `width` values. */
export function highest(values: ArrayLike<number>, width: number): number {
  let most = 0
  for (let i = Math.max(0, values.length - width); i < values.length; i++) most = Math.max(most, values[i]!)
  return most
}
