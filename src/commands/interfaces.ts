import { Flags } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.ts'
import { isTerminal, terminalStyle } from '../cli/terminal.ts'
import { columnLines } from '../loggers/columns.ts'
import { jsonText } from '../loggers/json-text.ts'
import { printable } from '../loggers/printable.ts'
import { linktypeName } from '../names/linktypes.ts'
import { defaultInterface, type InterfaceInfo, listInterfaces } from '../node/interfaces.ts'
import { openOutput } from '../node/output.ts'

const HEADER = ['', 'Name', 'State', 'Kind', 'Link type', 'Addresses']

export default class Interfaces extends BaseCommand {
  static override summary = 'The network interfaces of this machine, by number and name.'

  static override description =
    `Numbers are those of dumpcap -D. "default" is where the default route leads: the interface
that netkit live takes when none is named. Needs no permission to capture; netkit doctor tries them.`

  static override flags = {
    all: Flags.boolean({
      char: 'a',
      summary: 'Show also what is no network interface: logs of netfilter, monitors of USB, Bluetooth, D-Bus.',
    }),
    format: Flags.option({ char: 'T', options: ['text', 'json', 'names'] as const })({
      default: 'text',
      summary: 'Output format; names: one a line.',
    }),
  }

  override async run(): Promise<void> {
    const { flags } = await this.parse(Interfaces)
    const [all, preferred] = await Promise.all([listInterfaces(), defaultInterface()])
    const shown = flags.all ? all : all.filter(({ kind }) => kind !== 'pseudo')
    const output = await openOutput(undefined, [])
    const write = { text: textOf, json: jsonOf, names: namesOf }[flags.format]
    await output.write(write(shown, preferred))
    await output.finish()
  }
}

function jsonOf(interfaces: readonly InterfaceInfo[], preferred: string | null): string {
  const rows = interfaces.map(({ linktype, friendlyName, ...rest }) => ({
    ...rest,
    friendly_name: friendlyName,
    linktype,
    linktype_name: linktype === null ? null : linktypeName(linktype),
    default: isPreferred(rest.name, friendlyName, preferred),
  }))
  return `${jsonText(rows, 2)}\n`
}

function namesOf(interfaces: readonly InterfaceInfo[]): string {
  // Programs get them as they are.
  const shown = isTerminal(undefined) ? printable : (name: string) => name
  return interfaces.map(({ name }) => `${shown(name)}\n`).join('')
}

function textOf(interfaces: readonly InterfaceInfo[], preferred: string | null): string {
  const { bold } = terminalStyle(undefined)
  const rows = interfaces.map((one) => {
    const friendly = one.friendlyName === null ? '' : ` (${one.friendlyName})`
    const state = one.up === null ? '?' : one.up ? 'up' : 'down'
    const isDefault = isPreferred(one.name, one.friendlyName, preferred)
    return [
      String(one.number).padStart(3),
      printable(one.name + friendly),
      isDefault ? `${state}, default` : state,
      one.kind,
      one.linktype === null ? '?' : linktypeName(one.linktype),
      one.addresses.join(' '),
    ]
  })
  const [header, ...lines] = columnLines([HEADER, ...rows])
  return [bold(header!), ...lines].map((line) => `${line}\n`).join('')
}

/** On Windows the system knows interfaces by their friendly names only. */
function isPreferred(name: string, friendlyName: string | null, preferred: string | null): boolean {
  return preferred !== null && (name === preferred || friendlyName === preferred)
}
