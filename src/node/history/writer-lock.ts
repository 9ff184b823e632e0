/**
 * One writer for each history: a file that says who writes it. Its time is renewed while the writer lives, so that a dead one is
 * known wherever it ran: here by its process, elsewhere (a shared folder, another container) by its silence.
 */
import { readFileSync, readlinkSync } from 'node:fs'
import { mkdir, open, readFile, stat, unlink, utimes } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { HistoryError, STATE_FOLDER } from './history-folder.ts'

interface Owner {
  readonly pid: number
  readonly host: string
  /** Linux's name of the space that the number is of: containers may share the name of the host. Null where there is none. */
  readonly ns: string | null
  /** When the process was started, by the kernel's clock: numbers of processes are used again. Null where nobody tells. */
  readonly started: string | null
}

export interface WriterLock {
  release(): Promise<void>
}

const RENEW_MS = 10_000
/** A writer on another machine that has not renewed its lock for so long is gone. */
const SILENCE_MS = 120_000
/** Taking a dead writer's lock away takes milliseconds; who is at it for so long has died as well. */
const TAKING_MS = 10_000

/** Throws HistoryError when somebody else writes there. */
export async function lockHistory(folder: string): Promise<WriterLock> {
  const state = join(folder, STATE_FOLDER)
  await mkdir(state, { recursive: true })
  const path = join(state, 'lock')
  if (!(await create(path))) {
    const owner = await ownerOf(path)
    if (await isAlive(path, owner)) throw takenBy(folder, owner)
    await takeAway(folder, path)
    if (!(await create(path))) throw takenBy(folder, await ownerOf(path))
  }
  const timer = setInterval(() => void renew(path), RENEW_MS)
  timer.unref()
  return {
    async release() {
      clearInterval(timer)
      if (isMe(await ownerOf(path))) await unlink(path).catch(() => {})
    },
  }
}

async function renew(path: string): Promise<void> {
  if (isMe(await ownerOf(path))) await utimes(path, new Date(), new Date()).catch(() => {})
}

function me(): Owner {
  return { pid: process.pid, host: hostname(), ns: namespaceOfPids(), started: startOf(process.pid) }
}

/** Not so when it was taken away, as after a long sleep. */
function isMe(owner: Owner | null): boolean {
  return JSON.stringify(owner) === JSON.stringify(me())
}

/** False: there is one already. */
async function create(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx')
    await file.writeFile(`${JSON.stringify(me())}\n`).finally(() => file.close())
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Null: it cannot be read, as that of a writer who is just writing it, or had no room to. */
async function ownerOf(path: string): Promise<Owner | null> {
  try {
    const owner = JSON.parse(await readFile(path, 'utf8')) as Partial<Owner> | null
    if (typeof owner?.pid !== 'number' || typeof owner.host !== 'string') return null
    return { pid: owner.pid, host: owner.host, ns: owner.ns ?? null, started: owner.started ?? null }
  } catch {
    return null
  }
}

async function isAlive(path: string, owner: Owner | null): Promise<boolean> {
  const isHere = owner !== null && owner.host === hostname() && owner.ns === namespaceOfPids()
  if (isHere && (!isRunning(owner.pid) || (owner.started !== null && owner.started !== startOf(owner.pid))))
    return false
  if (isHere) return true
  const facts = await stat(path).catch(() => null)
  return facts !== null && Date.now() - facts.mtimeMs < SILENCE_MS
}

/** Removes the lock of a dead writer. One process at a time does, and looks again: it may be a living one's by now. */
async function takeAway(folder: string, path: string): Promise<void> {
  const taking = `${path}.taking`
  const facts = await stat(taking).catch(() => null)
  if (facts !== null && Date.now() - facts.mtimeMs > TAKING_MS) await unlink(taking).catch(() => {})
  if (!(await create(taking))) throw takenBy(folder, await ownerOf(taking))
  try {
    const owner = await ownerOf(path)
    if (await isAlive(path, owner)) throw takenBy(folder, owner)
    await unlink(path).catch(() => {})
  } finally {
    await unlink(taking).catch(() => {})
  }
}

function takenBy(folder: string, owner: Owner | null): HistoryError {
  const who = owner === null ? 'another netkit' : `the netkit with process id ${owner.pid}`
  const isElsewhere = owner !== null && owner.host !== hostname()
  const isInside = owner !== null && owner.ns !== namespaceOfPids()
  const where = isElsewhere ? ` on ${owner.host}` : isInside ? ' in another container' : ''
  return new HistoryError(`${folder} is being recorded into by ${who}${where}; a history has one writer`)
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function namespaceOfPids(): string | null {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return null
  }
}

/** Field 22 of /proc/PID/stat (proc(5)), ticks since the boot, with the boot; null on other systems. */
function startOf(pid: number): string | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name of the program, in parentheses, may hold anything.
    const ticks = text.slice(text.lastIndexOf(')') + 2).split(' ')[19]
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${ticks}`
  } catch {
    return null
  }
}
