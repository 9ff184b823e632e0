/** A report for a browser that runs no scripts, and for whoever looks into the file: what `netkit analyze` prints. */
import { createTextLogger } from '../loggers/text.ts'
import type { ReportSource } from './create-report.ts'

const WIDTH = 120

export function reportText({ capture, units, tables }: Pick<ReportSource, 'capture' | 'units' | 'tables'>): string {
  const { analysis, span } = tables[0]!
  const logger = createTextLogger(analysis, { units, width: WIDTH })
  return [logger.begin(), ...logger.record(capture), ...logger.record(span), logger.end()].join('')
}
