/** `netkit live --web` at work: where its page is, and how it ends. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { NETKIT, type Result, resultOf } from './netkit-process.ts'

export interface LivePage {
  readonly child: ChildProcessWithoutNullStreams
  readonly url: string
  readonly result: Promise<Result>
}

/** Resolves when the page is there. In a network namespace, or here. Its stdin is open: with `-` it is the capture. */
export async function startLivePage(args: readonly string[], namespace?: string): Promise<LivePage> {
  const command = [process.execPath, NETKIT, 'live', '--web', '--no-open', ...args]
  const [program, ...rest] = namespace === undefined ? command : ['ip', 'netns', 'exec', namespace, ...command]
  const child = spawn(program!, rest, { stdio: ['pipe', 'pipe', 'pipe'] })
  const result = resultOf(child)
  const url = await new Promise<string>((resolve, reject) => {
    let said = ''
    child.stderr.on('data', (text: string) => {
      said += text
      const match = /the page is at (\S+)/.exec(said)
      if (match !== null) resolve(match[1]!)
    })
    child.once('close', () => reject(new Error(`netkit live --web ended: ${said}`)))
  })
  return { child, url, result }
}

/** Whoever looks on and is no browser: a process that prints events as they come, or reads nothing. */
export const VIEWER = `
const [url, way] = process.argv.slice(1)
require('node:http').get(url + 'events', (response) => {
  if (way === 'stalled') response.pause()
  else response.pipe(process.stdout)
  response.on('close', () => process.exit())
})
`

/** What a viewer got, by event. */
export function eventsOf(text: string): { readonly event: string; readonly data: string }[] {
  return [...text.matchAll(/^event: (\w+)\ndata: (.*)\n\n/gm)].map(([, event, data]) => ({
    event: event!,
    data: data!,
  }))
}
