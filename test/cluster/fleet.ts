/** A fleet for a test: a Redis of its own on a free port, with its files in a folder that goes, and workers as processes. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { resultOf, startNetkit } from '../support/netkit-process.ts'

export interface RedisServer {
  readonly url: string
  /** One command through redis-cli: its output. */
  ask(...words: string[]): string
  /** It keeps its connections and answers nothing, or goes on. */
  signal(name: 'SIGSTOP' | 'SIGCONT'): void
  stop(): Promise<void>
  start(): Promise<void>
}

export async function startRedis(folder: string, password = 'geheim'): Promise<RedisServer> {
  let port = String(await freePort())
  let server: ChildProcess | null = null
  const redis: RedisServer = {
    get url() {
      return `redis://:${password}@127.0.0.1:${port}`
    },
    ask: (...words) =>
      execFileSync('redis-cli', ['-h', '127.0.0.1', '-p', port, '--no-auth-warning', '-a', password, ...words], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim(),
    async start() {
      const given = ['--port', port, '--bind', '127.0.0.1', '--dir', folder, '--requirepass', password]
      server = spawn('redis-server', [...given, '--appendonly', 'yes', '--save', ''], { stdio: 'ignore' })
      await until(() => server!.exitCode !== null || answers(redis))
      if (server.exitCode !== null) throw new Error(`redis-server does not start on port ${port}`)
    },
    signal: (name) => void server?.kill(name),
    async stop() {
      if (server === null || server.exitCode !== null) return
      server.kill('SIGTERM')
      await once(server, 'exit')
    },
  }
  // Somebody else may have taken the port meanwhile.
  for (let tries = 1; ; tries++) {
    try {
      await redis.start()
      return redis
    } catch (error) {
      if (tries === 3) throw error
      port = String(await freePort())
    }
  }
}

function answers(redis: RedisServer): boolean {
  try {
    return redis.ask('PING') === 'PONG'
  } catch {
    return false
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { readonly port: number }
  server.close()
  return port
}

/** Waits, for half a minute at the most. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 30_000
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error('it did not come to pass')
    await setTimeout(20)
  }
}

export interface FleetWorker {
  readonly child: ChildProcess
  said(): string
}

/** When it is ready. */
export async function startWorker(url: string, args: readonly string[] = ['--jobs', '1']): Promise<FleetWorker> {
  const child = startNetkit(['worker', ...args], { env: { NETKIT_CLUSTER: url } })
  let text = ''
  child.stderr!.setEncoding('utf8').on('data', (piece: string) => {
    text += piece
  })
  await until(() => text.includes('Ctrl-C ends it') || child.exitCode !== null)
  return { child, said: () => text }
}

export async function endAll(workers: readonly FleetWorker[]): Promise<void> {
  for (const { child } of workers) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
}

/** `analyze` with the fleet of `url`. */
export function analyzeShared(url: string, args: readonly string[]) {
  const child = startNetkit(['analyze', ...args], { env: { NETKIT_CLUSTER: url } })
  return { child, result: resultOf(child) }
}
