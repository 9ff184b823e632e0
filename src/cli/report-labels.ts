/** Further columns of a report's tables: names of ports, and vendors and places of addresses, where a table has any of these. */
import type { KeyColumn } from '../engine/records.ts'
import type { RowLabels } from '../pipeline/row-labels.ts'

export interface ReportLabelFlags {
  readonly numeric: boolean
  readonly vendors: boolean
  readonly geoip?: string[] | undefined
}

/** As analyze has them for each of the tables. */
export async function openReportLabels(
  flags: ReportLabelFlags,
): Promise<(columns: readonly KeyColumn[]) => readonly RowLabels[]> {
  const labels = await import('../pipeline/row-labels.ts')
  const { parseServices } = await import('../names/services.ts')
  const { readServices, readVendors } = await import('../node/name-files.ts')
  const services = flags.numeric ? null : parseServices(readServices())
  const vendors = flags.vendors ? (await import('../names/vendors.ts')).createVendors(readVendors()) : null
  const geo = flags.geoip === undefined ? null : (await import('./open-geo.ts')).openGeo(flags.geoip)
  return (columns) =>
    [
      services !== null && columns.includes('port') ? labels.serviceLabels(columns, services) : null,
      vendors === null ? null : labels.vendorLabels(columns, vendors),
      geo === null ? null : labels.geoLabels(columns, geo),
    ].filter((label) => label !== null)
}
