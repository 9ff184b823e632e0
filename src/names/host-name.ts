/** Names that came over the network → is that a host's name, safe to print beside an address? */

/** RFC 1035 §2.3.4 without the root label, RFC 1123 §2.1. */
const MAX_LENGTH = 253
const LABELS = /^(?:[\w-]{1,63}\.)*[\w-]{1,63}$/
/** RFC 1123 §2.1: the last label is not all digits, so that a name never reads as another IPv4 address. */
const NUMERIC_END = /(?:^|\.)\d+$/

/**
 * Letters, digits, hyphens and dots (RFC 1123 §2.1), and underscores, which are no host's by the book and in real use.
 * Names in other scripts travel as `xn--…` and pass like that.
 */
export function isHostName(text: string): boolean {
  return text.length <= MAX_LENGTH && LABELS.test(text) && !NUMERIC_END.test(text)
}
