/** What the page and its worker say to each other. Every question has a number, which its answers repeat. */
import type { Units } from '../src/loggers/units.ts'
import type { ReportData } from '../src/report/report-data.ts'

export interface Choices {
  /** As --by takes it. */
  readonly by: string
  /** In tcpdump's language; empty for all frames. */
  readonly filter: string
  /** Of the saved JSON and CSV, and of the curves where there are not too many; null for one summary. */
  readonly windowNs: bigint | null
  /** Names of hosts and ports. */
  readonly names: boolean
  readonly units: Units
}

export type SavedFormat = 'html' | 'json' | 'csv'

export type Question =
  | { readonly type: 'open'; readonly id: number; readonly files: readonly File[]; readonly choices: Choices }
  | { readonly type: 'choose'; readonly id: number; readonly choices: Choices }
  | { readonly type: 'save'; readonly id: number; readonly choices: Choices; readonly format: SavedFormat }
  /** Ends what is read. */
  | { readonly type: 'cancel'; readonly id: number }

/** Why a file is read that was read before. */
export type Reason = 'filter' | 'keys' | 'window' | 'flows'

export interface ReadFacts {
  /** Stored bytes that were read for the answer; 0: it was known. */
  readonly bytes: number
  readonly milliseconds: number
  /** Null for the first reading, and when nothing was read. */
  readonly reason: Reason | null
}

export type Answer =
  | {
      readonly type: 'progress'
      readonly id: number
      /** Stored bytes, of all that will be read for the answer. */
      readonly bytes: number
      readonly of: number
      readonly reason: Reason | null
    }
  | {
      readonly type: 'report'
      readonly id: number
      readonly data: ReportData
      readonly read: ReadFacts
      /** What could not be read, and what else is to be minded. */
      readonly sentences: readonly string[]
      /** Windows of multiples of it are known; null when nothing is kept. */
      readonly stepNs: bigint | null
    }
  | {
      readonly type: 'saved'
      readonly id: number
      readonly name: string
      readonly blob: Blob
      readonly read: ReadFacts
    }
  /** `picture`: the filter, with carets under the place. */
  | { readonly type: 'failed'; readonly id: number; readonly message: string; readonly picture: string | null }
  | { readonly type: 'cancelled'; readonly id: number }
