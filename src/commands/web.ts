import { BaseCommand } from '../cli/base-command.ts'
import { interruptSignal } from '../cli/interrupt.ts'
import { serve, serverFlags } from '../cli/web-flags.ts'
import { loadWebPage } from '../node/web-page.ts'

export default class Web extends BaseCommand {
  static override summary =
    'A page that reads captures in your browser: drop one on it, and see what netkit report shows.'

  static override description =
    `The page is served on this machine only, until Ctrl-C. Captures are read by the browser itself, with the same code as the command line;
no byte of them goes anywhere, not even to this server. The same files, in build/web of the package, work from any static host.

Exit codes: 0 ok, 1 runtime error (such as a port in use), 2 usage.`

  static override examples = [
    { description: 'Serve it and open the browser', command: '<%= config.bin %> <%= command.id %>' },
    {
      description: 'On a known port, for a browser that is open already',
      command: '<%= config.bin %> <%= command.id %> --port 8080 --no-open',
    },
  ]

  static override flags = serverFlags

  override async run(): Promise<void> {
    const { flags } = await this.parse(Web)
    const { assets, policy } = loadWebPage()
    const signal = interruptSignal()
    const server = await serve(flags, { token: false, policy, assets }, (sentence) => this.complain(sentence))
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
    await server.close()
  }
}
