import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, test } from 'vitest'
import { OutputError } from '../../src/node/output.ts'
import { RotatingFile, type RotatingFileOptions } from '../../src/node/rotating-file.ts'
import { temporaryFolder } from './fixtures.ts'

const root = temporaryFolder()
let made = 0

function newFolder(): string {
  const folder = join(root, String(made++))
  mkdirSync(folder)
  return folder
}

const bytes = (text: string) => new TextEncoder().encode(text)
const ONE: RotatingFileOptions = { inputs: [], rotate: false }
const MANY: RotatingFileOptions = { inputs: [], rotate: true }

/** Every file of a folder and what is in it. */
function contents(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder)
      .sort()
      .map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  )
}

/** A log of as many files, each with its number in it. */
async function writeFiles(path: string, options: RotatingFileOptions, count: number): Promise<RotatingFile> {
  const file = await RotatingFile.at(path, options)
  for (let i = 1; i <= count; i++) {
    await file.begin()
    await file.write(bytes(`${i}\n`))
  }
  await file.finish()
  return file
}

describe('one file', () => {
  test('grows in sight of its readers, and replaces what was there', async () => {
    const path = join(newFolder(), 'log.txt')
    writeFileSync(path, 'old and long')
    const file = await RotatingFile.at(path, ONE)
    expect(readFileSync(path, 'utf8')).toBe('old and long')
    await file.begin()
    expect(readFileSync(path, 'utf8')).toBe('')
    for (const [text, so_far] of [
      ['a\n', 'a\n'],
      ['b\n', 'a\nb\n'],
    ] as const) {
      await file.write(bytes(text))
      expect(readFileSync(path, 'utf8')).toBe(so_far)
    }
    await file.finish()
    expect(readFileSync(path, 'utf8')).toBe('a\nb\n')
  })

  test('a link stays one', async () => {
    const folder = newFolder()
    symlinkSync('real.txt', join(folder, 'link.txt'))
    await writeFiles(join(folder, 'link.txt'), ONE, 1)
    expect(contents(folder)).toEqual({ 'link.txt': '1\n', 'real.txt': '1\n' })
    expect(
      readdirSync(folder, { withFileTypes: true })
        .find(({ name }) => name === 'link.txt')!
        .isSymbolicLink(),
    ).toBe(true)
  })

  test('will not be an input', async () => {
    const folder = newFolder()
    const path = join(folder, 'x.pcapng')
    writeFileSync(path, 'capture')
    symlinkSync('x.pcapng', join(folder, 'link'))
    await expect(RotatingFile.at(join(folder, 'link'), { ...ONE, inputs: [path] })).rejects.toThrow(
      `will not write over the input ${path}`,
    )
    expect(readFileSync(path, 'utf8')).toBe('capture')
  })

  test('a folder that is not there', async () => {
    const file = await RotatingFile.at(join(root, 'missing', 'log.txt'), ONE)
    await expect(file.begin()).rejects.toThrow(
      new OutputError(`cannot write ${file.path}: there is no folder ${join(root, 'missing')}`),
    )
    await expect(RotatingFile.at(join(root, 'missing', 'log.txt'), MANY)).rejects.toThrow('there is no folder')
  })

  test.skipIf(process.platform === 'win32')('removed while it is written', async () => {
    const folder = newFolder()
    const path = join(folder, 'log.txt')
    const file = await RotatingFile.at(path, ONE)
    await file.begin()
    await file.write(bytes('a\n'))
    rmSync(folder, { recursive: true })
    await sleep(300)
    await expect(file.write(bytes('b\n'))).rejects.toThrow(`${path} was removed while it was written`)
    await file.abandon()

    mkdirSync(folder)
    const other = await RotatingFile.at(path, ONE)
    await other.begin()
    rmSync(path)
    await expect(other.finish()).rejects.toThrow('was removed')
  })
})

