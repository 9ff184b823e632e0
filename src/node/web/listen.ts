/** A server → one that listens at an address of this machine; resolves to its port. Throws a WebServerError. */
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebServerError, whyNotListening } from './listen-errors.ts'

/** `portHint`: what to do when the port is in use. */
export function listen(server: Server, host: string, port: number, portHint = ''): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) =>
      reject(new WebServerError(whyNotListening(error, host, port, portHint), { cause: error })),
    )
    server.listen({ host, port, exclusive: true }, () => {
      server.removeAllListeners('error')
      // A socket that fails is its client's loss.
      server.on('error', () => {})
      resolve((server.address() as AddressInfo).port)
    })
  })
}
