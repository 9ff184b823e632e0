/** A whole frame in one call: Ethernet, perhaps VLAN tags, IPv4 or IPv6, UDP. Checksums are left 0. */
import { addressBytes } from './frames.ts'

export interface UdpFrame {
  /** Both addresses are of the same family. */
  readonly src?: string
  readonly dst?: string
  readonly sourcePort?: number
  readonly destinationPort?: number
  readonly payload?: Uint8Array
  readonly sourceMac?: string
  readonly destinationMac?: string
  /** VIDs from the outermost. */
  readonly vlans?: readonly number[]
}

export function udpFrame(frame: UdpFrame = {}): Buffer {
  const { payload = new Uint8Array(0) } = frame
  const source = addressBytes(frame.src ?? '192.0.2.1')
  const destination = addressBytes(frame.dst ?? '192.0.2.2')
  const udp = u16(frame.sourcePort ?? 1000, frame.destinationPort ?? 2000, 8 + payload.length, 0)
  const parts = [source, destination, udp, payload]
  if (source.length === 16) {
    const header = u16(0x6000, 0, 8 + payload.length, 0x1140)
    return ethernetFrame(frame, 0x86dd, Buffer.concat([header, ...parts]))
  }
  const header = u16(0x4500, 28 + payload.length, 0, 0, 0x4011, 0)
  return ethernetFrame(frame, 0x0800, Buffer.concat([header, ...parts]))
}

export function ethernetFrame(frame: UdpFrame, etherType: number, payload: Uint8Array): Buffer {
  return Buffer.concat([
    addressBytes(frame.destinationMac ?? '02:00:00:00:00:02'),
    addressBytes(frame.sourceMac ?? '02:00:00:00:00:01'),
    u16(...(frame.vlans ?? []).flatMap((vid) => [0x8100, vid]), etherType),
    payload,
  ])
}

function u16(...values: number[]): Buffer {
  return Buffer.from(values.flatMap((value) => [value >> 8, value & 0xff]))
}
