/**
 * Rows of a result → an aligned table for people: numbers to the right, on a terminal no wider than it. Where there are too many columns
 * for that, each row is a block with a line for each column.
 */
import type { DuckDBValue } from '@duckdb/node-api'
import type { Style } from '../../loggers/logger.ts'
import { printable } from '../../loggers/printable.ts'
import { displayWidth, padEnd } from '../../loggers/text-table.ts'
import type { ResultColumn, ValueTexts } from './result-values.ts'

export interface TableOptions {
  readonly style: Style
  /** Null: nothing is cut, as a pipe has no edge. */
  readonly width: number | null
  /** How many rows there are, in a line below. */
  readonly footer: boolean
}

/** The widths are those of so many rows, kept until then: what is wider later stands out. */
const MEASURED_ROWS = 10_000
const GAP = '  '
const NULL_TEXT = 'NULL'
const ELLIPSIS = '…'
/** No column is made narrower: it would say nothing. */
const LEAST_WIDTH = 12

type Row = readonly (string | null)[]

export class ResultTable {
  readonly #columns: readonly ResultColumn[]
  readonly #texts: ValueTexts
  readonly #options: TableOptions
  #waiting: Row[] = []
  #widths: readonly number[] | null = null
  /** Width of the names, where rows are blocks. */
  #nameWidth: number | null = null
  #count = 0
  #shown = 0

  constructor(columns: readonly ResultColumn[], texts: ValueTexts, options: TableOptions) {
    this.#columns = columns
    this.#texts = texts
    this.#options = options
  }

  begin(): string {
    return ''
  }

  add(rows: readonly (readonly DuckDBValue[])[]): string {
    this.#count += rows.length
    const texts = rows.map((row) =>
      row.map((value, i) => {
        const text = this.#texts.textOf(value, this.#columns[i]!.type)
        return text === null ? null : printable(text)
      }),
    )
    if (this.#widths !== null) return this.#lines(texts)
    this.#waiting.push(...texts)
    return this.#waiting.length < MEASURED_ROWS ? '' : this.#measured()
  }

  end(): string {
    const rest = this.#widths === null ? this.#measured() : ''
    if (!this.#options.footer) return rest
    return `${rest}${this.#options.style.dim(`(${this.#count} ${this.#count === 1 ? 'row' : 'rows'})`)}\n`
  }

  #measured(): string {
    const names = this.#columns.map(({ name }) => printable(name))
    const widths = names.map(displayWidth)
    for (const row of this.#waiting) {
      for (const [i, text] of row.entries()) widths[i] = Math.max(widths[i]!, displayWidth(text ?? NULL_TEXT))
    }
    const { width } = this.#options
    this.#widths = width === null ? widths : narrowTo(widths, width)
    const total = this.#widths.reduce((sum, one) => sum + one + GAP.length, -GAP.length)
    const areBlocks = width !== null && total > width && this.#waiting.length > 0
    if (areBlocks) this.#nameWidth = Math.max(...names.map(displayWidth))
    const header = areBlocks ? '' : this.#line(names, this.#options.style.bold)
    const lines = this.#lines(this.#waiting)
    this.#waiting = []
    return `${header}${lines}`
  }

  #lines(rows: readonly Row[]): string {
    const { bold } = this.#options.style
    if (this.#nameWidth === null) return rows.map((row) => this.#line(row, (text) => text)).join('')
    return rows.map((row) => `${bold(`row ${++this.#shown}`)}\n${this.#block(row, this.#nameWidth!)}`).join('')
  }

  #block(row: Row, nameWidth: number): string {
    const room = Math.max(LEAST_WIDTH, this.#options.width! - 2 * GAP.length - nameWidth)
    return row
      .map((text, i) => {
        const shown = cut(text ?? NULL_TEXT, room).trimEnd()
        const name = padEnd(printable(this.#columns[i]!.name), nameWidth)
        return `${GAP}${name}${GAP}${text === null ? this.#options.style.dim(shown) : shown}\n`
      })
      .join('')
  }

  #line(row: Row, styled: (text: string) => string): string {
    const last = row.length - 1
    const cells = row.map((text, i) => {
      const width = this.#widths![i]!
      const shown = cut(text ?? NULL_TEXT, width)
      const room = ' '.repeat(Math.max(0, width - displayWidth(shown)))
      const painted = text === null ? this.#options.style.dim(shown) : styled(shown)
      if (this.#columns[i]!.isNumber) return room + painted
      return i === last ? painted : painted + room
    })
    return `${cells.join(GAP).trimEnd()}\n`
  }
}

/** Takes room from the widest columns first, until all fit or none has any to give. */
function narrowTo(widths: readonly number[], most: number): readonly number[] {
  const room = most - GAP.length * (widths.length - 1)
  const fitted = [...widths]
  let over = fitted.reduce((sum, width) => sum + width, 0) - room
  while (over > 0) {
    const widest = Math.max(...fitted)
    if (widest <= LEAST_WIDTH) break
    const next = Math.max(LEAST_WIDTH, ...fitted.filter((width) => width < widest))
    const those = fitted.flatMap((width, i) => (width === widest ? [i] : []))
    const step = Math.min(widest - next, Math.ceil(over / those.length))
    for (const i of those) {
      const taken = Math.min(step, over)
      fitted[i]! -= taken
      over -= taken
      if (over <= 0) break
    }
  }
  return fitted
}

function cut(text: string, width: number): string {
  if (displayWidth(text) <= width) return text
  let shown = ''
  for (const character of text) {
    if (displayWidth(shown + character) > width - 1) break
    shown += character
  }
  return padEnd(shown + ELLIPSIS, width)
}
