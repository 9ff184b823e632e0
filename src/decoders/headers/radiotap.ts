/** The fixed part of a radiotap header → {@link RadiotapHeader}. The fields that it announces are not read. */
import { read8, readLittle16, readLittle32 } from '../bytes.ts'
import { LENGTH, PRESENT, RADIOTAP_MIN_HEADER_LEN, VERSION } from '../radiotap.ts'
import type { Header } from './header.ts'

/** radiotap.org: the fixed part. */
export interface RadiotapHeader extends Header<'radiotap'> {
  readonly version: number
  /** Bits of the fields that follow; null in a header too short to say. */
  readonly present: number | null
}

export function readRadiotapHeader(at: number): RadiotapHeader {
  const headerLength = readLittle16(at + LENGTH)
  return {
    layer: 'radiotap',
    offset: at,
    headerLength,
    version: read8(at + VERSION),
    present: headerLength < RADIOTAP_MIN_HEADER_LEN ? null : readLittle32(at + PRESENT) >>> 0,
  }
}
