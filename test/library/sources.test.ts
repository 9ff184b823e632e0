/** Whatever a capture is read from, the library says the same of it; and it lets go of what it opened. */
import { createReadStream, openAsBlob, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  analyzeCapture,
  type CaptureInput,
  createReport,
  FilterError,
  openCapture,
  readBatches,
  readFrames,
  UnreadableCapture,
  watchCapture,
} from '../../src/index.ts'
import { analyzeCapture as analyzeInBrowser } from '../../src/index-browser.ts'
import { capturesFolder } from '../support/captures.ts'
import { netkit } from '../support/netkit-process.ts'

const path = join(capturesFolder, 'office.pcap')
const bytes = new Uint8Array(readFileSync(path))

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

async function* inChunks(length: number) {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length)
}

const arrayBuffer = () => bytes.slice().buffer

const sources: Readonly<Record<string, () => CaptureInput | Promise<CaptureInput>>> = {
  'a URL': () => pathToFileURL(path),
  bytes: () => bytes,
  'bytes, compressed': () => gzipSync(bytes),
  'an ArrayBuffer': arrayBuffer,
  'a Blob': () => new Blob([arrayBuffer()]),
  'a Blob of a file': () => openAsBlob(path),
  'a stream of the web': () => new Blob([arrayBuffer()]).stream(),
  'a stream of Node': () => createReadStream(path),
  'chunks of a few bytes': () => inChunks(7),
  'chunks that are larger than what is read at once': () => inChunks(1 << 22),
  'a source': () => openCapture(path),
}

const csvOf = async (from: CaptureInput) => (await collect(analyzeCapture(from, { names: true }).text('csv'))).join('')

describe('from anything', () => {
  let printed: string
  beforeAll(async () => {
    printed = (await netkit(['analyze', path, '--no-hosts', '--format', 'csv'])).stdout
  })

  test.each(Object.entries(sources))('%s: what netkit analyze prints of the file', async (_, open) => {
    expect(await csvOf(await open())).toBe(printed)
  })

  test.each(Object.entries(sources).filter(([name]) => /Blob|bytes|Array|web/.test(name)))(
    '%s: the same in a browser',
    async (_, open) => {
      // Its entry runs in Node too, where Blobs and streams are; the module is fetched, which Node does not do of files.
      const { loadCaptureModule } = await import('../../src/index-browser.ts')
      await loadCaptureModule(readFileSync(join(capturesFolder, '../../build/netkit.wasm')))
      const rows = await collect(analyzeInBrowser(await open()).rows())
      expect(rows).toEqual(await collect(analyzeCapture(path).rows()))
    },
  )

  test('several are one capture', async () => {
    const both = await collect(analyzeCapture([path, bytes], { by: 'protocol' }).rows())
    const one = await collect(analyzeCapture(path, { by: 'protocol' }).rows())
    expect(both.map(({ key, bytes }) => [key, bytes])).toEqual(one.map(({ key, bytes }) => [key, 2 * bytes]))
  })

  test('what is no capture at all', async () => {
    await expect(readFrames({} as Blob).next()).rejects.toThrow('a capture is a path')
  })
})

