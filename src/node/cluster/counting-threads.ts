/** Threads that count tasks, each one at a time. A thread that ends (no memory) takes its task with it, and another is started. */
import { Worker } from 'node:worker_threads'
import type { TaskResult, ThreadSetup } from './count-task.ts'

/** The same three steps up from src/node/cluster (tests), and two from the folders of build/: see {@link threadFile}. */
function threadFile(): URL {
  const isSource = import.meta.url.endsWith('.ts')
  return new URL(`${isSource ? '../../../' : '../../'}build/workers/part-worker.js`, import.meta.url)
}

export class CountingThreads {
  readonly #setup: ThreadSetup
  readonly #idle: Worker[] = []
  readonly #all = new Set<Worker>()

  constructor(module: WebAssembly.Module) {
    this.#setup = { module }
  }

  /** Never more at once than there are to be threads. */
  async count(task: string): Promise<TaskResult> {
    const worker = this.#idle.pop() ?? this.#start()
    const result = await ask(worker, task)
    if (result === null) {
      return { error: 'a thread that counted it ended, perhaps for want of memory', isFinal: false }
    }
    if (this.#all.has(worker)) this.#idle.push(worker)
    return result
  }

  async close(): Promise<void> {
    await Promise.all([...this.#all].map((worker) => worker.terminate()))
  }

  #start(): Worker {
    const worker = new Worker(threadFile(), { workerData: this.#setup, stdin: false })
    worker.on('error', () => {})
    // It may end between two tasks too.
    worker.once('exit', () => {
      this.#all.delete(worker)
      const place = this.#idle.indexOf(worker)
      if (place >= 0) this.#idle.splice(place, 1)
    })
    this.#all.add(worker)
    return worker
  }
}

/** Null: the thread has ended. */
function ask(worker: Worker, task: string): Promise<TaskResult | null> {
  return new Promise((resolve) => {
    const finish = (result: TaskResult | null) => {
      worker.off('message', finish)
      worker.off('exit', end)
      resolve(result)
    }
    const end = () => finish(null)
    worker.on('message', finish)
    worker.on('exit', end)
    worker.postMessage(task)
  })
}
