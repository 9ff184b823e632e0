/** An HTTP server on a loopback address that knows what TCP carried over its connections, in each direction. */
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

export interface TcpPayload {
  readonly toServer: number
  readonly toClient: number
}

export interface CountingServer {
  readonly port: number
  /** Waits for the connections to end, and ends those that do not. */
  close(): Promise<TcpPayload>
}

/** Longest wait for connections that clients have left. */
const CLOSE_MS = 1000

export async function startCountingServer(address: string, answer: RequestListener): Promise<CountingServer> {
  const server = createServer(answer)
  let toServer = 0
  let toClient = 0
  // Each says what it carried when it ends, and the server says that it is closed before the last of them does.
  const ends = new Set<Promise<void>>()
  server.on('connection', (socket: Socket) => {
    const end = new Promise<void>((resolve) => socket.on('close', resolve)).then(() => {
      toServer += socket.bytesRead
      toClient += socket.bytesWritten
      ends.delete(end)
    })
    ends.add(end)
  })
  server.listen(0, address)
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = once(server, 'close')
      server.close()
      const impatient = setTimeout(() => server.closeAllConnections(), CLOSE_MS)
      await closed
      clearTimeout(impatient)
      await Promise.all(ends)
      return { toServer, toClient }
    },
  }
}

/** `http://127.0.0.1:8080/page`, `http://[::1]:8080/page`. */
export function urlOf(address: string, port: number, path: string): string {
  return `http://${address.includes(':') ? `[${address}]` : address}:${port}${path}`
}
