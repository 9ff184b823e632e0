/** MPLS label stack entry → {@link MplsEntry}. */
import { MPLS_ENTRY_LEN } from '../mpls.ts'
import type { Header } from './header.ts'
import { readUnsigned32 } from './read-bytes.ts'

/** RFC 3032 §2.1: one entry of the stack. */
export interface MplsEntry extends Header<'mpls'> {
  readonly label: number
  /** Traffic class (RFC 5462). */
  readonly tc: number
  readonly bottomOfStack: boolean
  readonly ttl: number
}

export function readMplsEntry(at: number): MplsEntry {
  const entry = readUnsigned32(at)
  return {
    layer: 'mpls',
    offset: at,
    headerLength: MPLS_ENTRY_LEN,
    label: entry >>> 12,
    tc: (entry >>> 9) & 7,
    bottomOfStack: (entry & 0x100) !== 0,
    ttl: entry & 0xff,
  }
}
