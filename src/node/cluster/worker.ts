/**
 * A worker of the fleet: takes jobs from Redis, counts them on threads, leaves the partial results there. BullMQ hands jobs out, gives those
 * of a worker that was killed to another one, and tries again what may go better then.
 */
import { UnrecoverableError, Worker } from 'bullmq'
import { redisReason } from './cluster-error.ts'
import { CountingThreads } from './counting-threads.ts'
import { findParts, savePart } from './part-store.ts'
import { fromText, type JobData, PREFIX, QUEUE, refusalOf } from './protocol.ts'
import { type ConnectionEvents, type Connections, connectRedis } from './redis.ts'

/** A worker that has not said for so long that it lives has lost its job. Threads count, so only a machine that stands still is so late. */
const LOCK_MS = 10_000
const STALLED_CHECK_MS = 4_000
/** A job at which so many workers died is given up: it is the job. */
const MOST_STALLS = 3

export interface WorkerEvents extends ConnectionEvents {
  counted(fileBytes: number): void
  failed(reason: string): void
}

export interface ClusterWorker {
  readonly address: string
  /** Ends when the jobs at hand are done. */
  close(): Promise<void>
}

export async function startClusterWorker(
  url: string,
  jobs: number,
  module: WebAssembly.Module,
  events: WorkerEvents,
): Promise<ClusterWorker> {
  const connections = await connectRedis(url, events)
  const threads = new CountingThreads(module)
  const process = async (data: JobData) => {
    const refusal = refusalOf(data)
    if (refusal !== null) throw new UnrecoverableError(refusal)
    const [known] = await findParts(connections.redis, [data.key])
    if (known != null) return
    const result = await threads.count(data.task)
    if ('error' in result) throw result.isFinal ? new UnrecoverableError(result.error) : new Error(result.error)
    await savePart(connections.redis, data.key, result.bytes, fromText(result.facts)).catch((error: Error) => {
      throw new Error(redisReason(error), { cause: error })
    })
    events.counted(result.fileBytes)
  }
  const worker = new Worker<JobData>(QUEUE, (job) => process(job.data), {
    connection: connections.another(),
    prefix: PREFIX,
    concurrency: jobs,
    lockDuration: LOCK_MS,
    stalledInterval: STALLED_CHECK_MS,
    maxStalledCount: MOST_STALLS,
  })
  // Without a handler an event of this name ends the process. What is lost is told by the connection, once.
  worker.on('error', () => {})
  worker.on('failed', (_, error) => events.failed(redisReason(error)))
  return { address: connections.address, close: () => close(worker, threads, connections) }
}

async function close(worker: Worker, threads: CountingThreads, connections: Connections): Promise<void> {
  // It waits for jobs, and for a Redis that may never come back.
  await worker.close(connections.lostSince() !== null)
  await threads.close()
  connections.close()
}
