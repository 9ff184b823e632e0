// Two things done to @oclif/core as it is bundled, both for the start of a command, which was half oclif's:
//
// - What a file of it requires is required where it is used. Modules that a run does not come to are not evaluated.
// - Commands get a copy of their own, without what only oclif's own entry comes to: help, configuration from files, plugins, spinners,
//   debug output. It is a third of the code to parse. `netkit` without a plain command is run by the whole of it.
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'

const CORE = dirname(createRequire(import.meta.url).resolve('@oclif/core'))
const MARK = '?command'

/** The copy's entry: what src/ takes from @oclif/core. */
const ENTRY = `
exports.Command = require('./command').Command
exports.Args = require('./args')
exports.Flags = require('./flags')
`

/** In place of a module, in the copy: its path in lib/, and what it is there. */
const REPLACED = {
  // Command.run is given a configuration, always.
  'config/index.js': 'exports.Config = { load: async (config) => config }',
  // Of a command that calls itself deprecated. There is none.
  'help/util.js': 'exports.normalizeArgv = () => []',
  // Of Flags.help().
  'help/index.js': '',
  'errors/handle.js': '',
  'logger.js': `
const debug = () => {}
const logger = { child: () => logger, debug, error: debug, info: debug, namespace: 'oclif', trace: debug, warn: debug }
exports.getLogger = () => logger
exports.makeDebug = () => debug
`,
  'ux/index.js': `
const { stdout, stderr } = require('./write')
exports.ux = { stdout, stderr, action: { stop() {} }, colorize: (...args) => require('./theme').colorize(...args) }
`,
}

/** Packages that lay out messages which oclif would print. Commands print their own. */
const LAYOUT = ['indent-string', 'wrap-ansi']
const AS_IT_IS = '\0as-it-is'

export function leanOclif() {
  return {
    name: 'lean-oclif',
    buildStart() {
      const gone = Object.keys(REPLACED).filter((path) => !existsSync(join(CORE, path)))
      if (gone.length > 0) throw new Error(`@oclif/core has no ${gone.join(', ')} any more: see lean-oclif.js`)
    },
    resolveId(name, importer) {
      // src/cli/start.ts imports parts of the whole, by their paths.
      if (name === '@oclif/core') return join(CORE, 'index.js') + MARK
      if (!importer?.endsWith(MARK)) return null
      if (LAYOUT.includes(name)) return AS_IT_IS
      if (!name.startsWith('.')) return null
      return createRequire(importer).resolve(resolve(dirname(importer), name)) + MARK
    },
    load(id) {
      if (id === AS_IT_IS) return 'module.exports = (text) => text'
      if (!id.endsWith(MARK)) return null
      const path = id.slice(0, -MARK.length)
      const inCore = path.slice(CORE.length + 1).replaceAll('\\', '/')
      return inCore === 'index.js' ? ENTRY : (REPLACED[inCore] ?? readFileSync(path, 'utf8'))
    },
    transform(code, id) {
      return id.startsWith(CORE) ? requiredLate(code) : null
    },
  }
}

/**
 * The form of tsc: `const name_1 = require("…")`, and then `name_1.member`, anywhere. Names with a number are nobody else's.
 * A module is evaluated once however often it is required.
 */
function requiredLate(code) {
  const required = new Map()
  const rest = code.replace(
    /^(?:const|var) (\w+_\d+) = (require\("[^"]+"\)|__import(?:Default|Star)\(require\("[^"]+"\)\));$/gm,
    (_, name, expression) => {
      required.set(name, expression)
      return ''
    },
  )
  return rest.replace(/\b(new )?(\w+_\d+)\b((?:\.\w+)*)/g, (all, isNew, name, members) => {
    const expression = required.get(name)
    if (expression === undefined) return all
    return isNew ? `new (${expression}${members})` : expression + members
  })
}
