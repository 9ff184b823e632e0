/** The flags that say which names stand beside addresses, and the book that they are looked up in. */
import { Flags, type Interfaces } from '@oclif/core'
import ipaddr from 'ipaddr.js'
import { SourceUnavailable } from '../capture/source.ts'
import { isWorthAsking } from '../names/askable-labels.ts'
import { labelAddress } from '../names/labels.ts'
import { NameBook } from '../names/name-book.ts'
import { HOSTS_FILE, readHosts } from '../node/hosts.ts'
import { usageError } from './exit-codes.ts'

const helpGroup = 'NAMES AND PLACES'

export const nameFlags = {
  numeric: Flags.boolean({
    char: 'n',
    exclusive: ['resolve', 'hosts'],
    helpGroup,
    summary: 'Numbers only: no names of hosts, from wherever.',
  }),
  hosts: Flags.string({
    helpValue: 'FILE',
    helpGroup,
    summary: `Names for addresses that the capture has none for. Default: ${HOSTS_FILE}.`,
  }),
  'no-hosts': Flags.boolean({
    exclusive: ['hosts'],
    helpGroup,
    summary: "No names from this machine's list of hosts.",
  }),
}

export type NameFlags = Pick<Interfaces.InferredFlags<typeof nameFlags>, keyof typeof nameFlags>

/** Undefined where no names are asked for. */
export function openNameBook({ numeric, hosts, 'no-hosts': noHosts }: NameFlags): NameBook | undefined {
  if (numeric) return undefined
  const book = new NameBook()
  if (noHosts || hosts === '') return book
  try {
    // Every machine has its own names for the addresses that every machine has.
    readHosts(hosts ?? HOSTS_FILE, (address, name) => {
      if (isWorthAsking(labelAddress(address))) book.addHost(address, name)
    })
  } catch (error) {
    if (!(error instanceof SourceUnavailable)) throw error
    if (hosts !== undefined) throw usageError(`--hosts: ${error.message}`)
  }
  return book
}

/** What is told when a capture holds more names than the book; null when it does not. */
export function fullBookSentence(book: NameBook | undefined): string | null {
  return book?.isFull
    ? `the capture holds more than ${book.size} names of addresses: those that came later were left out`
    : null
}

/** For loggers: how many other names an address has beside the one that is shown. */
export function otherNamesIn(book: NameBook | undefined): ((address: string) => number) | undefined {
  if (book === undefined) return undefined
  return (address) => (ipaddr.isValid(address) ? book.others(Uint8Array.from(ipaddr.parse(address).toByteArray())) : 0)
}
