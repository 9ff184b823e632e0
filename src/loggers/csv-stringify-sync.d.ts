/**
 * What floors without Node see of csv-stringify (by `paths` in tsconfig.core.json): its own types begin with a reference to
 * Node's, which would bring `Buffer` and `process` into every file there and end the proof that none uses them. Which of its builds
 * there is where, is in the `imports` of package.json.
 */
export function stringify(
  records: readonly (readonly string[])[],
  options: {
    readonly delimiter: string
    readonly quote: string
    readonly record_delimiter: string
    readonly quoted_match?: RegExp
  },
): string
