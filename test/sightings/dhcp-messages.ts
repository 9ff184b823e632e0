/** DHCP messages by hand, of both versions. */
import { concat, u16, u32 } from '../support/build-frame.ts'
import { addressBytes } from '../support/frames.ts'

export interface DhcpForm {
  readonly op: number
  /** Option 53. */
  readonly type: number
  readonly xid?: number
  /** Last byte of the hardware address. */
  readonly chaddr?: number
  readonly ciaddr?: string
  readonly yiaddr?: string
  readonly options?: Uint8Array
}

export function dhcpMessage(form: DhcpForm): Uint8Array {
  const { op, type, xid = 7, chaddr = 1, ciaddr = '0.0.0.0', yiaddr = '0.0.0.0', options = new Uint8Array(0) } = form
  const hardware = new Uint8Array(16)
  hardware.set([2, 0, 0, 0, 0, chaddr])
  return concat(
    Uint8Array.of(op, 1, 6, 0),
    u32(xid),
    u32(0),
    addressBytes(ciaddr),
    addressBytes(yiaddr),
    u32(0),
    u32(0),
    hardware,
    new Uint8Array(192),
    Uint8Array.of(99, 130, 83, 99),
    option(53, Uint8Array.of(type)),
    Uint8Array.of(0),
    options,
    Uint8Array.of(255),
  )
}

export function option(code: number, content: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(code, content.length), content)
}

/** RFC 8415 §21.1. */
export function option6(code: number, content: Uint8Array): Uint8Array {
  return concat(u16(code), u16(content.length), content)
}

export function text(characters: string): Uint8Array {
  return new TextEncoder().encode(characters)
}

export function wireName(...labels: string[]): Uint8Array {
  return concat(...labels.map((label) => concat(Uint8Array.of(label.length), text(label))), Uint8Array.of(0))
}
