/** ARP packet bytes → {@link ArpHeader}. */
import { formatAddress, formatOctets } from '../address-text.ts'
import {
  ADDRESSES,
  ARP_MIN_HEADER_LEN,
  HARDWARE_LENGTH,
  HARDWARE_TYPE,
  OPERATION,
  PROTOCOL_LENGTH,
  PROTOCOL_TYPE,
} from '../arp.ts'
import { read8, read16 } from '../bytes.ts'
import type { Header } from './header.ts'
import { readBytes } from './read-bytes.ts'

/** RFC 826. */
export interface ArpHeader extends Header<'arp'> {
  readonly hardwareType: number
  /** EtherType of the protocol whose addresses are asked for. */
  readonly protocolType: number
  readonly hardwareLength: number
  readonly protocolLength: number
  /** 1 request, 2 reply (IANA, ARP parameters). */
  readonly operation: number
  readonly senderHardwareAddress: string
  readonly senderProtocolAddress: string
  readonly targetHardwareAddress: string
  readonly targetProtocolAddress: string
}

export function readArpHeader(at: number): ArpHeader {
  const hardwareLength = read8(at + HARDWARE_LENGTH)
  const protocolLength = read8(at + PROTOCOL_LENGTH)
  const sender = at + ADDRESSES
  const target = sender + hardwareLength + protocolLength
  const hardware = (start: number) => formatOctets(readBytes(start, start + hardwareLength))
  const protocol = (start: number) => formatAddress(readBytes(start, start + protocolLength))
  return {
    layer: 'arp',
    offset: at,
    headerLength: ARP_MIN_HEADER_LEN + 2 * (hardwareLength + protocolLength),
    hardwareType: read16(at + HARDWARE_TYPE),
    protocolType: read16(at + PROTOCOL_TYPE),
    hardwareLength,
    protocolLength,
    operation: read16(at + OPERATION),
    senderHardwareAddress: hardware(sender),
    senderProtocolAddress: protocol(sender + hardwareLength),
    targetHardwareAddress: hardware(target),
    targetProtocolAddress: protocol(target + hardwareLength),
  }
}
