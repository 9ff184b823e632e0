/** The worker as the page sees it: one question at a time, its progress, and that it ended when it should not have. */
import type { Answer, Choices, Question, SavedFormat } from '../protocol.ts'

export type Progress = Extract<Answer, { type: 'progress' }>
export type Report = Extract<Answer, { type: 'report' }>
export type Saved = Extract<Answer, { type: 'saved' }>

export class Failed extends Error {
  /** The filter, with carets under the place. */
  readonly picture: string | null

  constructor(message: string, picture: string | null) {
    super(message)
    this.picture = picture
  }
}

/** Somebody asked for it. */
export class Cancelled extends Error {}
/** What was open is not any more. */
export class Crashed extends Error {}

interface Waiting {
  readonly onProgress: (progress: Progress) => void
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: Error) => void
}

export class WorkerClient {
  readonly #waiting = new Map<number, Waiting>()
  readonly #onCrash: (error: Crashed) => void
  #worker: Worker | null = null
  #next = 1

  /** `onCrash`: it ended while nobody waited. */
  constructor(onCrash: (error: Crashed) => void) {
    this.#onCrash = onCrash
    // Now, and not with the first capture: then everything is loaded, and nothing is asked for any more.
    this.#worker = this.#start()
  }

  open(files: readonly File[], choices: Choices, onProgress: (progress: Progress) => void): Promise<Report> {
    return this.#ask({ type: 'open', id: this.#next++, files, choices }, onProgress) as Promise<Report>
  }

  choose(choices: Choices, onProgress: (progress: Progress) => void): Promise<Report> {
    return this.#ask({ type: 'choose', id: this.#next++, choices }, onProgress) as Promise<Report>
  }

  save(format: SavedFormat, choices: Choices, onProgress: (progress: Progress) => void): Promise<Saved> {
    return this.#ask({ type: 'save', id: this.#next++, choices, format }, onProgress) as Promise<Saved>
  }

  cancel(): void {
    this.#worker?.postMessage({ type: 'cancel', id: this.#next++ } satisfies Question)
  }

  #ask(question: Question, onProgress: (progress: Progress) => void): Promise<Answer> {
    this.#worker ??= this.#start()
    const worker = this.#worker
    return new Promise((resolve, reject) => {
      this.#waiting.set(question.id, { onProgress, resolve, reject })
      worker.postMessage(question)
    })
  }

  #start(): Worker {
    const worker = new Worker('worker.js', { type: 'module', name: 'netkit' })
    worker.onmessage = ({ data }: MessageEvent<Answer>) => this.#take(data)
    worker.onmessageerror = () => this.#crash('it sent something that cannot be read')
    worker.onerror = (event) => {
      event.preventDefault()
      this.#crash(event.message || 'it could not be started')
    }
    return worker
  }

  #take(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id)
    if (waiting === undefined) return
    if (answer.type === 'progress') {
      waiting.onProgress(answer)
      return
    }
    this.#waiting.delete(answer.id)
    if (answer.type === 'cancelled') waiting.reject(new Cancelled())
    else if (answer.type === 'failed') waiting.reject(new Failed(answer.message, answer.picture))
    else waiting.resolve(answer)
  }

  #crash(reason: string): void {
    this.#worker?.terminate()
    this.#worker = null
    const error = new Crashed(
      `The part of this page that reads captures has stopped: ${reason}. Open the capture again.`,
    )
    const waiting = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const { reject } of waiting) reject(error)
    if (waiting.length === 0) this.#onCrash(error)
  }
}
