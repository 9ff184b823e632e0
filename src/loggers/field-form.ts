/** What stands around the values of a line: all that csv, tsv and jsonl do not have in common when they are written as bytes. */
export interface FieldForm<Column extends string> {
  /** What stands before the value of a column. */
  before(column: Column): string
  readonly end: string
  /** In place of a value that there is not. */
  readonly none: string
  /** Around addresses and VLANs, in which nothing needs more care. */
  readonly quote: string
  /** Text from anywhere, and numbers that are names. */
  encode(value: string | number): string
}
