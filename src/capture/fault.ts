/** Why reading a capture ended early, in the field's terms. */
import * as code from '../abi/faults.ts'

export interface Fault {
  /**
   * `foreign`: not a capture at all. `cut`: it ends too early. `damaged`: its bytes contradict themselves. `unavailable`: the
   * bytes cannot be had (a device's error, a compression that needs more than there is); the message names the source.
   */
  readonly kind: 'foreign' | 'cut' | 'damaged' | 'unavailable'
  /** One clause: what is wrong, and at which byte of the capture (after decompression). */
  readonly message: string
  readonly offset: bigint
}

const hex = (value: bigint) => `0x${value.toString(16).padStart(8, '0')}`

/** Says a fault of the module in words. `a` and `b`: see src/abi/faults.ts. */
export function describeFault(fault: number, offset: bigint, a: bigint, b: bigint): Fault {
  const at = `at byte ${offset}`
  const cut = (message: string): Fault => ({ kind: 'cut', message, offset })
  const damaged = (message: string): Fault => ({ kind: 'damaged', message, offset })
  const foreign = (message: string): Fault => ({ kind: 'foreign', message, offset })
  switch (fault) {
    case code.FAULT_NOT_A_CAPTURE:
      if (b === 0n) return foreign('empty: there is not a single byte in it')
      if (b < 4n) return foreign(`not a capture: ${b} ${b === 1n ? 'byte' : 'bytes'} in all`)
      return foreign(`not a pcap or pcapng capture: it starts with ${hex(a)}`)
    case code.FAULT_PCAP_VERSION:
      return foreign(`pcap version ${a}.${b} is not known (2.x is)`)
    case code.FAULT_PCAPNG_VERSION:
      return damaged(`pcapng section ${at} has version ${a}.${b}, which is not known (1.x is)`)
    case code.FAULT_CUT_FILE_HEADER:
      return cut(`cut in the file header: ${a} of ${b} bytes`)
    case code.FAULT_CUT_RECORD_HEADER:
      return cut(`cut in the record header ${at}: ${a} of ${b} bytes`)
    case code.FAULT_CUT_PACKET:
      return cut(`cut in the packet ${at}: ${a} of ${b} bytes`)
    case code.FAULT_CUT_BLOCK:
      return cut(`cut in the block ${at}: ${a} of ${b} bytes`)
    case code.FAULT_RECORD_TOO_LONG:
      return damaged(`the record ${at} claims ${a} captured bytes (at most ${b} are plausible)`)
    case code.FAULT_BLOCK_LENGTH:
      return damaged(`the block ${at} has the impossible total length ${a}`)
    case code.FAULT_BLOCK_TOO_LONG:
      return damaged(`the block ${at} claims ${a} bytes (at most ${b} are plausible)`)
    case code.FAULT_BLOCK_TRAILER:
      return damaged(`the block ${at} has ${a} bytes by its header and ${b} by its end`)
    case code.FAULT_BLOCK_TOO_SHORT:
      return damaged(`the block of type ${a} ${at} has ${b} bytes, too few for its kind`)
    case code.FAULT_BYTE_ORDER_MAGIC:
      return damaged(`the section header ${at} has the byte-order magic ${hex(a)}, which is none`)
    case code.FAULT_INTERFACE:
      return damaged(`the packet ${at} names interface ${a}, of ${b} described before it`)
    case code.FAULT_PACKET_IN_BLOCK:
      return damaged(`the packet ${at} claims ${a} captured bytes in a block that holds ${b}`)
    case code.FAULT_TOO_MANY_INTERFACES:
      return damaged(`more than ${a} interfaces described ${at}`)
    case code.FAULT_STRAY_RECORD:
      return damaged(`what would be the record ${at} (${b} captured bytes, time ${a}) leads to no other`)
    default:
      return damaged(`unreadable ${at}`)
  }
}
