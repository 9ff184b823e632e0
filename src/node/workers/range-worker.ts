/** A thread that counts ranges of a file, one after the other, until there are no more. */
import { parentPort, workerData } from 'node:worker_threads'
import { RangeCounter } from '../../pipeline/range-counter.ts'
import { rangeFile } from '../range-file.ts'
import type { RangeJob } from '../range-pool.ts'
import { RangeQueue } from '../range-queue.ts'

const { module, descriptor, setup, ranges, shared } = workerData as RangeJob
const queue = new RangeQueue(shared)
const counter = new RangeCounter(module, setup, () => rangeFile(descriptor, () => queue.isClosed))

for (let index = queue.take(ranges.length); index !== null; index = queue.take(ranges.length)) {
  const counts = await counter.count(ranges[index]!)
  const buffers = [counts.flows, counts.untimed, ...counts.buckets.map(({ rows }) => rows)].map(({ buffer }) => buffer)
  parentPort!.postMessage(counts, [...new Set(buffers)])
}
