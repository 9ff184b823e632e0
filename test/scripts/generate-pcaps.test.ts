/**
 * The generated captures are what the script writes, byte for byte.
 *
 * Not compared: what gzip, zstd and lz4 made, the twins and the halves of twins. Other versions of these programs write other
 * bytes with the same meaning; what they mean is held by the oracle and by the goldens.
 */
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { captureFiles, capturesFolder, projectFolder } from '../support/captures.ts'

const COMPRESSED = /\.(gz|zst|lz4)$/

/** What no script makes again: the README has them under a heading of their own. */
function recordedFiles(): string[] {
  const readme = readFileSync(`${capturesFolder}README.md`, 'utf8')
  const section = readme.slice(readme.indexOf('## Recorded'), readme.indexOf('## Generated'))
  return [...section.matchAll(/^\| (\S+\.pcap\S*) \|/gm)].map(([, file]) => file!)
}

it('scripts/generate-pcaps.js writes the same bytes every time', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'netkit-generated-'))
  try {
    // Without a path no compressor is found: their captures are left out, which the script says and survives.
    await promisify(execFile)(process.execPath, ['scripts/generate-pcaps.js', folder], {
      cwd: projectFolder,
      env: { ...process.env, PATH: '' },
    })
    const generated = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) =>
        join(parentPath, name)
          .slice(folder.length + 1)
          .replaceAll('\\', '/'),
      )
      .sort()
    const recorded = recordedFiles()
    const expected = captureFiles().filter((file) => !COMPRESSED.test(file) && !recorded.includes(file))
    expect(generated).toEqual(expected)
    const differing = generated.filter(
      (file) => !readFileSync(join(folder, file)).equals(readFileSync(capturesFolder + file)),
    )
    expect(differing, 'node scripts/generate-pcaps.js').toEqual([])
  } finally {
    rmSync(folder, { recursive: true })
  }
})
