/** Captures of any frames and names, and the rows that a packet log has to make of them, taken from the parser's columns. */
import fc from 'fast-check'
import { describeFlow } from '../../../src/loggers/packets/flow-texts.ts'
import { ROW_KEY_FIELDS } from '../../../src/loggers/packets/frame-rows.ts'
import { pcapng } from '../../support/build-capture.ts'
import { readCapture } from '../../support/read-capture.ts'
import { udpFrame } from '../../support/udp-frame.ts'

const name = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ unit: fc.constantFrom('a', ' ', ',', '"', '\n', '\r', '\t', '\\', ';', '\ufeff', 'é'), maxLength: 20 }),
)

const packet = fc.record({
  interface: fc.nat({ max: 2 }),
  ticks: fc.oneof(fc.bigInt(0n, 2n ** 64n - 1n), fc.bigInt(1_700_000_000_000_000_000n, 1_700_000_001_000_000_000n)),
  data: fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc.constant(udpFrame({ payload: new Uint8Array(20) })),
    fc
      .record({
        src: fc.ipV6(),
        dst: fc.ipV6(),
        vlans: fc.array(fc.nat({ max: 4095 }), { maxLength: 3 }),
        sourcePort: fc.nat({ max: 65535 }),
      })
      .map(udpFrame),
    fc.nat({ max: 255 }).map((protocol) => {
      const data = Uint8Array.from(udpFrame({ payload: new Uint8Array(20) }))
      data[23] = protocol
      return data
    }),
    // Any addresses and ports.
    fc.uint8Array({ minLength: 12, maxLength: 12 }).map((bytes) => {
      const data = Uint8Array.from(udpFrame({ payload: new Uint8Array(20) }))
      data.set(bytes, 26)
      return data
    }),
  ),
  more: fc.oneof(fc.constant(0), fc.nat()),
})

/** pcapng with three interfaces, the last without a name. */
export const anyCapture: fc.Arbitrary<Buffer> = fc
  .record({ names: fc.tuple(name, name), packets: fc.array(packet) })
  .map(({ names, packets }) => {
    const blocks = pcapng()
    const interfaces = [...names, undefined].map((name) =>
      blocks.interface({ tsresol: 9, ...(name !== undefined && { name }) }),
    )
    const list = packets.map(({ more, data, ...rest }) => blocks.packet({ ...rest, data, origlen: data.length + more }))
    return Buffer.concat([blocks.section(), ...interfaces, ...list])
  })

export interface PacketRow {
  readonly frame: number
  readonly time: bigint | null
  readonly src: string | null
  readonly dst: string | null
  readonly protocol: string
  readonly src_port: number | null
  readonly dst_port: number | null
  readonly length: number
  readonly captured_length: number
  readonly vlan: string | null
  readonly interface: string | number
}

export async function packetRows(capture: Uint8Array): Promise<PacketRow[]> {
  const { frames, interfaces, parser } = await readCapture(capture, { keyFields: ROW_KEY_FIELDS })
  return frames.map(({ time, flow, origlen, caplen, interface: id }, i) => {
    const { source, destination, protocol, sourcePort, destinationPort, vlan } = describeFlow(parser.flows.row(flow))
    return {
      frame: i + 1,
      time,
      src: source,
      dst: destination,
      protocol,
      src_port: sourcePort,
      dst_port: destinationPort,
      length: origlen,
      captured_length: caplen,
      vlan,
      interface: interfaces[id]!.name ?? id,
    }
  })
}
