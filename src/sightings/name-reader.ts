/** Payload of segments and datagrams → names of addresses. What is read is chosen by ports and by the first bytes. */
import { DhcpNames } from './dhcp.ts'
import { Dhcpv6Names } from './dhcpv6.ts'
import { readDnsMessage } from './dns-message.ts'
import { QuicNames } from './quic-names.ts'
import type { OnName, Payload } from './sighting.ts'
import { TcpNames } from './tcp-names.ts'

/** IANA, service names and port numbers, 2026-11. */
const PORT_DNS = 53
const PORT_DHCP_SERVER = 67
const PORT_DHCP_CLIENT = 68
const PORT_DHCPV6_CLIENT = 546
const PORT_DHCPV6_SERVER = 547
const PORT_MDNS = 5353
const PORT_LLMNR = 5355

/**
 * Never throws, and keeps copies only: the bytes it is given may be used again once {@link read} returns. Memory:
 * up to 40 MiB, of which 16 each for what is half read over TCP and QUIC, and 8 for what waits for {@link settle}.
 */
export class NameReader {
  readonly #onName: OnName
  readonly #tcp: TcpNames
  readonly #quic: QuicNames
  readonly #dhcp: DhcpNames
  readonly #dhcpv6: Dhcpv6Names

  constructor(onName: OnName) {
    this.#onName = onName
    this.#tcp = new TcpNames(onName)
    this.#quic = new QuicNames(onName)
    this.#dhcp = new DhcpNames(onName)
    this.#dhcpv6 = new Dhcpv6Names(onName)
  }

  read(payload: Payload): void {
    if (payload.isTcp) this.#tcp.read(payload)
    else this.#readDatagram(payload)
  }

  /**
   * Something waits for {@link settle}: QUIC, whose decryption is imported when the first Initial is seen. To be asked after each
   * run of payloads, at least every 8 MiB of them.
   */
  get isWaiting(): boolean {
    return this.#quic.isWaiting
  }

  /** Reads what waits. */
  settle(): Promise<void> {
    return this.#quic.settle()
  }

  /** Forgets what is half read: the segments of the capture end here. What waits for {@link settle} is lost. */
  clear(): void {
    this.#tcp.clear()
    this.#quic.clear()
    this.#dhcp.clear()
    this.#dhcpv6.clear()
  }

  #readDatagram(payload: Payload): void {
    const { bytes, sourcePort, destinationPort } = payload
    const isOf = (port: number) => sourcePort === port || destinationPort === port
    if (isOf(PORT_DNS)) readDnsMessage(bytes, 'dns', this.#onName)
    else if (isOf(PORT_MDNS)) readDnsMessage(bytes, 'mdns', this.#onName)
    else if (isOf(PORT_LLMNR)) readDnsMessage(bytes, 'llmnr', this.#onName)
    else if (isOf(PORT_DHCP_SERVER) || isOf(PORT_DHCP_CLIENT)) this.#dhcp.read(bytes)
    else if (isOf(PORT_DHCPV6_SERVER) || isOf(PORT_DHCPV6_CLIENT)) this.#dhcpv6.read(bytes)
    else this.#quic.read(payload)
  }
}
