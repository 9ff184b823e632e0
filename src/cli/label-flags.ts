/** Flags that add names and places to rows, and what they open. Nothing of it is loaded unless it is asked for. */
import { Flags, type Interfaces } from '@oclif/core'
import { KEY_ICMP } from '../abi/key-fields.ts'
import type { Grouping } from '../engine/grouping.ts'
import type { ExtraColumn, KeyColumn } from '../engine/records.ts'
import type { RowLabels } from '../pipeline/row-labels.ts'
import { usageError } from './exit-codes.ts'

const NAMES = 'NAMES AND PLACES'

export const labelFlags = {
  services: Flags.boolean({
    allowNo: true,
    helpGroup: NAMES,
    summary:
      'Names of ports, by the IANA registry. Default: with --by service, unless -n; elsewhere only when asked for.',
  }),
  vendors: Flags.boolean({
    helpGroup: NAMES,
    summary: 'Who made the interface of each MAC address shown, by the IEEE registries.',
  }),
  geoip: Flags.string({
    multiple: true,
    helpValue: 'FILE',
    helpGroup: NAMES,
    summary:
      'Country and AS of each IP address shown, from an MMDB file (MaxMind, DB-IP, IPinfo…). Several: one after the other.',
  }),
  'community-id': Flags.boolean({
    helpGroup: NAMES,
    summary:
      'Community ID (version 1) of each flow or conversation. ICMP has its type and code in place of ports then.',
  }),
}

export type LabelFlags = Pick<Interfaces.InferredFlags<typeof labelFlags>, keyof typeof labelFlags>

export interface LabelChoice {
  readonly columns: readonly KeyColumn[]
  /** Numbers only (-n): what is shown by default is not. */
  readonly numeric: boolean
  /** Columns that rows have without labels. */
  readonly measured: readonly ExtraColumn[]
  readonly isZeek: boolean
}

/** The grouping with what the labels need to know of each flow. */
export function groupingForLabels(grouping: Grouping, flags: LabelFlags): Grouping {
  return flags['community-id'] ? { ...grouping, keyFields: grouping.keyFields | KEY_ICMP } : grouping
}

/** What adds columns to the rows, in the order of the columns. Throws in the user's terms where rows have nothing to look up. */
export async function openLabels(
  flags: LabelFlags,
  { columns, measured, numeric, isZeek }: LabelChoice,
): Promise<RowLabels[]> {
  const services = flags.services ?? (columns.includes('port') && !numeric)
  const { vendors, geoip, 'community-id': community } = flags
  if (!services && !vendors && geoip === undefined && !community) return []
  const labels = await import('../pipeline/row-labels.ts')
  const opened: RowLabels[] = []
  const add = (flag: string, label: RowLabels | null, needs: string) => {
    if (label === null) throw usageError(`--${flag}: needs rows with ${needs}`)
    opened.push(label)
  }
  if (services) {
    const { parseServices } = await import('../names/services.ts')
    const { readServices } = await import('../node/name-files.ts')
    const label = labels.serviceLabels(columns, parseServices(readServices()))
    add('services', label, 'ports: --by service, flow or conversation')
  }
  if (vendors) {
    const { createVendors } = await import('../names/vendors.ts')
    const { readVendors } = await import('../node/name-files.ts')
    const label = labels.vendorLabels(columns, createVendors(readVendors()))
    add('vendors', label, 'addresses: --by mac, pair, src, dst or host')
  }
  if (geoip !== undefined) {
    const { openGeo } = await import('./open-geo.ts')
    add('geoip', labels.geoLabels(columns, openGeo(geoip)), 'addresses: --by pair, flow, src, dst or host')
  }
  if (community) {
    add('community-id', labels.communityLabels(columns), 'both addresses and both ports: --by flow or conversation')
  }
  if (isZeek) opened.push(labels.uidLabels(columns, measured))
  return opened
}
