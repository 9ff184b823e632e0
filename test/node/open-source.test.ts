import { execFileSync, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { SourceUnavailable } from '../../src/capture/source.ts'
import { openFile, openReadable, openSource } from '../../src/node/open-source.ts'
import { builtModule } from '../support/built-module.ts'
import { captureLike, randomSizes, readAll, temporaryFolder, writeFile } from './fixtures.ts'

const folder = temporaryFolder()
const original = captureLike(300_000)

async function sentence(path: string): Promise<string> {
  const error = await openFile(path).catch((error: unknown) => error)
  expect(error).toBeInstanceOf(SourceUnavailable)
  return (error as Error).message
}

describe('regular files', () => {
  test('size, position, bytes', async () => {
    const source = await openSource(writeFile(folder, 'plain', original))
    expect([source.name, source.size, source.position]).toEqual([join(folder, 'plain'), original.length, 0])
    const result = await readAll(source, randomSizes(1))
    expect(result.bytes.equals(original)).toBe(true)
    expect(source.position).toBe(original.length)
    expect(source.compression).toBeNull()
  })

  test('straight into WebAssembly memory', async () => {
    const memory = new WebAssembly.Memory({ initial: 16 })
    const source = await openFile(writeFile(folder, 'plain', original))
    let at = 0
    for (;;) {
      const count = await source.read(new Uint8Array(memory.buffer, at, 100_000))
      if (count === 0) break
      at += count
    }
    await source.close()
    expect(original.equals(new Uint8Array(memory.buffer, 0, at))).toBe(true)
  })

  test('one sentence for what cannot be opened', async () => {
    mkdirSync(join(folder, 'folder'))
    expect(await sentence('nowhere/x.pcap')).toBe('cannot open nowhere/x.pcap: no such file')
    expect(await sentence(join(folder, 'folder'))).toBe(`cannot open ${join(folder, 'folder')}: it is a folder`)
    expect(await sentence(join(folder, 'plain', 'x'))).toBe(
      `cannot open ${join(folder, 'plain', 'x')}: a part of the path is not a folder`,
    )
    expect(await sentence('a\0b')).toBe('cannot open a\0b: the name holds a null byte')
    expect(await sentence('x'.repeat(5000))).toMatch(/: the name is too long$/)
  })

  test('closing is quiet at any time, and twice', async () => {
    const path = writeFile(folder, 'x.gz', gzipSync(original))
    const untouched = await openFile(path)
    await untouched.close()
    const source = await openFile(path)
    await source.read(new Uint8Array(10))
    const pending = source.read(new Uint8Array(10))
    await source.close()
    await source.close()
    expect(await pending).toBeGreaterThanOrEqual(0)
    expect(await source.read(new Uint8Array(10))).toBe(0)
  })
})

const windows = process.platform === 'win32'

describe.skipIf(windows)('pipes and devices by name', () => {
  test('a named pipe whose writer comes late, in pieces, compressed', async () => {
    const fifo = join(folder, 'fifo')
    execFileSync('mkfifo', [fifo])
    const reading = openFile(fifo).then((source) => readAll(source))
    await sleep(100)
    const writer = spawn('sh', ['-c', '(head -c 1000; sleep 0.1; cat) > "$0"', fifo], {
      stdio: ['pipe', 'ignore', 'ignore'],
    })
    writer.stdin.end(gzipSync(original))
    const result = await reading
    expect(result.fault).toBeNull()
    expect(result.bytes.equals(original)).toBe(true)
  })

  test('a named pipe that nobody writes to can be closed while it is read', async () => {
    const fifo = join(folder, 'silent')
    execFileSync('mkfifo', [fifo])
    const source = await openFile(fifo)
    expect(source.size).toBeNull()
    const reading = source.read(new Uint8Array(10))
    await sleep(50)
    await source.close()
    expect(await reading).toBe(0)
  })

  test('what a live writer has written so far comes at once', async () => {
    const fifo = join(folder, 'live')
    execFileSync('mkfifo', [fifo])
    const source = await openFile(fifo)
    const into = new Uint8Array(1 << 20)
    const reading = source.read(into)
    const writer = openSync(fifo, 'w')
    writeSync(writer, 'first words')
    expect(Buffer.from(into.subarray(0, await reading)).toString()).toMatch(/^firs/)
    closeSync(writer)
    await source.close()
  })

  test('/dev/null is empty', async () => {
    expect((await readAll(await openFile('/dev/null'))).bytes.length).toBe(0)
  })
})

describe.skipIf(windows)('streams', () => {
  test('the output of a child process, by the side of its exit', async () => {
    const path = writeFile(folder, 'plain', original)
    const source = openReadable(spawn('cat', [path]).stdout, 'stdin')
    expect([source.name, source.size]).toEqual(['stdin', null])
    const result = await readAll(source, randomSizes(2))
    expect(result.bytes.equals(original)).toBe(true)
    expect(source.position).toBe(original.length)
  })

  test('a slow reader holds the writer up', async () => {
    const child = spawn('sh', ['-c', 'yes'])
    const source = openReadable(child.stdout, 'yes')
    await source.read(new Uint8Array(10))
    await sleep(200)
    expect(child.stdout.readableLength).toBeLessThan(1 << 20)
    await source.close()
    await new Promise((resolve) => child.on('close', resolve))
  })

  test('a broken stream is one sentence', async () => {
    const broken = new Readable({
      read() {
        this.destroy(Object.assign(new Error('read EIO'), { code: 'EIO', errno: -5 }))
      },
    })
    const { fault } = await readAll(openReadable(broken, 'stdin'))
    expect(fault).toBeInstanceOf(SourceUnavailable)
    expect((fault as Error).message).toBe('cannot read stdin: the device reports a read error')
  })
})

/** stdin itself can only be tried from outside. */
const built = await builtModule('node/open-source.ts')
const script = `
  const { openSource } = await import(process.argv[1])
  try {
    const source = await openSource(process.argv[2])
    const into = new Uint8Array(70000)
    let total = 0
    for (let count = -1; count !== 0; total += count) count = await source.read(into)
    await source.close()
    console.log([source.name, source.size, source.position, source.compression, total].join(' '))
  } catch (error) { console.log(error.name, error.message) }`

function run(redirect: string, name = '-'): string {
  const command = `${redirect.includes('|') ? redirect : ''} "$0" --input-type=module -e "$1" "$2" "$3" ${redirect.includes('|') ? '' : redirect}`
  return execFileSync('sh', ['-c', command, process.execPath, script, built, name], { encoding: 'utf8' }).trim()
}

describe.skipIf(windows)('stdin', () => {
  const path = writeFile(folder, 'stdin.gz', gzipSync(original))
  const stored = gzipSync(original).length

  test('a pipe', () => expect(run(`cat ${path} |`)).toBe(`stdin  ${stored} gzip 300000`))
  test('a file', () => expect(run(`< ${path}`)).toBe(`stdin ${stored} ${stored} gzip 300000`))
  test('/dev/stdin', () => expect(run(`cat ${path} |`, '/dev/stdin')).toBe(`/dev/stdin  ${stored} gzip 300000`))
  test('nothing', () => expect(run('< /dev/null')).toBe('stdin  0  0'))
  test('a folder', () => expect(run(`< ${folder}`)).toBe('SourceUnavailable cannot read stdin: it is a folder'))
})
