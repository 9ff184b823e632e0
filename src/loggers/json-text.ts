/**
 * Values → JSON that is safe to print: what printable.ts makes visible is escaped as `\u202e`, which is the same value to every
 * reader. JSON.stringify escapes C0 and halves of surrogate pairs; DEL, C1 (where U+009B begins a sequence of the terminal), line
 * separators and bidirectional controls it leaves as they are.
 */
const LEFT_BY_JSON = /[\x7f-\x9f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(
    LEFT_BY_JSON,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
