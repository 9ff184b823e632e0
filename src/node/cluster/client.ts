/**
 * The client's side of a run: tasks go into Redis, some at a time, and partial results come out, whoever has counted them and when. A result
 * that is there already, from a client that left, is taken as it is.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import { inflateRaw } from 'node:zlib'
import { type Job, Queue } from 'bullmq'
import { decodeCounts } from '../../pipeline/partial.ts'
import type { RangeCounts } from '../../pipeline/range-counter.ts'
import { ClusterError, redisReason } from './cluster-error.ts'
import {
  findParts,
  loadPart,
  MOST_RESULT_BYTES,
  PartGone,
  removePart,
  removeStale,
  type StoredPart,
} from './part-store.ts'
import { type JobData, jobOf, PREFIX, QUEUE, type Task } from './protocol.ts'
import { type ConnectionEvents, type Connections, connectRedis } from './redis.ts'
import { shownPlace } from './shared-file.ts'

/** So many are in the queue, or their results not yet asked for. */
const MOST_JOBS = 64
const POLL_MS = 50
/** Every so many polls jobs are asked how they are, and whether somebody counts at all. */
const POLLS_PER_CHECK = 20
/** Nobody counts: said after so long. */
const NO_WORKERS_MS = 3000
const LOST_MS = 120_000
/** A job that Redis has forgotten (it had no AOF) is told again, so often. */
const MOST_REPEATS = 5
const TRIES = 4
/** Redis answers nothing for so long: it stands still. */
const SILENT_MS = 10_000
const CLOSE_MS = 1000
/** What is not removed by then goes by itself, after a day. */
const FORGET_MS = 10_000

const inflate = promisify(inflateRaw)

/** Jobs of a run so far. */
export interface RunProgress {
  readonly done: number
  /** Of those, how many were there already. */
  readonly found: number
  readonly asked: number
}

export interface ClientEvents extends ConnectionEvents {
  progress(now: RunProgress): void
  waitingForWorkers(): void
}

export interface Result {
  readonly key: string
  readonly stored: StoredPart
  readonly task: Task
}

interface Pending {
  readonly task: Task
  readonly data: JobData
  readonly promise: PromiseWithResolve
  job: Job<JobData> | null
  repeats: number
}

interface WorkersSeen {
  idleSince: number
  isTold: boolean
}

interface PromiseWithResolve {
  resolve(result: Result): void
  reject(error: Error): void
}

export class ClusterClient {
  readonly #connections: Connections
  readonly #queue: Queue<JobData>
  readonly #events: ClientEvents
  readonly #run = randomUUID().slice(0, 8)
  readonly #pending = new Map<string, Pending>()
  readonly #waiting: Pending[] = []
  readonly #results = new Map<string, StoredPart>()
  /** By key: who asks the same twice is answered once. */
  readonly #asked = new Map<string, Promise<Result>>()
  #jobs = 0
  #done = 0
  #found = 0
  #error: Error | null = null
  /** Rejects when the run fails. */
  readonly #failed: Promise<never>
  #tellFailed: (error: Error) => void = () => {}
  #isClosed = false
  #isSilent = false
  #polling: Promise<void> | null = null

