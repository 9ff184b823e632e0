// What the package's entries export, read from the types in dist/: each symbol with its declaration, its comment and its members.
//
// A build leaves one file of types for each entry (rollUpTypes): what is exported, and nothing of what it is made of, so that whoever
// uses the package has types that name nothing else, and need neither Node's nor the DOM's where they do not say so.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { parseSync } from 'rolldown/utils'

export const ENTRIES = ['index', 'index-browser', 'node/pcap-parser']

/** The types of an entry, as a build leaves them. */
export function publicApi(root, entry) {
  return exportsOf(typesOf(root, entry), { dist: join(root, 'dist'), parsed: new Map() })
}

const typesOf = (root, entry) => join(root, 'dist', `${entry}.d.ts`)

/** Replaces what tsc has written, a file of types for each file of code. */
export function rollUpTypes(root) {
  const texts = ENTRIES.map((entry) => [typesOf(root, entry), rolledUp(typesOf(root, entry), root)])
  for (const name of readdirSync(join(root, 'dist'), { recursive: true })) {
    if (name.endsWith('.d.ts')) rmSync(join(root, 'dist', name))
  }
  for (const [file, text] of texts) writeFileSync(file, text)
}

function rolledUp(file, root) {
  const symbols = [...exportsOf(file, { dist: join(root, 'dist'), parsed: new Map() }).values()]
  const imports = [...new Set(symbols.flatMap((symbol) => symbol.imports))]
  const declarations = symbols.map(({ source, doc, exported }) => {
    const comment = doc === null ? '' : `/*${doc}*/\n`
    return `// ${source}\n${comment}${exported}\n`
  })
  const byDefault =
    readFileSync(file, 'utf8').match(/^declare const _default:[\s\S]*?^export default _default;$/m)?.[0] ?? ''
  return [...imports, '', ...declarations, byDefault].join('\n').trim().concat('\nexport {};\n')
}

function exportsOf(file, project) {
  const { text, program, comments } = parse(file, project)
  const found = new Map()
  const add = (name, symbol) => symbol !== undefined && found.set(name, symbol)
  const from = ({ value }) => exportsOf(resolve(dirname(file), value.replace(/\.[jt]s$/, '.d.ts')), project)
  for (const node of program.body) {
    if (node.type === 'ExportAllDeclaration') for (const [name, symbol] of from(node.source)) add(name, symbol)
    if (node.type !== 'ExportNamedDeclaration') continue
    if (node.declaration) {
      const symbol = describe(node, { file, text, program, comments, project })
      add(symbol.name, symbol)
    }
    const others = node.source ? from(node.source) : null
    for (const { local, exported } of node.specifiers) add(exported.name, others?.get(local.name))
  }
  return found
}

function parse(file, { parsed }) {
  if (!parsed.has(file)) {
    const text = readFileSync(file, 'utf8')
    const { program, comments, errors } = parseSync(file, text)
    if (errors.length > 0) throw new Error(`${file}: ${errors[0].message}`)
    parsed.set(file, { text, program, comments })
  }
  return parsed.get(file)
}

const KINDS = {
  TSInterfaceDeclaration: 'interface',
  TSTypeAliasDeclaration: 'type',
  ClassDeclaration: 'class',
  TSDeclareFunction: 'function',
  FunctionDeclaration: 'function',
  VariableDeclaration: 'constant',
}

function describe(node, { file, text, program, comments, project }) {
  const { declaration } = node
  const before = (at) => comments.findLast(({ end }) => end <= at && text.slice(end, at).trim() === '')
  const docBefore = (at) => {
    const comment = before(at)
    return comment?.type === 'Block' && comment.value.startsWith('*') ? comment : null
  }
  const doc = docBefore(node.start)
  const marker = before(doc?.start ?? node.start)
  const body = declaration.body?.body
  return {
    name: (declaration.id ?? declaration.declarations[0].id).name,
    kind: KINDS[declaration.type],
    source:
      marker?.type === 'Line'
        ? marker.value.trim()
        : join('src', relative(project.dist, file)).replace(/\.d\.ts$/, '.ts'),
    node: declaration,
    code: text.slice(declaration.start, declaration.end),
    exported: text.slice(node.start, node.end),
    doc: doc?.value ?? null,
    members: (Array.isArray(body) ? body : [])
      .filter((member) => member.key?.type !== 'PrivateIdentifier' && member.accessibility !== 'private')
      .map((member) => ({ name: memberName(member, text), doc: docBefore(member.start) })),
    imports: program.body
      .filter(({ type, source }) => type === 'ImportDeclaration' && !source.value.startsWith('.'))
      .map(({ start, end }) => text.slice(start, end)),
  }
}

function memberName({ key, start, end }, text) {
  return key === undefined ? text.slice(start, end) : text.slice(key.start, key.end)
}

/** What is wrong with the types for whoever reads them: symbols and members without a word, types that nobody can name. */
export function* complaints(api) {
  for (const { name, source, doc, members, node } of api.values()) {
    const where = `${source}: ${name}`
    if (doc === null) yield `${where} has no comment`
    if (isOfSpecification(source)) {
      if (!SPECIFICATION.test(doc ?? '')) yield `${where} does not say what specifies it`
    } else {
      for (const member of members) {
        if (member.doc === null && !SELF_EVIDENT.has(member.name)) yield `${where}.${member.name} has no comment`
      }
    }
    for (const type of namesIn(node)) {
      if (!api.has(type) && !isGlobal(type) && !parametersOf(node).has(type))
        yield `${where} names ${type}, which is not exported`
    }
  }
}

/** Fields of protocol headers carry the name that their specification gives them; it is enough to say which that is. */
function isOfSpecification(source) {
  return source.includes('/decoders/headers/') && !/\/(read-)?header\.ts$/.test(source)
}

const SPECIFICATION = /RFC \d+|IEEE|3GPP|LINKTYPE_|radiotap/

/** What an error is called and what it says is where every error has it. */
const SELF_EVIDENT = new Set(['name', 'constructor', '[Symbol.asyncIterator]'])

/** Of TypeScript's libraries, and of the types of Node. */
const UTILITIES = [
  'Readonly',
  'Partial',
  'Record',
  'Pick',
  'Omit',
  'Exclude',
  'Iterable',
  'AsyncIterable',
  'ErrorOptions',
]
const ITERATORS = ['AsyncGenerator', 'Generator', 'EventEmitter', 'Readable']

function isGlobal(type) {
  return type in globalThis || UTILITIES.includes(type) || ITERATORS.includes(type)
}

function parametersOf(node) {
  return new Set((node.typeParameters?.params ?? []).map(({ name }) => name.name))
}

const NAMED_BY = {
  TSTypeReference: 'typeName',
  TSInterfaceHeritage: 'expression',
  TSClassImplements: 'expression',
  TSTypeQuery: 'exprName',
  ClassDeclaration: 'superClass',
}

function* namesIn(node) {
  if (node === null || typeof node !== 'object') return
  const named = node[NAMED_BY[node.type]]
  if (named?.type === 'Identifier') yield named.name
  for (const value of Object.values(node)) {
    if (Array.isArray(value)) for (const item of value) yield* namesIn(item)
    else if (typeof value === 'object') yield* namesIn(value)
  }
}
