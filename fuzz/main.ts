/**
 * The long run. The targets run on a thread of their own; this one only watches that rounds go on, so that a loop without end is
 * a finding, too, and not a run without end.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { type FuzzResult, fuzz, inputsOf } from './fuzz.ts'
import { Seeds } from './seeds.ts'
import { TARGETS } from './targets/index.ts'

const USAGE = `npm run fuzz -- [--target parser|jobs|salvage|filter|decoders|decompress|names|sightings]... [--seconds N] [--seed TEXT] [--from ROUND] [--no-corpus]

  --target     what to fuzz, in turns; default: all
  --seconds    processor seconds for each target; default 60
  --seed       the same seed gives the same inputs; default: by chance, and printed
  --from       the first round: the "next" that an earlier run with the seed has printed
  --no-corpus  mutate the captures of test/pcaps only

Ctrl-C and SIGTERM end it after the round at hand, with its report.`

/** What was found goes here; what is mended moves to test/regressions/TARGET/, with a name that says what it was. */
const FINDINGS = fileURLToPath(new URL('../../build/fuzz/findings/', import.meta.url))
/** A round takes milliseconds. */
const HANG_MS = 120_000
const LOOK_MS = 1000

interface Job {
  readonly target: string
  readonly seed: string
  readonly from: number
  readonly seconds: number
  readonly corpus: boolean
  /** The round at hand, and whether to stop after it (1). */
  readonly progress: SharedArrayBuffer
}

interface JobResult extends FuzzResult {
  readonly notes: string
}

/** Ends the run after the round at hand, with a report of what it did. */
let stop = (): void => process.exit()
let isStopped = false

async function work(job: Job): Promise<void> {
  const target = await TARGETS[job.target]!(new Seeds(job.corpus))
  const progress = new BigInt64Array(job.progress)
  const onRound = (round: number) => Atomics.store(progress, 0, BigInt(round))
  const result = await fuzz(target, { ...job, onRound, isStopped: () => Atomics.load(progress, 1) === 1n })
  parentPort!.postMessage({ ...result, notes: target.notes() } satisfies JobResult)
  await target.close()
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      target: { type: 'string', multiple: true, default: Object.keys(TARGETS) },
      seconds: { type: 'string', default: '60' },
      seed: { type: 'string', default: crypto.randomUUID().slice(0, 8) },
      from: { type: 'string', default: '0' },
      'no-corpus': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop())
  const unknown = values.target.filter((name) => TARGETS[name] === undefined)
  if (values.help || unknown.length > 0 || !(Number(values.seconds) > 0)) {
    process.stdout.write(`${unknown.length > 0 ? `no target ${unknown.join(', ')}\n` : ''}${USAGE}\n`)
    process.exitCode = values.help ? 0 : 2
    return
  }
  for (const target of values.target) {
    if (isStopped) break
    const progress = new SharedArrayBuffer(16)
    const job: Job = {
      target,
      seed: values.seed,
      from: Number(values.from),
      seconds: Number(values.seconds),
      corpus: !values['no-corpus'],
      progress,
    }
    const result = await runWatched(job)
    if (typeof result === 'string') {
      process.stdout.write(`${target}: ${result}\n`)
      process.exitCode = 1
      continue
    }
    report(job, result)
    if (result.crashers.length > 0) process.exitCode = 1
  }
  process.exit()
}

/** The result of a job, or what became of it in words. */
function runWatched(job: Job): Promise<JobResult | string> {
  return new Promise((resolve) => {
    const progress = new BigInt64Array(job.progress)
    const worker = new Worker(new URL(import.meta.url), { workerData: job })
    stop = () => {
      isStopped = true
      Atomics.store(progress, 1, 1n)
    }
    let seen = -1n
    let seenAt = performance.now()
    const watch = setInterval(async () => {
      const round = Atomics.load(progress, 0)
      if (round !== seen) {
        seen = round
        seenAt = performance.now()
      } else if (performance.now() - seenAt > HANG_MS) {
        done(
          `round ${round} with seed ${job.seed} does not end; its inputs are in ${await keepRound(job, Number(round))}`,
        )
        await worker.terminate()
      }
    }, LOOK_MS)
    const done = (result: JobResult | string) => {
      clearInterval(watch)
      resolve(result)
    }
    worker.on('message', done)
    worker.on('error', (error) => done(`round ${seen} with seed ${job.seed}: ${error.stack}`))
    worker.on('exit', (code) => done(`ended with ${code} after round ${seen} with seed ${job.seed}`))
  })
}

async function keepRound({ target, seed, corpus }: Job, round: number): Promise<string> {
  const { generate, close, name } = await TARGETS[target]!(new Seeds(corpus))
  const inputs = inputsOf({ generate, name } as Parameters<typeof inputsOf>[0], seed, round)
  await close()
  return keep(target, seed, round, inputs)
}

function keep(target: string, seed: string, round: number, inputs: readonly Uint8Array[]): string {
  mkdirSync(FINDINGS, { recursive: true })
  inputs.forEach((bytes, i) => {
    writeFileSync(join(FINDINGS, `${target}-${seed}-${round}${inputs.length > 1 ? `-${i}` : ''}.bin`), bytes)
  })
  return FINDINGS
}

function report({ target, seed }: Job, result: JobResult): void {
  const { inputs, bytes, next, cpuSeconds, slowest, mostRss, crashers, notes } = result
  const perSecond = (inputs / cpuSeconds).toFixed(0)
  process.stdout.write(
    `${target}: ${inputs} inputs, ${bytes} bytes, ${cpuSeconds.toFixed(1)} CPU-seconds (${perSecond}/s), seed ${seed}, next ${next}, ` +
      `slowest ${(100 * slowest).toFixed(0)} % of its time, ${Math.round(mostRss / 2 ** 20)} MiB, ${crashers.length} findings\n  ${notes}\n`,
  )
  for (const crasher of crashers) {
    const folder = keep(target, seed, crasher.round, crasher.inputs)
    const length = crasher.inputs.reduce((sum, input) => sum + input.length, 0)
    const together = crasher.inputs.length > 1 ? `, ${crasher.inputs.length} inputs together` : ''
    process.stdout.write(
      `  round ${crasher.round}: ${crasher.message}\n    ${length} bytes${together}${crasher.isAlone ? '' : ', only after what came before'}: ${folder}\n`,
    )
  }
}

await (isMainThread ? main() : work(workerData as Job))
