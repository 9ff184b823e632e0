// Licences of packages, for whatever holds copies of them.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Of the packages that these modules, by their paths, are of: their licences ask to stay with them. */
export function licences(modules) {
  const folders = modules.map((id) => /^.*[\\/]node_modules[\\/](@[^\\/]+[\\/])?[^\\/]+/.exec(id)?.[0])
  const texts = [...new Set(folders)]
    .filter((folder) => folder !== undefined)
    .sort()
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
      const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name))
      const text = file === undefined ? '' : `\n${readFileSync(join(folder, file), 'utf8').trim()}\n`
      return `${name} ${version}: ${license}\n${text}`
    })
  return texts.join(`\n${'-'.repeat(80)}\n\n`)
}
