// Writes docs/reference from the types in dist/ and their comments: every symbol that `netkit` and `netkit/pcap-parser` export, one page for
// each subject. Usage: npm run reference   (after a build; test/library/reference.test.ts says when it is due)
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { publicApi } from './public-api.js'

const FOLDER = 'docs/reference'

/** By the folder that a declaration is in, in the order of the contents. */
const PAGES = [
  { file: 'analysis.md', title: 'Analyses, frames, reports: the functions', folders: ['library', 'node', 'browser'] },
  { file: 'records.md', title: 'Records: what an analysis says', folders: ['engine'] },
  { file: 'capture.md', title: 'Captures: bytes, batches, flows, filters', folders: ['capture', 'filter', 'abi'] },
  { file: 'decoding.md', title: 'Frames, decoded', folders: ['decoders', 'decoders/headers'] },
  { file: 'text.md', title: 'Text: formats, units, names', folders: ['loggers', 'names'] },
  { file: 'report-data.md', title: 'The data of a report', folders: ['report'] },
]
const REPLACEMENT = { file: 'pcap-parser.md', title: 'netkit/pcap-parser' }

/** The pages, by name. */
export function referencePages(root) {
  const library = publicApi(root, 'index')
  const replacement = publicApi(root, 'node/pcap-parser')
  const folderOf = ({ source }) => source.replace(/^src\/|\/[^/]+$/g, '')
  const pages = PAGES.map((page) => ({
    ...page,
    symbols: [...library.values()].filter((symbol) => page.folders.includes(folderOf(symbol))).sort(inOrder),
  }))
  const placed = pages.reduce((sum, { symbols }) => sum + symbols.length, 0)
  if (placed !== library.size) throw new Error(`${library.size - placed} symbols are on no page`)
  const all = [...pages, { ...REPLACEMENT, symbols: [...replacement.values()].sort(inOrder) }]
  const pageOf = new Map(all.flatMap(({ file, symbols }) => symbols.map(({ name }) => [name, file])))
  const texts = all.map((page) => [page.file, pageText(page, pageOf)])
  return new Map([['README.md', contentsText(all)], ...texts])
}

const ORDER = ['function', 'class', 'constant', 'interface', 'type']

function inOrder(a, b) {
  return ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || (a.name < b.name ? -1 : 1)
}

function contentsText(pages) {
  const lists = pages.map(({ file, title, symbols }) => {
    const names = symbols.map(
      ({ name, kind }) => `[${name}${kind === 'function' ? '()' : ''}](${file}#${anchor(name)})`,
    )
    return `## ${title}\n\n${names.join(',\n')}`
  })
  return `${NOTE}# Reference\n\nEvery symbol that \`netkit\` and \`netkit/pcap-parser\` export. [The library](../library.md) shows how they are used.\n\n${lists.join('\n\n')}\n`
}

const NOTE =
  '<!-- Written by scripts/reference.js from the comments in src/: change them, and run npm run reference. -->\n\n'

function pageText({ title, symbols }, pageOf) {
  return `${NOTE}# ${title}\n\n${symbols.map((symbol) => symbolText(symbol, pageOf)).join('\n')}`
}

function symbolText({ name, kind, source, code, doc }, pageOf) {
  const text = linked(paragraphs(doc ?? ''), pageOf)
  // tsc indents by four and ends statements; the project does neither.
  const declaration = code
    .replace(/^( {4})+/gm, (indent) => ' '.repeat(indent.length / 2))
    .replace(/;$/gm, '')
    .replace(/^declare /, '')
  return `## ${name}\n\n_${kind}, [${source}](../../${source})_\n\n${text}\n\n\`\`\`ts\n${declaration}\n\`\`\`\n`
}

/** The text of a comment, without its stars. */
function paragraphs(comment) {
  return comment
    .split('\n')
    .map((line) => line.replace(/^\s*\*? ?/, '').trimEnd())
    .join('\n')
    .trim()
}

function linked(text, pageOf) {
  return text.replace(/\{@link ([\w.]+)\}/g, (_, target) => {
    const page = pageOf.get(target.split('.')[0])
    return page === undefined ? `\`${target}\`` : `[${target}](${page}#${anchor(target.split('.')[0])})`
  })
}

/** As GitHub makes them of headings. */
const anchor = (name) => name.toLowerCase()

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const root = fileURLToPath(new URL('..', import.meta.url))
  rmSync(join(root, FOLDER), { recursive: true, force: true })
  mkdirSync(join(root, FOLDER), { recursive: true })
  for (const [name, text] of referencePages(root)) writeFileSync(join(root, FOLDER, name), text)
}
