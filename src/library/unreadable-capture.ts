import { SourceUnavailable } from '../capture/source.ts'
import type { Damage } from '../engine/records.ts'

/** Nothing could be read: no such file, no capture, or damage before the first frame. */
export class UnreadableCapture extends Error {
  override readonly name = 'UnreadableCapture'
  /** Why, for each input that was given. */
  readonly problems: readonly Damage[]

  constructor(problems: readonly Damage[], options?: ErrorOptions) {
    super(problems.map(sentenceOf).join('; ') || 'no input was given', options)
    this.problems = problems
  }
}

/** What is wrong with an input, as a sentence that names it. */
function sentenceOf({ file, kind, message }: Damage): string {
  return kind === 'unavailable' ? message : `${file}: ${message}`
}

/** The result, or an {@link UnreadableCapture} in place of what a source has to say. */
export async function orUnreadable<T>(name: string, opening: Promise<T>): Promise<T> {
  try {
    return await opening
  } catch (cause) {
    if (!(cause instanceof SourceUnavailable)) throw cause
    throw new UnreadableCapture([{ file: name, kind: 'unavailable', message: cause.message }], { cause })
  }
}
