/** A log as Zeek's ASCII writer makes it → its fields by name. Whatever a reader of such logs relies on is checked. */
export interface ZeekLog {
  readonly path: string
  readonly rows: readonly Readonly<Record<string, string>>[]
}

/** What values of a type look like. */
const FORMS: Readonly<Record<string, RegExp>> = {
  time: /^-?\d+\.\d{6}$/,
  interval: /^-?\d+\.\d{6}$/,
  string: /^[^\t]+$/,
  'set[string]': /^[^\t]+$/,
  addr: /^(\d{1,3}(\.\d{1,3}){3}|[0-9a-f:]*:[0-9a-f:]*(\d{1,3}(\.\d{1,3}){3})?)$/,
  port: /^\d{1,5}$/,
  enum: /^[a-z_]+$/,
  count: /^\d+$/,
  bool: /^[TF]$/,
}

export function parseZeekLog(text: string): ZeekLog {
  if (!text.endsWith('\n')) throw new Error('no line end at the end')
  const lines = text.slice(0, -1).split('\n')
  if (lines.shift() !== '#separator \\x09') throw new Error('no separator')
  const heads = new Map(
    lines
      .filter((line) => line.startsWith('#'))
      .map((line) => line.slice(1).split('\t') as [string, ...string[]])
      .map(([name, ...values]) => [name, values]),
  )
  const fields = heads.get('fields') ?? []
  const types = heads.get('types') ?? []
  const unset = heads.get('unset_field')?.[0]
  if (fields.length === 0 || fields.length !== types.length) throw new Error('fields and types differ')
  if (!heads.has('open') || !lines.at(-1)?.startsWith('#close\t')) throw new Error('not opened and closed')
  const rows = lines
    .filter((line) => !line.startsWith('#'))
    .map((line) => {
      const values = line.split('\t')
      if (values.length !== fields.length)
        throw new Error(`${values.length} values for ${fields.length} fields: ${line}`)
      for (const [i, value] of values.entries()) {
        if (value !== unset && !FORMS[types[i]!]!.test(value))
          throw new Error(`${value} is no ${types[i]} (${fields[i]})`)
      }
      return Object.fromEntries(fields.map((name, i) => [name, values[i]!]))
    })
  return { path: heads.get('path')?.[0] ?? '', rows }
}
