/** The flags of what serves a page (`live --web`, `netkit web`), and how it is started for them. */
import { Flags } from '@oclif/core'
import { WebServerError } from '../node/web/listen-errors.ts'
import type { WebServer, WebServerOptions } from '../node/web/server.ts'
import { CommandError, EXIT_RUNTIME_ERROR } from './exit-codes.ts'
import { parseCount, parseFlag } from './parse-flag.ts'

const PAGE = 'PAGE'
const HIGHEST_PORT = 65_535

const port = { helpValue: '8080', helpGroup: PAGE, summary: 'Port of the page. Default: any that is free.' }
const host = {
  helpValue: 'ADDR',
  helpGroup: PAGE,
  summary: 'Serve the page on this address, not on 127.0.0.1: others can reach it then.',
}
const open = {
  helpGroup: PAGE,
  allowNo: true,
  summary: 'Open a browser. Default: where there is a terminal and a display.',
} as const

/** Of a command that always serves one. */
export const serverFlags = {
  port: Flags.string(port),
  host: Flags.string(host),
  open: Flags.boolean(open),
}

/** Of live, which does when it is asked to. */
export const livePageFlags = {
  web: Flags.boolean({
    helpGroup: PAGE,
    summary: 'A page in the browser in place of rows: the view of a report, each second, of the last 10 minutes.',
    exclusive: ['window', 'detailed', 'format', 'output', 'plain'],
  }),
  port: Flags.string({ ...port, dependsOn: ['web'] }),
  host: Flags.string({ ...host, dependsOn: ['web'] }),
  open: Flags.boolean({ ...open, dependsOn: ['web'] }),
}

export interface ServerFlags {
  readonly port?: string | undefined
  readonly host?: string | undefined
  /** Undefined: where somebody can see it. */
  readonly open?: boolean | undefined
}

/**
 * Starts the server and opens the browser. `say` gets sentences for stderr: the address, and a warning when others can reach it.
 * A port in use is a runtime error.
 */
export async function serve(
  flags: ServerFlags,
  options: Omit<WebServerOptions, 'host' | 'port'>,
  say: (sentence: string) => void,
): Promise<WebServer> {
  const port = parseFlag('port', flags.port, (text) => {
    const number = parseCount(text, 0)
    if (number > HIGHEST_PORT) throw new Error(`'${text}' is not a port`)
    return number
  })
  const { startWebServer } = await import('../node/web/server.ts')
  const { isLoopback } = await import('../node/web/host-header.ts')
  const server = await startWebServer({ ...options, host: flags.host, port }).catch((error: unknown) => {
    if (error instanceof WebServerError) throw new CommandError(error.message, EXIT_RUNTIME_ERROR)
    throw error
  })
  if (flags.host !== undefined && !isLoopback(flags.host)) {
    const who = options.token ? 'everybody who has the address below' : 'everybody who can reach this machine'
    say(`${flags.host} is not loopback: ${who} can read the page, and it travels unencrypted`)
  }
  say(`the page is at ${server.url}`)
  if (flags.open !== false) {
    const { openBrowser } = await import('../node/web/open-browser.ts')
    openBrowser(server.linkOnce())
  }
  return server
}
