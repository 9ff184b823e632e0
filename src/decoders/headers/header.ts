/** What the typed headers have in common. */
import type { LayerName } from '../layer-names.ts'

/** A header, whatever its protocol. */
export interface Header<Name extends LayerName> {
  /** Which protocol it is of. */
  readonly layer: Name
  /** Where the header starts, from the start of the frame. */
  readonly offset: number
  /** Bytes of the header with its options. */
  readonly headerLength: number
}
