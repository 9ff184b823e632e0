/** The address of a Redis or Valkey → a connection that is there, or one sentence why not. */
import { Redis } from 'ioredis'
import { ClusterError, redactText, redactUrl } from './cluster-error.ts'

/** A person waits for the first answer. */
const CONNECT_MS = 5000
/** Between two tries to come back, at the most. */
const MOST_RETRY_MS = 2000

export interface Connections {
  /** For commands; ends with {@link close}. */
  readonly redis: Redis
  /** One more, for commands that block. */
  another(): Redis
  /** As it may be shown. */
  readonly address: string
  /** Since when nobody has answered; null: it is there. */
  lostSince(): number | null
  close(): void
}

export interface ConnectionEvents {
  lost(reason: string): void
  back(): void
}

/** `url` is redis: or rediss:. Tries once, so that a wrong address is told at once; what is lost later is waited for. */
export async function connectRedis(url: string, events: ConnectionEvents): Promise<Connections> {
  const address = redactUrl(url)
  await tryOnce(url, address)
  const open = new Set<Redis>()
  let lostAt: number | null = null
  const connect = () => {
    const redis = new Redis(url, {
      // BullMQ wants it so: commands wait for the connection rather than fail.
      maxRetriesPerRequest: null,
      retryStrategy: (tries) => Math.min(100 * 2 ** Math.min(tries, 8), MOST_RETRY_MS),
      connectTimeout: CONNECT_MS,
    })
    open.add(redis)
    return redis
  }
  const redis = connect()
  let reason = 'the connection was closed'
  // One event a try, of which the first is told; no handler at all would end the process.
  redis.on('error', (error: Error) => {
    reason = redactText(error.message || reasonOf(error), url)
  })
  redis.on('close', () => {
    if (lostAt !== null) return
    lostAt = Date.now()
    events.lost(reason)
  })
  redis.on('ready', () => {
    if (lostAt === null) return
    lostAt = null
    events.back()
  })
  return {
    redis,
    another() {
      const other = connect()
      other.on('error', () => {})
      return other
    },
    address,
    lostSince: () => lostAt,
    close() {
      redis.removeAllListeners('close')
      for (const one of open) one.disconnect()
    },
  }
}

async function tryOnce(url: string, address: string): Promise<void> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: CONNECT_MS,
    commandTimeout: CONNECT_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  })
  let why: Error | null = null
  redis.on('error', (error: Error) => {
    why = error
  })
  try {
    await redis.connect()
    await redis.ping()
  } catch (error) {
    const cause = why ?? (error as Error)
    throw new ClusterError(`no Redis at ${address}: ${redactText(cause.message || reasonOf(cause), url)}`)
  } finally {
    redis.disconnect()
  }
}

/** Several addresses of one host fail together, without a message. */
function reasonOf(error: Error): string {
  const { errors } = error as { readonly errors?: readonly Error[] }
  return errors?.[0]?.message ?? (error as NodeJS.ErrnoException).code ?? 'no answer'
}
