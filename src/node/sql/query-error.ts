/** What DuckDB says of a query → one sentence, and the place in the query when it names one. */

export class QueryError extends Error {
  override readonly name = 'QueryError'
  /** The line of the query, and a line with a caret under the place; '' when there is none. */
  readonly picture: string
  /** `query`: it cannot be answered as it is written; `run`: answering it failed; `interrupted`: somebody ended it. */
  readonly kind: 'query' | 'run' | 'interrupted'

  constructor(message: string, kind: QueryError['kind'], picture = '') {
    super(message)
    this.kind = kind
    this.picture = picture
  }
}

/** Of these the query itself is the cause. */
const OF_THE_QUERY =
  /^(Parser|Binder|Catalog|Permission|Syntax|Not implemented|Invalid Input|Parameter Not Resolved)\b/i
const PICTURE = /\n*^LINE (\d+): [^\n]*\n *\^[^\n]*$/m
const MOST_WORDS = 600

export function interrupted(): QueryError {
  return new QueryError('the query was interrupted', 'interrupted')
}

export function queryErrorOf(error: unknown): QueryError {
  if (error instanceof QueryError) return error
  const text = String((error as Error)?.message ?? error).replace(/^Failed to extract statements: /, '')
  if (/^INTERRUPT\b/i.test(text)) return interrupted()
  const kind = OF_THE_QUERY.test(text) ? 'query' : 'run'
  const picture = PICTURE.exec(text)
  const words = (picture === null ? text : text.slice(0, picture.index)).trim()
  return new QueryError(sentenceOf(words), kind, picture === null ? '' : picture[0].trim())
}

/** DuckDB breaks lines where a new thought begins; advice to switch safety off is not ours to give. */
function sentenceOf(text: string): string {
  const lines = text.split(/\n+/).map((line) => line.trim())
  const advice = lines.findIndex((line) => /^(Please try installing|Possible solutions)/.test(line))
  const words = (advice === -1 ? lines : lines.slice(0, advice))
    .join('; ')
    .replace(/([!?.]);/g, '$1')
    .replace(
      /file system operations are disabled by configuration/,
      'only the files that were named are read (see --allow-files)',
    )
  return words.length > MOST_WORDS ? `${words.slice(0, MOST_WORDS)}…` : words
}
