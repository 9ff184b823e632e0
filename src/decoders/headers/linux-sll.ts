/** Linux cooked header bytes → {@link LinuxSllHeader}. */
import { read16 } from '../bytes.ts'
import { ADDRESS, ADDRESS_LENGTH, ARPHRD, PACKET_TYPE, PROTOCOL, SLL_HEADER_LEN } from '../linux-sll.ts'
import type { Header } from './header.ts'
import { readOctets } from './read-bytes.ts'

/** Room for the sender address; longer ones are cut by the kernel. */
export const COOKED_ADDRESS_ROOM = 8

/** LINKTYPE_LINUX_SLL, tcpdump.org/linktypes/LINKTYPE_LINUX_SLL.html. */
export interface LinuxSllHeader extends Header<'linux-sll'> {
  /** 0 to us, 1 broadcast, 2 multicast, 3 to someone else, 4 from us. */
  readonly packetType: number
  /** Kind of device: an ARPHRD_ number of Linux. */
  readonly arphrd: number
  readonly addressLength: number
  /** Of the sender, '' where it has none. */
  readonly address: string
  readonly protocol: number
}

export function readLinuxSllHeader(at: number): LinuxSllHeader {
  const addressLength = read16(at + ADDRESS_LENGTH)
  return {
    layer: 'linux-sll',
    offset: at,
    headerLength: SLL_HEADER_LEN,
    packetType: read16(at + PACKET_TYPE),
    arphrd: read16(at + ARPHRD),
    addressLength,
    address: readOctets(at + ADDRESS, Math.min(addressLength, COOKED_ADDRESS_ROOM)),
    protocol: read16(at + PROTOCOL),
  }
}
