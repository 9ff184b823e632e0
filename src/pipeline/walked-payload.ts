/**
 * A frame of a batch → its payload, as the readers of names take it. Used again for each.
 *
 * The module has said where the payload begins. A datagram's ports and length stand before it, so that for the most frequent, an
 * answer of DNS, no header below is looked at; who asks for addresses has the frame walked by the decoders.
 */
import { FAMILY_IPV4, FAMILY_IPV6 } from '../abi/families.ts'
import type { StreamBatch } from '../capture/frame-batch.ts'
import { read16, read32 } from '../decoders/bytes.ts'
import { frame, STOP_NONE } from '../decoders/frame.ts'
import { LAYER_NONE, LAYER_TCP, LAYER_UDP } from '../decoders/layers.ts'
import { DESTINATION_PORT, SOURCE_PORT } from '../decoders/ports.ts'
import { decodeLayer } from '../decoders/registry.ts'
import { SEQUENCE_NUMBER } from '../decoders/tcp.ts'
import { UDP_HEADER_LEN, LENGTH as UDP_LENGTH } from '../decoders/udp.ts'
import { beginFrame } from '../decoders/walk.ts'
import { addressKey } from '../names/name-book.ts'
import type { Payload } from '../sightings/sighting.ts'

const PROTOCOL_TCP = 6
const PROTOCOL_UDP = 17
const NOTHING = new Uint8Array(0)

export class WalkedPayload implements Payload {
  bytes: Uint8Array = NOTHING
  wholeLength = 0
  sourcePort = 0
  destinationPort = 0
  isTcp = false
  sequence = 0
  readonly #linktypeOf: (interfaceId: number) => number
  #batch: StreamBatch | null = null
  #index = 0
  #isWalked = false
  #source = 0
  #destination = 0
  #addressLength = 0

  constructor(linktypeOf: (interfaceId: number) => number) {
    this.#linktypeOf = linktypeOf
  }

  /** A datagram of frame `index`, whose payload begins at that offset into the frame. The decoders use the batch's memory. */
  setDatagram(batch: StreamBatch, index: number, offset: number): void {
    const start = batch.data[index]! + offset
    const header = start - UDP_HEADER_LEN
    const held = batch.data[index]! + batch.caplen[index]! - start
    const length = read16(header + UDP_LENGTH) - UDP_HEADER_LEN
    this.#batch = batch
    this.#index = index
    this.#isWalked = false
    // 0: as long as the packet is, see src/decoders/udp.ts.
    this.wholeLength = length < 0 ? held : length
    this.bytes = batch.memory.subarray(start, start + Math.min(held, this.wholeLength))
    this.sourcePort = read16(header + SOURCE_PORT)
    this.destinationPort = read16(header + DESTINATION_PORT)
    this.isTcp = false
    this.sequence = 0
  }

  /** A segment. False: it has no payload that can be read. */
  setSegment(batch: StreamBatch, index: number): boolean {
    this.#batch = batch
    this.#index = index
    const transport = this.#walk()
    if (transport === -1 || frame.protocol !== PROTOCOL_TCP || frame.at > frame.end) return false
    this.bytes = batch.memory.subarray(frame.at, frame.end)
    this.wholeLength = Math.max(frame.payloadLength, frame.end - frame.at)
    this.sourcePort = read16(transport + SOURCE_PORT)
    this.destinationPort = read16(transport + DESTINATION_PORT)
    this.isTcp = true
    this.sequence = read32(transport + SEQUENCE_NUMBER) >>> 0
    return true
  }

  get source(): Uint8Array {
    if (!this.#isWalked) this.#walk()
    return this.#batch!.memory.subarray(this.#source, this.#source + this.#addressLength)
  }

  get destination(): Uint8Array {
    if (!this.#isWalked) this.#walk()
    return this.#batch!.memory.subarray(this.#destination, this.#destination + this.#addressLength)
  }

  get flow(): string {
    return `${addressKey(this.source)}${addressKey(this.destination)}${this.sourcePort} ${this.destinationPort}`
  }

  /** Where the header of UDP or TCP begins; -1: nowhere. */
  #walk(): number {
    const batch = this.#batch!
    const i = this.#index
    const linktype = this.#linktypeOf(batch.interface[i]!)
    let layer = beginFrame(linktype, batch.data[i]!, batch.caplen[i]!, batch.origlen[i]! | 0)
    let transport = -1
    while (layer !== LAYER_NONE) {
      if (layer === LAYER_TCP || layer === LAYER_UDP) transport = frame.at
      layer = decodeLayer(layer)
    }
    const isIp = frame.family === FAMILY_IPV4 || frame.family === FAMILY_IPV6
    const isRead = isIp && frame.stopReason === STOP_NONE && frame.quoted === 0
    this.#isWalked = true
    this.#source = frame.source
    this.#destination = frame.destination
    this.#addressLength = isRead ? (frame.family === FAMILY_IPV4 ? 4 : 16) : 0
    return isRead && (frame.protocol === PROTOCOL_TCP || frame.protocol === PROTOCOL_UDP) ? transport : -1
  }
}
