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
import { findParts, loadPart, removePart, type StoredPart } from './part-store.ts'
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
/** No result is larger: what is inflated comes from another machine. */
const MOST_RESULT_BYTES = 1 << 30

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
}

interface Pending {
  readonly task: Task
  readonly data: JobData
  readonly promise: PromiseWithResolve
  job: Job<JobData> | null
  repeats: number
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
  #jobs = 0
  #done = 0
  #found = 0
  #error: Error | null = null
  #isClosed = false
  #polling: Promise<void> | null = null

  private constructor(connections: Connections, events: ClientEvents) {
    this.#connections = connections
    this.#events = events
    this.#queue = new Queue<JobData>(QUEUE, { connection: connections.another(), prefix: PREFIX })
    this.#queue.on('error', () => {})
  }

  static async connect(url: string, events: ClientEvents): Promise<ClusterClient> {
    return new ClusterClient(await connectRedis(url, events), events)
  }

  /** Rejects with a {@link ClusterError} that names the file. */
  count(task: Task): Promise<Result> {
    if (this.#error !== null) return Promise.reject(this.#error)
    const data = jobOf(task)
    return new Promise((resolve, reject) => {
      this.#waiting.push({ task, data, promise: { resolve, reject }, job: null, repeats: 0 })
      this.#polling ??= this.#poll().catch((error: Error) => this.#fail(new ClusterError(redisReason(error))))
    })
  }

  async load({ stored }: Result): Promise<RangeCounts[]> {
    const bytes = await inflate(await loadPart(this.#connections.redis, stored), { maxOutputLength: MOST_RESULT_BYTES })
    return decodeCounts(bytes)
  }

  /** The records are written: nobody needs the partial results any more. */
  async forget(): Promise<void> {
    for (const [key, stored] of this.#results) await removePart(this.#connections.redis, key, stored)
    this.#results.clear()
  }

  /** Takes back the jobs that nobody has begun. What is counted stays for whoever asks again. */
  async cancel(reason: string): Promise<void> {
    const jobs = [...this.#pending.values()].flatMap(({ job }) => (job === null ? [] : [job]))
    this.#fail(new ClusterError(reason))
    if (this.#connections.lostSince() !== null) return
    // Those that are being counted cannot be removed.
    const removed = Promise.all(jobs.map((job) => job.remove().catch(() => {})))
    await Promise.race([removed, setTimeout(2000, undefined, { ref: false })])
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#polling
    await Promise.race([this.#queue.close().catch(() => {}), setTimeout(1000, undefined, { ref: false })])
    this.#connections.close()
  }

  /** One loop for all that waits: whatever happened meanwhile, a killed worker or another Redis, it sees what is so now. */
  async #poll(): Promise<void> {
    let idleSince = Date.now()
    let isTold = false
    for (let turn = 0; !this.#isClosed && this.#error === null; turn++) {
      const lostAt = this.#connections.lostSince()
      if (lostAt !== null && Date.now() - lostAt > LOST_MS) {
        throw new ClusterError(
          `Redis at ${this.#connections.address} did not come back: run the same again when it is there`,
        )
      }
      // While it is gone every command would wait, and so would Ctrl-C.
      if (lostAt === null) {
        await this.#collect()
        await this.#add()
        if (turn % POLLS_PER_CHECK === POLLS_PER_CHECK - 1) {
          await this.#check()
          if (this.#pending.size === 0 || (await this.#queue.getWorkersCount()) > 0) idleSince = Date.now()
          else if (!isTold && Date.now() - idleSince > NO_WORKERS_MS) {
            isTold = true
            this.#events.waitingForWorkers()
          }
        }
      }
      await setTimeout(POLL_MS)
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
    pending.promise.resolve({ key, stored })
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
    for (const { promise } of [...this.#pending.values(), ...this.#waiting]) promise.reject(error)
    this.#pending.clear()
    this.#waiting.length = 0
  }
}

function sentenceOf({ file }: Task, reason = 'it failed'): string {
  const place = shownPlace(file.place)
  if (reason.includes('stalled')) return `${place}: every worker that counted it died`
  return reason.includes(place) ? reason : `${place}: ${reason}`
}
