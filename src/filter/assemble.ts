/**
 * Tests to the code of src/abi/filter-code.ts. It is written from its end, so that every jump goes to what is there already:
 * forward, which is why a filter ends for any frame.
 */
import * as code from '../abi/filter-code.ts'
import type { Test } from './tests.ts'

export type Instruction = readonly [opcode: number, k: number, yes: number, no: number]

/** Some 64 bytes of filter make a hundred instructions; tcpdump's own programs end at 4096. */
const MOST_INSTRUCTIONS = 1 << 16

/** `before`: steps before the first test. Null: the program would be too long. */
export function assemble(test: Test, before: readonly Instruction[]): Uint32Array<ArrayBuffer> | null {
  const writer = new Writer()
  const refused = writer.add([code.OP_RETURN, 0, 0, 0])
  const taken = writer.add([code.OP_RETURN, 1, 0, 0])
  const first = writer.write(test, taken, refused)
  // A constant test is no code at all: it is a place to begin at.
  if (first !== writer.last) writer.add([code.OP_IF_EQUAL, 0, first, first])
  return writer.finish(before)
}

/** Places are counted from the end. */
class Writer {
  readonly #reversed: Instruction[] = []

  get last(): number {
    return this.#reversed.length - 1
  }

  add(instruction: Instruction): number {
    return this.#reversed.push(instruction) - 1
  }

  /** Writes a test before what is there, and returns where it begins. */
  write(test: Test, yes: number, no: number): number {
    if (this.#reversed.length > MOST_INSTRUCTIONS) return yes
    switch (test.type) {
      case 'always':
        return test.verdict ? yes : no
      case 'not':
        return this.write(test.test, no, yes)
      case 'all':
        return test.tests.reduceRight((next, one) => this.write(one, next, no), yes)
      case 'any':
        return test.tests.reduceRight((next, one) => this.write(one, yes, next), no)
      case 'compare': {
        this.add([test.opcode, test.k, yes, no])
        for (const [opcode, k] of [...test.steps].reverse()) this.add([opcode, k, 0, 0])
        return this.last
      }
    }
  }

  finish(before: readonly Instruction[]): Uint32Array<ArrayBuffer> | null {
    const own = this.#reversed.length
    if (own > MOST_INSTRUCTIONS) return null
    const words = new Uint32Array((before.length + own) * code.FILTER_INSTRUCTION_WORDS)
    before.forEach((instruction, i) => {
      words.set(instruction, i * code.FILTER_INSTRUCTION_WORDS)
    })
    const placeOf = (fromEnd: number) => before.length + own - 1 - fromEnd
    this.#reversed.forEach(([opcode, k, yes, no], fromEnd) => {
      const jumps = opcode >= code.OP_IF_EQUAL
      words.set(
        [opcode, k, jumps ? placeOf(yes) : 0, jumps ? placeOf(no) : 0],
        placeOf(fromEnd) * code.FILTER_INSTRUCTION_WORDS,
      )
    })
    return words
  }
}
