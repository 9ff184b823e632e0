/** Running captures in tests: read to the end, or started by a process that can be killed or made powerless. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import type { CaptureInterface } from '../../src/capture/parser.ts'
import { Parser } from '../../src/capture/parser.ts'
import type { Source } from '../../src/capture/source.ts'
import { loadCaptureModule } from '../../src/node/wasm-module.ts'
import { builtModule } from './built-module.ts'
import { projectFolder } from './captures.ts'

export interface Reading {
  readonly frames: number
  readonly bytes: number
  readonly interfaces: readonly CaptureInterface[]
  /** What the parser had to say about the end. */
  readonly fault: string | null
}

export async function readFrames(source: Source): Promise<Reading> {
  const parser = new Parser(loadCaptureModule(), { keyFields: 0 })
  const stream = parser.open(source)
  let frames = 0
  let bytes = 0
  for (let batch = await stream.next(); batch !== null; batch = await stream.next()) {
    frames += batch.count
    for (let i = 0; i < batch.count; i++) bytes += batch.origlen[i]!
  }
  const reading = { frames, bytes, interfaces: parser.interfaces(), fault: stream.fault?.message ?? null }
  await parser.close(stream)
  return reading
}

/** The kernel holds frames back for up to 250 ms; what is sent now has been handed over after this, on a busy machine too. */
export const drained = () => sleep(600)

/**
 * A Node process that runs `script` on the built modules (as `capture`, `command`) and prints lines; gives its first line.
 * It goes on running. `namespace`: a network namespace to run in.
 */
export async function startOther(script: string, namespace?: string): Promise<{ child: ChildProcess; line: string }> {
  const built = async (name: string) =>
    `await import(${JSON.stringify(pathToFileURL(await builtModule(`node/${name}.ts`)))})`
  const text = `
    const capture = ${await built('capture-child')}
    const command = ${await built('command-source')}
    setInterval(() => {}, 1000)
    ${script}`
  const command = [process.execPath, '--input-type=module', '-e', text]
  if (namespace !== undefined) command.unshift('ip', 'netns', 'exec', namespace)
  const child = spawn(command[0]!, command.slice(1), { cwd: projectFolder, stdio: ['ignore', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout! })
  const [line] = await Promise.race([once(lines, 'line'), once(lines, 'close').then(() => ['nothing was printed'])])
  return { child, line: line as string }
}

/** Waits until `condition` holds, no longer than `most` ms; says whether it does. */
export async function eventually(condition: () => boolean, most = 3000): Promise<boolean> {
  for (const end = Date.now() + most; Date.now() < end; await sleep(50)) if (condition()) return true
  return condition()
}
