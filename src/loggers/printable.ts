/**
 * Text from outside (names in packets, file and interface names) → text that a terminal shows and never obeys.
 *
 * Cc: C0, DEL and C1, where escape sequences start (ESC, and CSI as the single character U+009B). Zl, Zp: line breaks that
 * are not `\n`. Cs: halves of a surrogate pair, which have no UTF-8. The rest are the bidirectional controls of UAX #9: they
 * reorder what stands around them, so `name (label)` could be made to read as another address.
 */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/**
 * Each such character as `\x1b` or `\u202e`, the way `ls -b` and C write it: visible, searchable, one line.
 * A backslash stays as it is: the aim is safety, not a reversible code, and Windows paths should stay readable.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => {
    const code = character.charCodeAt(0).toString(16)
    return code.length <= 2 ? `\\x${code.padStart(2, '0')}` : `\\u${code.padStart(4, '0')}`
  })
}
