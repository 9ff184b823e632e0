/** Joins lines into strings of at most this many UTF-16 units; only a line that is longer by itself makes a longer one. */
export const PIECE_LENGTH = 65_536

/**
 * The same text in few, bounded strings. A sink pays per write, so single lines are too small; a span of two million rows
 * as one string would cost hundreds of megabytes, so everything is too large.
 */
export function* inPieces(lines: Iterable<string>): Generator<string> {
  let piece = ''
  for (const line of lines) {
    if (piece !== '' && piece.length + line.length > PIECE_LENGTH) {
      yield piece
      piece = ''
    }
    piece += line
  }
  if (piece !== '') yield piece
}
