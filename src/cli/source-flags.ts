/** The flags that say where a running capture comes from: those of `netkit live` and `netkit log`. */
import { Flags } from '@oclif/core'
import { analyzeFlags } from './analyze-flags.ts'

const helpGroup = 'SOURCE'

export const sourceFlags = {
  interface: Flags.string({
    char: 'i',
    multiple: true,
    helpValue: 'IFACE',
    helpGroup,
    summary: 'Capture on IFACE, by its name or number in netkit interfaces; may be given several times.',
    exclusive: ['read'],
  }),
  filter: Flags.string({
    char: 'f',
    helpValue: 'FILTER',
    helpGroup,
    summary:
      "Only frames that the filter takes, in tcpdump's language: 'udp port 53', 'not port 22'. A capture that netkit starts is started with it.",
  }),
  snaplen: Flags.string({
    char: 's',
    helpValue: 'N',
    helpGroup,
    summary: 'Keep at most N bytes of a frame. Lengths and rates are those of whole frames all the same.',
  }),
  ssh: Flags.string({
    helpValue: 'HOST',
    helpGroup,
    summary: 'Capture on HOST with its tcpdump, through ssh.',
    exclusive: ['read', 'cmd', 'follow'],
  }),
  cmd: Flags.string({
    helpValue: 'COMMAND',
    helpGroup,
    summary: 'Read the output of a shell command that writes pcap or pcapng.',
    exclusive: ['read', 'interface', 'follow'],
  }),
  follow: Flags.string({
    helpValue: 'FILE',
    helpGroup,
    summary: 'Read a capture file that grows or is rotated.',
    exclusive: ['read', 'interface', 'cmd'],
  }),
  duration: Flags.string({
    helpValue: '10|1m',
    helpGroup,
    summary: 'Stop capturing after this time.',
    exclusive: ['read'],
  }),
  count: analyzeFlags.count,
}
