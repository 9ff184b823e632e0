/** Linux cooked header version 2 → {@link LinuxSll2Header}. */
import { read8, read16 } from '../bytes.ts'
import {
  ADDRESS,
  ADDRESS_LENGTH,
  ARPHRD,
  INTERFACE_INDEX,
  PACKET_TYPE,
  PROTOCOL,
  SLL2_HEADER_LEN,
} from '../linux-sll2.ts'
import type { Header } from './header.ts'
import { COOKED_ADDRESS_ROOM } from './linux-sll.ts'
import { readOctets, readUnsigned32 } from './read-bytes.ts'

/** LINKTYPE_LINUX_SLL2, tcpdump.org/linktypes/LINKTYPE_LINUX_SLL2.html. */
export interface LinuxSll2Header extends Header<'linux-sll2'> {
  readonly protocol: number
  readonly interfaceIndex: number
  readonly arphrd: number
  /** 0 to us, 1 broadcast, 2 multicast, 3 to someone else, 4 from us. */
  readonly packetType: number
  readonly addressLength: number
  /** Of the sender, '' where it has none. */
  readonly address: string
}

export function readLinuxSll2Header(at: number): LinuxSll2Header {
  const addressLength = read8(at + ADDRESS_LENGTH)
  return {
    layer: 'linux-sll2',
    offset: at,
    headerLength: SLL2_HEADER_LEN,
    protocol: read16(at + PROTOCOL),
    interfaceIndex: readUnsigned32(at + INTERFACE_INDEX),
    arphrd: read16(at + ARPHRD),
    packetType: read8(at + PACKET_TYPE),
    addressLength,
    address: readOctets(at + ADDRESS, Math.min(addressLength, COOKED_ADDRESS_ROOM)),
  }
}
