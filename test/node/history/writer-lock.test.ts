import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, readlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { HistoryError } from '../../../src/node/history/history-folder.ts'
import { lockHistory } from '../../../src/node/history/writer-lock.ts'
import { temporaryFolder } from '../fixtures.ts'

const folder = temporaryFolder()
const newFolder = () => mkdtempSync(join(folder, 'h'))

function leaveLock(history: string, text: string): string {
  mkdirSync(join(history, '.netkit'), { recursive: true })
  const path = join(history, '.netkit/lock')
  writeFileSync(path, text)
  return path
}

const ns = process.platform === 'linux' ? readlinkSync('/proc/self/ns/pid') : null

/** The id of a process that has ended. */
async function deadPid(): Promise<number> {
  const child = spawn('true')
  await once(child, 'exit')
  return child.pid!
}

test('one writer at a time, and the next when it is done', async () => {
  const history = newFolder()
  const lock = await lockHistory(history)
  await expect(lockHistory(history)).rejects.toThrow(
    `by the netkit with process id ${process.pid}; a history has one writer`,
  )
  await lock.release()
  await (await lockHistory(history)).release()
})

test('of many at once, one', async () => {
  const history = newFolder()
  leaveLock(history, JSON.stringify({ pid: await deadPid(), host: hostname(), ns, started: null }))
  const results = await Promise.allSettled(Array.from({ length: 20 }, () => lockHistory(history)))
  const locks = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  expect(locks).toHaveLength(1)
  for (const result of results) if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(HistoryError)
  await locks[0]!.release()
})

test('a dead writer here, also where its number is used again', async () => {
  const dead = { pid: await deadPid(), host: hostname(), ns, started: null }
  const reused = { pid: process.pid, host: hostname(), ns, started: 'another boot 1' }
  for (const owner of [dead, reused]) {
    const history = newFolder()
    leaveLock(history, JSON.stringify(owner))
    const lock = await lockHistory(history)
    expect(JSON.parse(readFileSync(join(history, '.netkit/lock'), 'utf8')).pid).toBe(process.pid)
    await lock.release()
  }
})

test('a writer elsewhere, or one that cannot be read, is gone when it is silent', async () => {
  for (const text of [JSON.stringify({ pid: 1, host: 'elsewhere', started: null }), '', 'null', '{"pid":"x"}']) {
    const history = newFolder()
    const path = leaveLock(history, text)
    await expect(lockHistory(history)).rejects.toThrow(
      text.includes('elsewhere') ? 'on elsewhere' : 'by another netkit',
    )
    const past = new Date(Date.now() - 300_000)
    utimesSync(path, past, past)
    await (await lockHistory(history)).release()
  }
})

test('a writer in another container whose host has the same name is none of here', async () => {
  const history = newFolder()
  leaveLock(history, JSON.stringify({ pid: await deadPid(), host: hostname(), ns: 'pid:[1]', started: null }))
  await expect(lockHistory(history)).rejects.toThrow('in another container')
})

test('a lock that is somebody else’s by now stays theirs', async () => {
  const history = newFolder()
  const lock = await lockHistory(history)
  const path = leaveLock(history, JSON.stringify({ pid: 1, host: 'elsewhere', started: null }))
  await lock.release()
  expect(readFileSync(path, 'utf8')).toContain('elsewhere')
})
