/** A capture that cannot start → the lines under its message: what was probably meant, and what mends it here. */
import { nearNames } from '../names/near-names.ts'
import type { CaptureError } from '../node/capture-errors.ts'
import { findCaptureTools } from '../node/capture-tool.ts'
import { listInterfaces } from '../node/interfaces.ts'
import { detectSystem } from '../node/system.ts'
import { adviseOn, formatAdvice } from './capture-advice.ts'

export async function explainCaptureError(error: CaptureError): Promise<string[]> {
  const lines = adviseOn(error, detectSystem(), findCaptureTools()[0]?.name).map(formatAdvice)
  if (error.kind !== 'no-such-interface' || error.subject === null) return lines
  const names = (await listInterfaces()).filter(({ kind }) => kind !== 'pseudo').map(({ name }) => name)
  const near = nearNames(error.subject, names)
  return near.length === 0 ? lines : [`did you mean ${near.join(' or ')}?`, ...lines]
}
