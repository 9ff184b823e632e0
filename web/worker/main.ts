/** The worker: questions of the page in, answers out. All that is read of a file is read here. */
import { FilterError } from '../../src/filter/filter-error.ts'
import type { Answer, Question } from '../protocol.ts'
import { closeDoors } from './closed-doors.ts'
import { Cancelled, Session } from './session.ts'

closeDoors()

const scope = self as unknown as DedicatedWorkerGlobalScope
const say = (answer: Answer) => scope.postMessage(answer)

let session: Session | null = null
let reading: { readonly id: number; readonly abort: AbortController } | null = null
/** One question after the other: each has the whole memory. */
let before: Promise<unknown> = Promise.resolve()

scope.onmessage = ({ data }: MessageEvent<Question>) => {
  if (data.type === 'cancel') reading?.abort.abort()
  else before = before.then(() => answer(data))
}

async function answer(question: Exclude<Question, { type: 'cancel' }>): Promise<void> {
  const { id } = question
  const abort = new AbortController()
  reading = { id, abort }
  try {
    say(await answerTo(question, abort.signal))
  } catch (error) {
    if (error instanceof Cancelled) say({ type: 'cancelled', id })
    else if (error instanceof FilterError) say({ type: 'failed', id, message: error.reason, picture: error.picture })
    else say({ type: 'failed', id, message: error instanceof Error ? error.message : String(error), picture: null })
  } finally {
    reading = null
  }
}

async function answerTo(question: Exclude<Question, { type: 'cancel' }>, signal: AbortSignal): Promise<Answer> {
  const { id, choices } = question
  const run = { signal, onProgress: (progress: object) => say({ type: 'progress', id, ...progress } as Answer) }
  if (question.type === 'open') {
    const opened = new Session(question.files)
    const report = await opened.report(choices, run)
    session = opened
    return { type: 'report', id, ...report }
  }
  if (session === null) throw new Error('no capture is open')
  if (question.type === 'choose') return { type: 'report', id, ...(await session.report(choices, run)) }
  return { type: 'saved', id, ...(await session.save(question.format, choices, run)) }
}
