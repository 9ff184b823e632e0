/** No room for the output: what was there stays, what is written is whole, a sentence and exit code 1. */
import { once } from 'node:events'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { openGrowingOutput } from '../../src/node/growing-file.ts'
import { OutputError, openOutputFile } from '../../src/node/output.ts'
import { temporaryFolder } from '../node/fixtures.ts'
import { pcapHeader } from '../support/build-capture.ts'
import { capturesFolder } from '../support/captures.ts'
import { netkit, resultOf, shell, startNetkit } from '../support/netkit-process.ts'
import { numberedRecord, writeLargeCapture } from './large-capture.ts'
import { smallDisk } from './small-disk.ts'

const disk = smallDisk(64)
if (disk.reason !== null) console.log(`full disk: skipped, ${disk.reason}`)

const folder = temporaryFolder()
const large = join(folder, 'large.pcap')
writeLargeCapture(large, 20_000)

describe.skipIf(disk.reason !== null)('a full disk', () => {
  const path = join(disk.folder, 'x.csv')
  beforeEach(() => {
    for (const name of readdirSync(disk.folder)) rmSync(join(disk.folder, name))
  })

  test('analyze: the old file stays, nothing else is left', async () => {
    writeFileSync(path, 'old')
    const { code, stderr, stdout } = await netkit(['analyze', large, '-w', '10ms', '-o', path])
    expect([code, stdout, stderr]).toEqual([1, '', `netkit: cannot write ${path}: no space left on the device\n`])
    expect(readdirSync(disk.folder)).toEqual(['x.csv'])
    expect(readFileSync(path, 'utf8')).toBe('old')
  })

  test('check: the same', async () => {
    writeFileSync(join(disk.folder, 'ballast'), Buffer.alloc(1 << 16))
    const { code, stderr } = await netkit(['check', `${capturesFolder}office.pcap`, '-o', path])
    expect([code, stderr]).toEqual([1, `netkit: cannot write ${path}: no space left on the device\n`])
    expect(readdirSync(disk.folder)).toEqual(['ballast'])
  })

  test.each(['csv', 'jsonl', 'txt'])('log: whole lines, as many as it says (%s)', async (ending) => {
    const file = join(disk.folder, `log.${ending}`)
    const { code, stderr } = await netkit(['log', large, '-o', file])
    expect([code, stderr]).toEqual([1, expect.stringContaining('no space left on the device')])
    const text = readFileSync(file, 'utf8')
    expect(text === '' || text.endsWith('\n')).toBe(true)
    const frames = text.split('\n').filter((line) => line.includes('192.0.2.')).length
    expect(stderr).toContain(`logged ${frames} frame`)
  })

  test('log in files: those that were done stay as they are', async () => {
    const file = join(disk.folder, 'log.csv')
    const { code, stderr } = await netkit(['log', large, '-o', file, '--rotate', 'size=20kB'])
    expect(code).toBe(1)
    const names = readdirSync(disk.folder).sort()
    expect(names.length).toBeGreaterThan(2)
    const numbers = names.flatMap((name) => {
      const text = readFileSync(join(disk.folder, name), 'utf8')
      expect(text === '' || text.endsWith('\n')).toBe(true)
      return text
        .split('\n')
        .slice(1, -1)
        .map((line) => Number(line.split(',')[0]))
    })
    expect(numbers).toEqual(numbers.map((_, i) => i + 1))
    expect(stderr).toContain(`logged ${numbers.length} frames`)
  })

  test('a log that goes on for ever stops when there is no more room', async () => {
    const file = join(disk.folder, 'log.csv')
    const child = startNetkit(['log', '-', '-o', file], { stdio: ['pipe', 'pipe', 'pipe'] })
    const result = resultOf(child)
    child.stdin!.on('error', () => {})
    child.stdin!.write(pcapHeader({}))
    let sent = 0
    const feeding = setInterval(() => {
      if (child.stdin!.writableLength < 1e5) for (let i = 0; i < 100; i++) child.stdin!.write(numberedRecord(sent++))
    }, 5)
    await once(child, 'close')
    clearInterval(feeding)
    expect(await result).toMatchObject({ code: 1, stderr: expect.stringContaining('no space left on the device') })
    expect(readFileSync(file, 'utf8')).toMatch(/\n$/)
  })

  test('live -o: whole pieces only', async () => {
    const output = await openGrowingOutput(path)
    const piece = `${'x'.repeat(9999)}\n`
    const fill = async () => {
      for (let i = 0; i < 10; i++) await output.write(piece)
    }
    await expect(fill()).rejects.toThrow(new OutputError(`cannot write ${path}: no space left on the device`))
    await output.abandon()
    expect(readFileSync(path, 'utf8')).toBe(piece.repeat(6))
  })

  test('a file that is written beside its name, in this process', async () => {
    const output = await openOutputFile(path)
    await expect(output.write(Buffer.alloc(1 << 17))).rejects.toThrow('no space left on the device')
    await output.abandon()
    expect(readdirSync(disk.folder)).toEqual([])
  })

  test('stdout that is a file on it', async () => {
    const out = join(disk.folder, 'stdout.csv')
    const { code, stderr } = await shell(`netkit analyze '${large}' -w 10ms -T csv > '${out}'`)
    expect([code, stderr]).toEqual([1, 'netkit: cannot write to stdout: no space left on the device\n'])
  })
})
