/** What --anonymize does to what a command prints. Imported when it is asked for: the ciphers take some 20 ms. */

import { Anonymizer } from '../anonymize/anonymizer.ts'
import { type AnonymousNames, createAnonymousNames } from '../anonymize/anonymous-names.ts'
import type { CheckReport } from '../check/finding.ts'
import { formatAddress } from '../decoders/address-text.ts'
import type { DiffReport } from '../engine/diff-rows.ts'
import type { AnalysisRecord, CaptureRecord } from '../engine/records.ts'
import { addressOctets } from '../names/address-octets.ts'
import type { EndpointNamer } from '../names/endpoint-names.ts'
import { anonymizeCapture, anonymizeCheck, anonymizeDiff, anonymizeRecords } from '../pipeline/anonymize-records.ts'

export interface Hiding {
  readonly anonymizer: Anonymizer
  names(real: Pick<EndpointNamer, 'describe'>): AnonymousNames
  records(records: AsyncIterable<AnalysisRecord>): AsyncIterable<AnalysisRecord>
  capture(capture: CaptureRecord): CaptureRecord
  check(report: CheckReport): CheckReport
  diff(report: DiffReport): DiffReport
  /** The text of an IP address. */
  address(text: string): string
}

export function createHiding(key: Uint8Array, keepVendor: boolean): Hiding {
  const anonymizer = new Anonymizer(key, { keepVendor })
  return {
    anonymizer,
    names: (real) => createAnonymousNames(real, anonymizer),
    records: (records) => anonymizeRecords(records, anonymizer),
    capture: (capture) => anonymizeCapture(capture, anonymizer),
    check: (report) => anonymizeCheck(report, anonymizer),
    diff: anonymizeDiff,
    address(text) {
      const octets = addressOctets(text)
      return octets === null ? '' : formatAddress(anonymizer.address(Uint8Array.from(octets)))
    },
  }
}
