import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { CaptureError } from '../../src/node/capture-errors.ts'
import {
  CAPTURE_TOOLS,
  chooseCaptureTool,
  findCaptureTools,
  readToolVersion,
  runTool,
} from '../../src/node/capture-tool.ts'
import { missingTools, output } from '../support/tools.ts'
import { temporaryFolder } from './fixtures.ts'

const folder = temporaryFolder()

function folderWith(name: string, tools: Readonly<Record<string, number>>): string {
  const path = join(folder, name)
  mkdirSync(path)
  for (const [tool, mode] of Object.entries(tools)) {
    writeFileSync(join(path, tool), '')
    chmodSync(join(path, tool), mode)
  }
  return path
}

describe.skipIf(process.platform === 'win32')('the choice', () => {
  test('dumpcap, then tshark, then tcpdump', () => {
    const PATH = folderWith('all', { tcpdump: 0o755, tshark: 0o755, dumpcap: 0o755 })
    expect(findCaptureTools({ PATH }).map(({ name }) => name)).toEqual(CAPTURE_TOOLS)
    expect(chooseCaptureTool(undefined, { PATH }).path).toBe(join(PATH, 'dumpcap'))
    expect(chooseCaptureTool('tcpdump', { PATH }).path).toBe(join(PATH, 'tcpdump'))
  })

  test('one that may not be run is no reason to take the next: they depend on each other', () => {
    const PATH = folderWith('forbidden', { dumpcap: 0o644, tshark: 0o755 })
    expect(() => chooseCaptureTool(undefined, { PATH })).toThrow(
      expect.objectContaining({
        kind: 'tool-not-executable',
        message: `this user may not run ${join(PATH, 'dumpcap')}`,
      }),
    )
    const second = folderWith('second', { dumpcap: 0o755 })
    expect(chooseCaptureTool('dumpcap', { PATH: `${PATH}:${second}` }).path).toBe(join(second, 'dumpcap'))
  })

  test('folders that are none', () => {
    const file = join(folder, 'file')
    writeFileSync(file, '')
    const PATH = `${file}::${join(folder, 'nowhere')}:${folderWith('only', { tshark: 0o755 })}`
    expect(chooseCaptureTool('tshark', { PATH }).name).toBe('tshark')
    mkdirSync(join(folder, 'only', 'dumpcap'))
    expect(findCaptureTools({ PATH }).find(({ path }) => path.startsWith(folder))?.name).toBe('tshark')
  })
})

const missing = missingTools(...CAPTURE_TOOLS)
if (missing !== null) console.log(`versions are not compared: ${missing}`)
test.skipIf(missing !== null)('versions', async () => {
  for (const name of CAPTURE_TOOLS) {
    const said = output('sh', ['-c', `${name} --version 2>&1`])
    const version = await readToolVersion(chooseCaptureTool(name))
    expect(version).toMatch(/^\d+\.\d+/)
    expect(said).toContain(version)
  }
})

test('a tool that is not what it seems', async () => {
  const path = join(folder, 'nonsense')
  writeFileSync(path, 'neither a script nor a program\0')
  chmodSync(path, 0o755)
  const run = await runTool({ name: 'dumpcap', path, executable: true }, ['-D'])
  expect(run.exitCode).not.toBe(0)
  expect(run.stdout).toBe('')
  const error = new CaptureError('tool-failed', 'x')
  expect([error.subject, error.said]).toEqual([null, null])
})