describe('many files', () => {
  test('the newest has the name, older ones are numbered in order', async () => {
    const folder = newFolder()
    const file = await writeFiles(join(folder, 'capture_log.txt'), MANY, 4)
    expect(contents(folder)).toEqual({
      'capture_log.00001.txt': '1\n',
      'capture_log.00002.txt': '2\n',
      'capture_log.00003.txt': '3\n',
      'capture_log.txt': '4\n',
    })
    expect(file.older).toHaveLength(3)
  })

  test('keep: so many in all', async () => {
    const folder = newFolder()
    await writeFiles(join(folder, 'log'), { ...MANY, keep: 3 }, 10)
    expect(contents(folder)).toEqual({ 'log.00008': '8\n', 'log.00009': '9\n', log: '10\n' })
    const single = newFolder()
    await writeFiles(join(single, 'log'), { ...MANY, keep: 1 }, 3)
    expect(contents(single)).toEqual({ log: '3\n' })
  })

  test('goes on after an earlier run, of which nothing is overwritten', async () => {
    const folder = newFolder()
    const path = join(folder, 'a.b.csv')
    await writeFiles(path, MANY, 2)
    await writeFiles(path, MANY, 2)
    expect(contents(folder)).toEqual({
      'a.b.00001.csv': '1\n',
      'a.b.00002.csv': '2\n',
      'a.b.00003.csv': '1\n',
      'a.b.csv': '2\n',
    })
    await writeFiles(path, { ...MANY, keep: 2 }, 1)
    expect(contents(folder)).toEqual({ 'a.b.00004.csv': '2\n', 'a.b.csv': '1\n' })
  })

  test('takes no other file for one of its own', async () => {
    const folder = newFolder()
    const others = ['log.2024.txt', 'log.00001.csv', 'log.00001x.txt', 'log.txt.00001', 'other.00001.txt', 'log.txt.gz']
    for (const name of others) writeFileSync(join(folder, name), 'theirs')
    await writeFiles(join(folder, 'log.txt'), { ...MANY, keep: 1 }, 3)
    expect(readdirSync(folder).sort()).toEqual([...others, 'log.txt'].sort())
  })

  test('somebody else removes an old one, or moves the newest', async () => {
    const folder = newFolder()
    const path = join(folder, 'log')
    const file = await RotatingFile.at(path, { ...MANY, keep: 2 })
    for (let i = 1; i <= 4; i++) {
      await file.begin()
      await file.write(bytes(`${i}\n`))
      if (i === 2) rmSync(join(folder, 'log.00001'))
      if (i === 3) execFileSync('mv', [path, join(folder, 'moved')])
    }
    await file.finish()
    expect(contents(folder)).toEqual({ log: '4\n', 'log.00002': '2\n', moved: '3\n' })
  })

  test('an old file that is an input is refused, and so is a device', async () => {
    const folder = newFolder()
    const input = join(folder, 'log.00007.pcapng')
    writeFileSync(input, 'capture')
    await expect(RotatingFile.at(join(folder, 'log.pcapng'), { ...MANY, inputs: [input] })).rejects.toThrow(
      'will not write over the input',
    )
    if (process.platform === 'linux') {
      await expect(RotatingFile.at('/dev/null', MANY)).rejects.toThrow('cannot rotate /dev/null')
    }
  })
})

/** A file system of 64 KiB, or why there is none. */
function smallDisk(): { folder: string } | { reason: string } {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return { reason: 'a full disk needs Linux and root' }
  const folder = newFolder()
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], { stdio: 'ignore' })
  } catch {
    return { reason: 'a full disk needs the right to mount one' }
  }
  afterAll(() => execFileSync('umount', ['-l', folder]))
  return { folder }
}

const disk = smallDisk()
if ('reason' in disk) console.log(`full disk: skipped, ${disk.reason}`)

describe.skipIf('reason' in disk)('a full disk', () => {
  test('keeps whole pieces only, and says so', async () => {
    const { folder } = disk as { folder: string }
    const path = join(folder, 'log.txt')
    const file = await RotatingFile.at(path, ONE)
    await file.begin()
    const piece = bytes(`${'x'.repeat(9_999)}\n`)
    let written = 0
    const fill = async () => {
      for (; written < 100; written++) await file.write(piece)
    }
    await expect(fill()).rejects.toThrow(new OutputError(`cannot write ${path}: no space left on the device`))
    await file.abandon()
    expect(written).toBe(6)
    expect(readFileSync(path, 'utf8')).toBe(Buffer.from(piece).toString().repeat(written))
  })
})

test.skipIf(!existsSync('/dev/full'))('a device that takes nothing', async () => {
  const file = await RotatingFile.at('/dev/full', ONE)
  await file.begin()
  await expect(file.write(bytes('a\n'))).rejects.toThrow('cannot write /dev/full: no space left on the device')
  await file.abandon()
})