describe('analyzeCapture', () => {
  test('any number of threads', async () => {
    const one = await collect(analyzeCapture(path, { jobs: 1 }))
    expect(await collect(analyzeCapture(path, { jobs: 3 }))).toEqual(one)
  })

  test('stopping early closes the file', async () => {
    const openFiles = () => readdirSync('/proc/self/fd').length
    const before = openFiles()
    for (let i = 0; i < 20; i++) {
      for await (const _ of analyzeCapture(path, { window: 1 })) break
      for await (const _ of readFrames(path)) break
      for await (const _ of await readBatches(path)) break
    }
    expect(openFiles()).toBeLessThan(before + 10)
  })

  test('a signal ends it with what was read until then', async () => {
    const records = await collect(analyzeCapture(path, { signal: AbortSignal.abort() }))
    expect(records.length).toBeLessThanOrEqual(2)
  })

  test('is gone through once', async () => {
    const analysis = analyzeCapture(path)
    await collect(analysis.rows())
    expect(() => analysis.rows().next()).toThrow('once')
  })

  test.each([
    [{ window: 0 }, 'window is a number of seconds'],
    [{ window: Number.NaN }, 'window is a number of seconds'],
    [{ window: 1e300 }, 'window is a number of seconds'],
    [{ window: 5, step: 2 }, 'a whole multiple'],
    [{ step: 2 }, 'step needs a window'],
    [{ by: 'colour' }, "Cannot group by 'colour'"],
    [{ sort: 'colour' }, "cannot sort by 'colour'"],
    [{ top: 0 }, 'top is a whole number'],
    [{ limit: 1.5 }, 'limit is a whole number'],
    [{ local: 'here' }, 'here'],
    [{ tcp: true, window: 1 }, 'tcp is of the whole capture'],
    [{ burst: 1, window: 5 }, 'window is not for burst'],
    [{ since: 5n, until: 5n }, 'until is not after since'],
    [{ since: new Date('never') }, 'since is no date'],
  ])('refuses %o at once', (options, message) => {
    expect(() => analyzeCapture('no-such-file.pcap', options)).toThrow(message)
  })

  test('a filter that is none points at what is wrong', () => {
    expect(() => analyzeCapture(path, { filter: 'tcp and' })).toThrow(FilterError)
  })

  test('times as Dates and as nanoseconds', async () => {
    const of = async (since: Date | bigint) =>
      (await collect(analyzeCapture(path, { since, by: 'protocol' }).rows()))[0]
    const all = await of(0n)
    const half = await of(new Date('2026-11-22T13:28:30Z'))
    expect(half).toEqual(await of(BigInt(Date.UTC(2026, 10, 22, 13, 28, 30)) * 1_000_000n))
    expect(half!.bytes).toBeLessThan(all!.bytes)
  })

  test.each([
    ['no-such-file.pcap', 'unavailable'],
    [capturesFolder.replace(/\/$/, '/README.md'), 'foreign'],
    [join(capturesFolder, 'broken/empty.pcap'), 'foreign'],
  ])('%s: an UnreadableCapture that says why', async (name, kind) => {
    const error = await collect(analyzeCapture(name)).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(UnreadableCapture)
    expect((error as UnreadableCapture).problems).toMatchObject([{ kind }])
    expect(
      await readFrames(name)
        .next()
        .catch((error: unknown) => error),
    ).toBeInstanceOf(UnreadableCapture)
  })
})

describe('createReport', () => {
  test('of a stream, which is read once', async () => {
    await expect(createReport(createReadStream(path))).rejects.toThrow('twice')
  })

  test('has the rows of analyze', async () => {
    const { data } = await createReport(new Blob([arrayBuffer()]), { by: 'host', top: 3 })
    const rows = await collect(analyzeCapture(path, { by: 'host', top: 3 }).rows())
    expect(data.tables[0]!.rows.map(({ bytes }) => bytes)).toEqual(rows.map(({ bytes }) => bytes))
  })

  test('nothing to report on', async () => {
    await expect(createReport('no-such-file.pcap')).rejects.toThrow(UnreadableCapture)
    await expect(createReport(path, { signal: AbortSignal.abort() })).rejects.toThrow('abort')
  })
})

test('frames: their bytes may be kept, and are those of the file', async () => {
  const frames = await collect(readFrames(path))
  expect(frames).toHaveLength(812)
  expect(frames.map(({ number }) => number)).toEqual(frames.map((_, i) => i + 1))
  let at = 24
  for (const { bytes: captured } of frames) {
    expect(Buffer.compare(captured, bytes.subarray(at + 16, at + 16 + captured.length))).toBe(0)
    at += 16 + captured.length
  }
  expect(at).toBe(bytes.length)
})

test('damage: frames before it, and a word', async () => {
  const damage: string[] = []
  const cut = join(capturesFolder, 'broken/pcap-cut-packet.pcap')
  const frames = await collect(readFrames(cut, { onDamage: ({ kind }) => damage.push(kind) }))
  expect([frames.length, damage]).toEqual([3, ['cut']])
  const batches = await readBatches(cut)
  let count = 0
  for await (const batch of batches) count += batch.count
  expect([count, batches.damage?.kind]).toEqual([3, 'cut'])
})

describe('watchCapture', () => {
  test('a window is handed out while the capture goes on', async () => {
    let end = () => {}
    const ended = new Promise<void>((resolve) => {
      end = resolve
    })
    async function* running() {
      yield bytes
      await ended
    }
    const seen: string[] = []
    for await (const { type } of watchCapture(running(), { window: 1, lag: 0 })) {
      seen.push(type)
      // The source has not ended until a window came.
      end()
    }
    expect(seen[0]).toBe('span')
    expect(seen.at(-1)).toBe('capture')
  })

  test('leaving it ends the source', async () => {
    const stream = createReadStream(path)
    for await (const _ of watchCapture(stream, { window: 1 })) break
    expect(stream.destroyed).toBe(true)
  })

  test('what is no capture', async () => {
    await expect(collect(watchCapture(new Uint8Array(7)))).rejects.toThrow(UnreadableCapture)
  })
})
