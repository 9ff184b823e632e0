/**
 * The key of one flow, raw. Fields that the chosen key leaves out are 0 (byte fields: all zero).
 * The object is reused: valid until the next row is read.
 */
export interface FlowRow {
  /** One of the FAMILY_ constants (4 and 6 are IPv4 and IPv6), which also say what `protocol` means. */
  readonly family: number
  /** IANA protocol number, EtherType or link type, by `family`; `protocolName` has its name. */
  readonly protocol: number
  /** TCP, UDP, SCTP, DCCP, UDP-Lite port; 0 where there is none. */
  readonly sourcePort: number
  /** Of the receiver, as `sourcePort`. */
  readonly destinationPort: number
  /** 802.1Q tags: outermost VID + 1 in the low 16 bits, the next VID + 1 above; 0 without a tag. */
  readonly vlan: number
  /** Index of the interface in the order of its first description, over all files read: see the capture's interface list. */
  readonly interface: number
  /** Address bytes in network order: 4, 16, 6 or 0 of them. */
  readonly source: Uint8Array
  /** Of the receiver, as `source`. */
  readonly destination: Uint8Array
  /** Link-layer addresses, 6 bytes each; only kept when the key asks for them. */
  readonly sourceMac: Uint8Array
  /** Of the receiver, as `sourceMac`. */
  readonly destinationMac: Uint8Array
}

/** Flows in the order of their ids. Grows while batches are read; rows never change once they exist. */
export interface FlowTable {
  /** Flows so far: ids are below it. */
  readonly size: number
  /** The key of a flow, in an object that the next call uses again. */
  row(id: number): FlowRow
  /**
   * Reads a little of a row that will be asked for soon. Rows of millions of flows are not in the cache: asked for one by one
   * each waits for the memory on its own, touched in a loop they wait together.
   */
  touch?(id: number): number
}
