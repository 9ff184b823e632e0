/** --salvage as a user gives it: of analyze, of log, and on stdin. */
import { writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../node/fixtures.ts'
import { capturesFolder, projectFolder } from '../support/captures.ts'
import { runNetkit } from '../support/run-netkit.ts'
import { captureBytes, garbage, insertAt, randomNumbers, recordOffsets } from '../support/salvage.ts'

const folder = temporaryFolder()

describe.each(['office.pcap', 'office.pcapng'])('%s with 1 KB of garbage in the middle', (name) => {
  const bytes = captureBytes(capturesFolder + name)
  const offsets = recordOffsets(bytes)
  const at = offsets[400]!
  const file = join(folder, name)
  writeFileSync(file, insertAt(bytes, at, garbage(1024, randomNumbers(4))))
  const loss = `passed over 1024 bytes at byte ${at}, 400 frames before, 412 behind`

  test('analyze counts what is behind it, on stdin too', async () => {
    const named = await runNetkit(['analyze', file, '--salvage', '-T', 'json'])
    expect(named.exitCode).toBe(6)
    expect(named.stderr).toContain(loss)
    const { capture, rows } = JSON.parse(named.stdout)
    expect(capture.frames).toBe(812)
    expect(capture.accounting.unreadable_bytes).toBe(1024)
    expect(capture.salvage).toMatchObject([{ file, offset: at, bytes: 1024, frames_before: 400, frames_after: 412 }])

    const piped = await runNetkit(['analyze', '-', '--salvage', '-T', 'json'], relative(projectFolder, file))
    expect(piped.exitCode).toBe(6)
    expect(piped.stderr).toContain(`stdin: ${named.stderr.split(': ').slice(2).join(': ').trim()}`)
    expect(JSON.parse(piped.stdout).rows).toEqual(rows)

    const plain = await runNetkit(['analyze', file, '-T', 'json'])
    expect(plain.exitCode).toBe(6)
    expect(JSON.parse(plain.stdout).capture.frames).toBe(400)
    expect(JSON.parse(plain.stdout).capture.salvage).toBe(null)
  })

  test('log writes the frames of the sound capture', async () => {
    const sound = await runNetkit(['log', capturesFolder + name, '-T', 'csv'])
    const salvaged = await runNetkit(['log', file, '--salvage', '-T', 'csv'])
    expect(salvaged.exitCode).toBe(6)
    expect(salvaged.stderr).toContain(loss)
    expect(salvaged.stdout).toBe(sound.stdout)
  })
})
