import { BaseCommand } from '../cli/base-command.ts'
import { startCountdown } from '../cli/countdown.ts'
import { EXIT_RUNTIME_ERROR } from '../cli/exit-codes.ts'
import { interruptSignal } from '../cli/interrupt.ts'
import { trafficFlags, trafficOptionsOf } from '../cli/traffic-flags.ts'
import { trafficJson, trafficText } from '../cli/traffic-text.ts'
import { openStdout } from '../node/output.ts'
import { makeTraffic, type TrafficOptions } from '../node/traffic/make-traffic.ts'

export default class Traffic extends BaseCommand {
  static override summary = 'Make a known amount of traffic, to see what a capture makes of it.'

  static override description =
    `UDP at a known rate, HTTP requests, a download and ping, all at once, over IPv4 and IPv6.
They run between a server of its own and a client on the loopback interface, or to the hosts and URLs that you name.
The report says how much was sent: UDP and ping to the frame and byte that a capture on loopback shows, TCP to the byte
of payload (a busy system may send some of it again).

Exit codes: 0 ok (also after one Ctrl-C), 1 runtime error or a stream that failed, 2 usage.`

  static override examples = [
    { description: 'Ten seconds on loopback', command: '<%= config.bin %> <%= command.id %>' },
    {
      description: 'A minute at 20 Mbit/s a stream',
      command: '<%= config.bin %> <%= command.id %> --duration 1m --rate 20M',
    },
    {
      description: 'Through the network card',
      command: '<%= config.bin %> <%= command.id %> --ping example.com --url https://example.com/',
    },
  ]

  static override flags = trafficFlags

  override async run(): Promise<void> {
    const { flags } = await this.parse(Traffic)
    const options = trafficOptionsOf(flags)
    const output = openStdout()
    if (!flags.quiet) this.complain(announcement(options))
    const countdown = flags.quiet ? null : startCountdown('traffic', options.durationMs)
    const report = await makeTraffic({ ...options, interrupt: interruptSignal() }).finally(() => countdown?.stop())
    await output.write(flags.format === 'json' ? trafficJson(report) : trafficText(report))
    await output.finish()
    if (report.streams.some(({ fault }) => fault !== null)) process.exitCode = EXIT_RUNTIME_ERROR
  }
}

function announcement({ pings, urls, durationMs }: TrafficOptions): string {
  const targets = [...pings, ...urls]
  const where = targets.length === 0 ? 'on the loopback interface' : `to ${targets.join(', ')}`
  return `making traffic ${where} for ${durationMs / 1000} s; Ctrl-C ends it`
}
