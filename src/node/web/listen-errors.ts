/** What node:net says when it cannot listen → one sentence. Apart from the server, so that commands know the error without loading that. */
import { reasonOf } from '../system-error.ts'

export class WebServerError extends Error {
  override readonly name = 'WebServerError'
}

export function whyNotListening(error: unknown, host: string, port: number, portHint: string): string {
  const { code } = error as NodeJS.ErrnoException
  const cannot = `cannot listen on ${authorityOf(host, port)}`
  switch (code) {
    case 'EADDRINUSE':
      return `${cannot}: the port is in use${portHint}`
    case 'EACCES':
      return `${cannot}: ports below 1024 are not for everybody`
    case 'EADDRNOTAVAIL':
      return `${cannot}: no interface of this machine has that address`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${cannot}: there is no such address`
    default:
      return `${cannot}: ${reasonOf(error)}`
  }
}

/** `127.0.0.1:80`, `[::1]:80`. */
export function authorityOf(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
