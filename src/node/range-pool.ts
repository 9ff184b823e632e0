/** Counts ranges on this thread and on others. */
import { setImmediate } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { type Range, RangeCounter, type RangeCounts, type RangeSetup } from '../pipeline/range-counter.ts'
import type { CountedRange, RangePool, RangeWork, StartRanges } from '../pipeline/read-ranges.ts'
import { rangeFile } from './range-file.ts'
import { RangeQueue } from './range-queue.ts'

/** What a thread is given. */
export interface RangeJob {
  readonly module: WebAssembly.Module
  readonly descriptor: number
  readonly setup: RangeSetup
  readonly ranges: readonly Range[]
  readonly shared: SharedArrayBuffer
}

/** The same two steps up from src/node (tests), from dist/node (the library) and from the bundle's folders. */
const WORKER = new URL('../../build/workers/range-worker.js', import.meta.url)

/** Threads wait for each other, and for the memory that they share. */
const GAIN = 0.8

/** This thread's own counter. */
const HERE = -1

/** `jobs` threads, this one among them. `anyway`: also where it is slower than one. */
export function rangesOn(jobs: number, module: WebAssembly.Module, { anyway = false } = {}): StartRanges {
  return (source, setup, ranges) => {
    const { descriptor } = source.random!
    const { shared } = new RangeQueue()
    const pool = new ThreadPool(jobs, { module, descriptor, setup, ranges, shared })
    return anyway ? pool : Object.assign(pool, { isWorthwhile: (work: RangeWork) => threadsPay(jobs, work) })
  }
}

/**
 * One thread counts frames; several count them and then merge rows, and every row twice goes through the memory. Measured on two cores:
 * to merge a row takes as long as to count two frames, and to read 512 bytes as long as one. With as many rows as frames (every
 * frame another flow) two threads took 1.3 times as long as one.
 */
export function threadsPay(jobs: number, { bytes, frames, rows }: RangeWork): boolean {
  const alone = frames + bytes / 512
  const merging = 2 * rows
  return alone + merging <= GAIN * jobs * alone
}

class ThreadPool implements RangePool {
  readonly #job: RangeJob
  readonly #queue: RangeQueue
  readonly #here: RangeCounter
  /** Of the other threads. */
  readonly #ends: Promise<void>[]
  /** Counted, and not yet handed out, by range. */
  readonly #counted = new Map<number, CountedRange>()
  #next = 0
  /** A thread ended as it should not. */
  #failed = false
  #wake = () => {}

  constructor(jobs: number, job: RangeJob) {
    this.#job = job
    this.#queue = new RangeQueue(job.shared)
    this.#here = new RangeCounter(job.module, job.setup, () => rangeFile(job.descriptor))
    const threads = Math.min(jobs, job.ranges.length) - 1
    this.#ends = Array.from({ length: threads }, (_, id) => this.#startWorker(id))
  }

  async next(): Promise<CountedRange | null> {
    const index = this.#next++
    for (;;) {
      // Threads say what they counted through the event loop.
      await setImmediate()
      const counted = this.#counted.get(index)
      if (counted !== undefined) {
        this.#counted.delete(index)
        this.#queue.done()
        return counted
      }
      if (this.#failed) return null
      const mine = this.#queue.tryTake(this.#job.ranges.length)
      if (mine !== null) {
        const counts = await this.#here.count(this.#job.ranges[mine]!)
        this.#counted.set(mine, { counter: HERE, counts })
      } else if (!this.#counted.has(index)) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
      }
    }
  }

  async close(): Promise<void> {
    // They end by themselves, soon. To terminate a thread that runs WebAssembly hangs once in thousands of times (nodejs/node#47748).
    this.#queue.close()
    await Promise.all(this.#ends)
  }

  /** Resolves when the thread has ended. */
  #startWorker(id: number): Promise<void> {
    const worker = new Worker(WORKER, { workerData: this.#job, stdin: false })
    worker.on('message', (counts: RangeCounts) => {
      this.#counted.set(counts.index, { counter: id, counts })
      this.#wake()
    })
    // What it had taken is lost: the ranges from there on are read by one thread.
    const fail = () => {
      this.#failed = true
      this.#wake()
    }
    worker.on('error', fail)
    return new Promise((resolve) => {
      worker.on('exit', (code) => {
        if (code !== 0) fail()
        resolve()
      })
    })
  }
}
