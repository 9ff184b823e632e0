/** The package as it is published, in a folder where it is installed: what its users have, without a network. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

export interface PackedFile {
  readonly path: string
  readonly size: number
}

export interface Packed {
  readonly tarball: string
  /** Bytes of the tarball, and of what is in it. */
  readonly size: number
  readonly unpackedSize: number
  readonly files: readonly PackedFile[]
}

/** What `npm pack` makes of the last build. */
export function packPackage(folder: string): Packed {
  const output = execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const [{ filename, size, unpackedSize, files }] = JSON.parse(output)
  return { tarball: join(folder, filename), size, unpackedSize, files }
}

/** Unpacks it where `npm install` would, beside what it says it depends on, and no more. `also` are packages of the user's own. */
export function installPacked({ tarball }: Packed, folder: string, also: readonly string[] = []): string {
  const installed = join(folder, 'node_modules/netkit')
  mkdirSync(installed, { recursive: true })
  execFileSync('tar', ['-xzf', tarball, '--strip-components=1', '-C', installed])
  const { dependencies } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'))
  for (const name of [...Object.keys(dependencies), ...also]) {
    const link = join(folder, 'node_modules', name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(join(root, 'node_modules', name), link)
  }
  return installed
}
