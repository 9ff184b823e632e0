import { appendFileSync, mkdirSync, readFileSync, renameSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { LiveSource } from '../../src/node/capture-child.ts'
import { followFile } from '../../src/node/follow-file.ts'
import { capturesFolder } from '../support/captures.ts'
import { readFrames } from '../support/live-captures.ts'
import { seeded, temporaryFolder } from './fixtures.ts'

const folder = temporaryFolder()
const pcap = readFileSync(`${capturesFolder}office.pcap`)
const pcapng = readFileSync(`${capturesFolder}office.pcapng`)
let files = 0
const fresh = (bytes: Uint8Array) => {
  const path = join(folder, `${files++}.cap`)
  writeFileSync(path, bytes)
  return path
}

/** Longer than a look at the file takes to come round. */
const noticed = () => sleep(250)

async function framesOf(path: string): Promise<number> {
  const live = await followFile(path)
  live.stop()
  return (await readFrames(live.source)).frames
}

/** Follows `path` while `write` runs, and a little longer. */
async function follow(path: string, write: (live: LiveSource) => Promise<void>) {
  const live = await followFile(path)
  const reading = readFrames(live.source)
  await write(live)
  await noticed()
  live.stop()
  await live.end
  return reading
}

describe.each([
  ['pcap', pcap],
  ['pcapng', pcapng],
])('%s', (_format, bytes) => {
  test('grows in pieces of any size', async () => {
    const whole = await framesOf(fresh(bytes))
    expect(whole).toBeGreaterThan(100)
    const random = seeded(3)
    const path = fresh(new Uint8Array(0))
    const reading = await follow(path, async () => {
      for (let at = 0; at < bytes.length; ) {
        const end = Math.min(bytes.length, at + 1 + Math.floor(random() ** 3 * bytes.length))
        appendFileSync(path, bytes.subarray(at, end))
        at = end
        await sleep(20)
      }
    })
    expect(reading).toMatchObject({ frames: whole, fault: null })
  })

  test('rotated, with half a record at the end of the old file, and a while without any file', async () => {
    const whole = await framesOf(fresh(bytes))
    const path = fresh(bytes.subarray(0, bytes.length - 5))
    const shorter = await framesOf(fresh(bytes.subarray(0, bytes.length - 5)))
    const reading = await follow(path, async () => {
      await noticed()
      renameSync(path, `${path}.1`)
      await noticed()
      writeFileSync(path, bytes)
      await noticed()
      unlinkSync(path)
      writeFileSync(path, bytes.subarray(0, 10))
      await noticed()
      appendFileSync(path, bytes.subarray(10))
    })
    expect(reading).toMatchObject({ frames: shorter + 2 * whole, fault: null })
  })

  test('what is written just before the rotation is read', async () => {
    const path = fresh(bytes.subarray(0, 500))
    const whole = await framesOf(fresh(bytes))
    const reading = await follow(path, async () => {
      await noticed()
      appendFileSync(path, bytes.subarray(500))
      renameSync(path, `${path}.1`)
      writeFileSync(path, bytes)
    })
    expect(reading).toMatchObject({ frames: 2 * whole, fault: null })
  })

  test('emptied and written again', async () => {
    const path = fresh(bytes.subarray(0, bytes.length - 5))
    const whole = await framesOf(fresh(bytes))
    const shorter = await framesOf(fresh(bytes.subarray(0, bytes.length - 5)))
    const reading = await follow(path, async () => {
      await noticed()
      truncateSync(path, 0)
      await noticed()
      appendFileSync(path, bytes)
    })
    expect(reading).toMatchObject({ frames: shorter + whole, fault: null })
  })
})

test('a record longer than the buffer', async () => {
  const record = Buffer.alloc(16 + 1_000_000)
  record.writeUInt32LE(1_000_000, 8)
  record.writeUInt32LE(1_000_000, 12)
  const live = await followFile(fresh(Buffer.concat([pcap.subarray(0, 24), record, record])))
  live.stop()
  let length = 0
  const into = new Uint8Array(1 << 20)
  for (let count = await live.source.read(into); count > 0; count = await live.source.read(into)) length += count
  await live.source.close()
  expect(length).toBe(24 + 2 * record.length)
})

test('damage is the parser’s to find', async () => {
  const path = fresh(Buffer.concat([pcap, Buffer.alloc(100, 0xff)]))
  const live = await followFile(path)
  live.stop()
  expect(await readFrames(live.source)).toMatchObject({
    frames: await framesOf(fresh(pcap)),
    fault: expect.any(String),
  })
})

test('another format, or another link type, does not go on with the stream', async () => {
  const otherLink = Buffer.from(pcap)
  otherLink.writeUInt32LE(113, 20)
  for (const other of [pcapng, otherLink, Buffer.from('no capture')]) {
    const path = fresh(pcap)
    const { fault } = await follow(path, async () => {
      await noticed()
      unlinkSync(path)
      writeFileSync(path, other)
    })
    expect(fault).toBe(`${path} was replaced by a file that does not go on with the same capture format`)
  }
})

test('what cannot be followed says why', async () => {
  const missing = join(folder, 'missing.pcap')
  await expect(followFile(missing)).rejects.toThrow(`cannot open ${missing}: no such file`)
  const below = join(folder, 'below')
  mkdirSync(below)
  await expect(followFile(below)).rejects.toThrow(`cannot follow ${below}: it is not a regular file`)
  const compressed = fresh(gzipSync(pcap))
  const live = await followFile(compressed)
  expect((await readFrames(live.source)).fault).toBe(`cannot follow ${compressed}: it is compressed`)
})

test('closing ends a read that waits', async () => {
  const live = await followFile(fresh(pcap.subarray(0, 10)))
  const reading = live.source.read(new Uint8Array(100))
  await live.source.close()
  expect(await reading).toBe(0)
  await live.end
})
