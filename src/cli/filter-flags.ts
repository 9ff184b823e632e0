/** `--filter`: which frames count. What it says is compiled only when it is given. */
import { Flags } from '@oclif/core'
import type { CompiledFilter } from '../filter/compiled-filter.ts'
import { parseLocalNetworks } from '../names/local-networks.ts'
import { parseFlag } from './parse-flag.ts'

export const localFlag = Flags.string({
  helpValue: 'NET,…',
  helpGroup: 'WHAT TO COUNT',
  summary:
    'Networks that are ours, for --by direction (up, down, inside, outside) and --exclude-local: 192.168.0.0/16,2001:db8::/32. Default: private, loopback and link-local addresses.',
})

export const filterFlags = {
  filter: Flags.string({
    char: 'f',
    helpValue: 'FILTER',
    helpGroup: 'WHAT TO COUNT',
    summary:
      "Only frames that the filter takes, in tcpdump's language: 'host 10.0.0.1 and port 443', 'tcp[tcpflags] & tcp-syn != 0'.",
  }),
  only: Flags.string({
    helpValue: 'KIND,…',
    helpGroup: 'WHAT TO COUNT',
    summary:
      'Only frames of which source or destination is of a kind: public, private, localhost, link-local, multicast, broadcast, carrier-nat, documentation, reserved, unspecified.',
  }),
  'exclude-local': Flags.boolean({
    helpGroup: 'WHAT TO COUNT',
    summary:
      'Leave out what stays here: both ends private, loopback or link-local (or of --local), or a broadcast or multicast from there; frames without IP.',
  }),
  local: localFlag,
}

/** What `--only` and `--exclude-local` say; undefined when neither is given. */
export async function compileEndsFlags(flags: {
  readonly only?: string | undefined
  readonly 'exclude-local': boolean
  readonly local?: string | undefined
}): Promise<Uint32Array<ArrayBuffer> | undefined> {
  if (flags.only === undefined && !flags['exclude-local']) return undefined
  const { compileEnds, parseAddressKinds } = await import('../names/address-kinds.ts')
  const only = parseFlag('only', flags.only, parseAddressKinds) ?? null
  const networks = parseFlag('local', flags.local, parseLocalNetworks)?.networks ?? null
  return compileEnds({ only, excludeLocal: flags['exclude-local'], networks })
}

/** Throws a FilterError, which says where in the text it is wrong. */
export async function compileFilterFlag(text: string | undefined): Promise<CompiledFilter | undefined> {
  if (text === undefined) return undefined
  const { compileFilter } = await import('../filter/compile-filter.ts')
  return compileFilter(text)
}
