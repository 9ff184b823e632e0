/** What scripts/build-web.js puts into the code: the module now, the rest when it is needed. */

import { contents as version } from 'netkit:version'
import { contents as wasm } from 'netkit:wasm'
import type { KeyColumn } from '../../src/engine/records.ts'
import { parseServices, type Services } from '../../src/names/services.ts'
import { type RowLabels, serviceLabels } from '../../src/pipeline/row-labels.ts'
import { bytesOf } from './closed-doors.ts'

export { version }

let compiled: WebAssembly.Module | null = null

export function captureModule(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(bytesOf(wasm))
  return compiled
}

export async function reportPage(): Promise<string> {
  return (await import('netkit:report-page')).contents
}

let services: Services | null = null

/** Names of ports, for tables that have one port in a row, as the command line has them unless it is told otherwise. */
export async function portLabels(): Promise<(columns: readonly KeyColumn[]) => readonly RowLabels[]> {
  services ??= parseServices((await import('netkit:services')).contents)
  const known = services
  return (columns) => {
    const labels = columns.includes('port') ? serviceLabels(columns, known) : null
    return labels === null ? [] : [labels]
  }
}

export const noLabels = () => []
