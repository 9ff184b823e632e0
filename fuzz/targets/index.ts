import type { Seeds } from '../seeds.ts'
import type { Target } from '../target.ts'
import { anonymizeTarget } from './anonymize.ts'
import { decodersTarget } from './decoders.ts'
import { decompressTarget } from './decompress.ts'
import { filterTarget } from './filter.ts'
import { jobsTarget } from './jobs.ts'
import { namesTarget } from './names.ts'
import { parserTarget } from './parser.ts'
import { salvageTarget } from './salvage.ts'
import { sightingsTarget } from './sightings.ts'
import { tcpTarget } from './tcp.ts'

/** By name. The order is that of a run without `--target`. */
export const TARGETS: Readonly<Record<string, (seeds: Seeds) => Target | Promise<Target>>> = {
  parser: parserTarget,
  jobs: jobsTarget,
  salvage: salvageTarget,
  tcp: tcpTarget,
  filter: filterTarget,
  decoders: decodersTarget,
  anonymize: anonymizeTarget,
  decompress: decompressTarget,
  names: namesTarget,
  sightings: sightingsTarget,
}