  private constructor(connections: Connections, events: ClientEvents) {
    this.#connections = connections
    this.#events = events
    this.#queue = new Queue<JobData>(QUEUE, { connection: connections.another(), prefix: PREFIX })
    this.#queue.on('error', () => {})
    this.#failed = new Promise((_, reject) => {
      this.#tellFailed = reject
    })
    this.#failed.catch(() => {})
  }

  static async connect(url: string, events: ClientEvents): Promise<ClusterClient> {
    return new ClusterClient(await connectRedis(url, events), events)
  }

  /** Rejects with a {@link ClusterError} that names the file. */
  count(task: Task): Promise<Result> {
    if (this.#error !== null) return Promise.reject(this.#error)
    const data = jobOf(task)
    const known = this.#asked.get(data.key)
    if (known !== undefined) return known
    const asked = new Promise<Result>((resolve, reject) => {
      this.#waiting.push({ task, data, promise: { resolve, reject }, job: null, repeats: 0 })
      this.#polling ??= this.#poll().catch((error: Error) => this.#fail(new ClusterError(redisReason(error))))
    })
    this.#asked.set(data.key, asked)
    return asked
  }

  async load(result: Result): Promise<RangeCounts[]> {
    const packed = await this.#alive(this.#loadAgain(result))
    const bytes = await inflate(packed, { maxOutputLength: MOST_RESULT_BYTES })
    return decodeCounts(bytes)
  }

  /** Another client with the same question may have ended, and taken the result with it: it is counted once more. */
  async #loadAgain({ key, stored, task }: Result): Promise<Uint8Array> {
    const { redis } = this.#connections
    try {
      return await loadPart(redis, this.#results.get(key) ?? stored)
    } catch (error) {
      if (!(error instanceof PartGone)) throw error
    }
    await removeStale(redis, key, this.#results.get(key) ?? stored)
    this.#asked.delete(key)
    const again = await this.count(task)
    return loadPart(redis, again.stored)
  }

  /** What waits for Redis ends when the run does. */
  async #alive<T>(work: Promise<T>): Promise<T> {
    work.catch(() => {})
    return Promise.race([work, this.#failed])
  }

  /** The records are written: nobody needs the partial results any more. */
  async forget(): Promise<void> {
    await within(FORGET_MS, this.#removeAll())
    this.#results.clear()
  }

  async #removeAll(): Promise<void> {
    for (const [key, stored] of this.#results) await removePart(this.#connections.redis, key, stored)
  }

  /** Takes back the jobs that nobody has begun. What is counted stays for whoever asks again. */
  async cancel(reason: string): Promise<void> {
    const jobs = [...this.#pending.values()].flatMap(({ job }) => (job === null ? [] : [job]))
    this.#fail(new ClusterError(reason))
    if (this.#connections.lostSince() !== null || this.#isSilent) return
    // Those that are being counted cannot be removed.
    const removed = Promise.all(jobs.map((job) => job.remove().catch(() => {})))
    await Promise.race([removed, setTimeout(2000, undefined, { ref: false })])
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await within(CLOSE_MS, this.#polling)
    await within(CLOSE_MS, this.#queue.close())
    this.#connections.close()
  }

  /** One loop for all that waits: whatever happened meanwhile, a killed worker or another Redis, it sees what is so now. */
  async #poll(): Promise<void> {
    const workers: WorkersSeen = { idleSince: Date.now(), isTold: false }
    for (let turn = 0; !this.#isClosed && this.#error === null; turn++) {
      const lostAt = this.#connections.lostSince()
      if (lostAt !== null && Date.now() - lostAt > LOST_MS) throw this.#lost()
      // While it is gone every command would wait, and so would Ctrl-C.
      if (lostAt === null) await this.#answered(this.#turn(turn, workers))
      await setTimeout(POLL_MS)
    }
  }

  /** A Redis that stands still keeps its connection: what it does not answer is as good as lost. */
  async #answered(turn: Promise<void>): Promise<void> {
    turn.catch(() => {})
    for (const since = Date.now(); !this.#isClosed && this.#error === null; ) {
      const pause = new AbortController()
      const isDone = await Promise.race([
        turn.then(() => true),
        setTimeout(SILENT_MS, false, { signal: pause.signal }),
      ]).finally(() => pause.abort())
      if (isDone) {
        if (this.#isSilent && this.#connections.lostSince() === null) this.#events.back()
        this.#isSilent = false
        return
      }
      if (!this.#isSilent && this.#connections.lostSince() === null) {
        this.#isSilent = true
        this.#events.lost(`Redis at ${this.#connections.address} does not answer`)
      }
      if (Date.now() - since > LOST_MS) throw this.#lost()
    }
  }

  #lost(): ClusterError {
    return new ClusterError(
      `Redis at ${this.#connections.address} did not come back: run the same again when it is there`,
    )
  }

  async #turn(turn: number, workers: WorkersSeen): Promise<void> {
    await this.#collect()
    await this.#add()
    if (turn % POLLS_PER_CHECK !== POLLS_PER_CHECK - 1) return
    await this.#check()
    if (this.#pending.size === 0 || (await this.#queue.getWorkersCount()) > 0) workers.idleSince = Date.now()
    else if (!workers.isTold && Date.now() - workers.idleSince > NO_WORKERS_MS) {
      workers.isTold = true
      this.#events.waitingForWorkers()
    }
  }

  async #collect(): Promise<void> {
    const keys = [...this.#pending.keys()]
    const stored = await findParts(this.#connections.redis, keys)
    for (const [i, key] of keys.entries()) if (stored[i] != null) this.#finish(key, stored[i])
  }

  #finish(key: string, stored: StoredPart): void {
    const pending = this.#pending.get(key)
    if (pending === undefined) return
    this.#pending.delete(key)
    this.#results.set(key, stored)
    this.#done++
    this.#tellProgress()
    pending.promise.resolve({ key, stored, task: pending.task })
  }

  #tellProgress(): void {
    const asked = this.#done + this.#pending.size + this.#waiting.length
    this.#events.progress({ done: this.#done, found: this.#found, asked })
  }

  async #add(): Promise<void> {
    const room = MOST_JOBS - this.#pending.size
    const next: Pending[] = []
    while (next.length < room && this.#waiting.length > 0) next.push(this.#waiting.shift()!)
    const stored = await findParts(
      this.#connections.redis,
      next.map(({ data }) => data.key),
    )
    const added: Pending[] = []
    for (const [i, pending] of next.entries()) {
      this.#pending.set(pending.data.key, pending)
      if (stored[i] == null) added.push(pending)
      else {
        this.#found++
        this.#finish(pending.data.key, stored[i])
      }
    }
    if (next.length > 0) this.#tellProgress()
    await Promise.all(added.map((pending) => this.#tell(pending)))
  }

  async #tell(pending: Pending): Promise<void> {
    pending.job = await this.#queue.add('count', pending.data, {
      jobId: `${this.#run}-${this.#jobs++}`,
      attempts: TRIES,
      backoff: { type: 'exponential', delay: 500 },
      removeOnComplete: true,
      removeOnFail: { age: 3600 },
    })
  }

  /** Jobs that failed, and those that Redis knows nothing of. */
  async #check(): Promise<void> {
    for (const pending of [...this.#pending.values()]) {
      const { job, data, task } = pending
      if (job === null) continue
      const state = await job.getState()
      if (state === 'failed') {
        const failed = await this.#queue.getJob(job.id!)
        await failed?.remove().catch(() => {})
        this.#pending.delete(data.key)
        pending.promise.reject(new ClusterError(sentenceOf(task, failed?.failedReason)))
      } else if (state === 'unknown') {
        const [stored] = await findParts(this.#connections.redis, [data.key])
        if (stored != null) this.#finish(data.key, stored)
        else if (pending.repeats++ < MOST_REPEATS) await this.#tell(pending)
        else
          throw new ClusterError(
            `${shownPlace(task.file.place)}: Redis forgets its jobs: it needs room, and appendonly yes`,
          )
      }
    }
  }

  #fail(error: Error): void {
    this.#error = error
    this.#tellFailed(error)
    for (const { promise } of [...this.#pending.values(), ...this.#waiting]) promise.reject(error)
    this.#pending.clear()
    this.#waiting.length = 0
  }
}

/** Waits, but not longer, and hears of no failure. */
async function within(ms: number, work: Promise<unknown> | null): Promise<void> {
  if (work === null) return
  const pause = new AbortController()
  const end = setTimeout(ms, undefined, { signal: pause.signal }).catch(() => {})
  await Promise.race([work.catch(() => {}), end])
  pause.abort()
}

function sentenceOf({ file }: Task, reason = 'it failed'): string {
  const place = shownPlace(file.place)
  if (reason.includes('stalled')) return `${place}: every worker that counted it died`
  return reason.includes(place) ? reason : `${place}: ${reason}`
}
