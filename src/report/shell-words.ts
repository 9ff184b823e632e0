/** A command line, for people who copy it: nothing in it moves what stands beside it, whatever files are called. */
import { printable } from '../loggers/printable.ts'

/** Words as a shell takes them: POSIX.1-2024, in which `$'…'` is quoted too. */
export function shellWords(words: readonly string[]): string {
  return words.map(shellWord).join(' ')
}

function shellWord(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word
  if (printable(word) === word) return `'${word.replaceAll("'", "'\\''")}'`
  return `$'${Array.from(word, dollarQuoted).join('')}'`
}

function dollarQuoted(character: string): string {
  if (character === "'" || character === '\\') return `\\${character}`
  if (printable(character) === character) return character
  return Array.from(new TextEncoder().encode(character), (byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')
}
