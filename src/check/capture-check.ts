/** Runs of frames → what is wrong with the capture. One pass, bounded memory: about 60 MB with a million TCP conversations. */
import type { StreamBatch } from '../capture/frame-batch.ts'
import { useBytes } from '../decoders/bytes.ts'
import { STOP_MALFORMED, STOP_TRUNCATED, STOP_UNSUPPORTED } from '../decoders/frame.ts'
import { LAYER_NONE } from '../decoders/layers.ts'
import { layerOfLinktype } from '../decoders/linktype.ts'
import { Duplicates } from './duplicates.ts'
import type { Place } from './finding.ts'
import { FrameLengths } from './frame-lengths.ts'
import { isNoTime, placeOf, Sightings } from './sightings.ts'
import { TcpConversations } from './tcp-conversations.ts'
import { TimeOrder } from './time-order.ts'
import { found, walkHeaders } from './walk-frame.ts'

const NO_BYTES = new Uint8Array(0)

export interface CheckOptions {
  /** LINKTYPE_ number of an interface that a batch names. */
  readonly linktypeOf: (interfaceId: number) => number
  /** See MOST_CONVERSATIONS. */
  readonly mostConversations?: number | undefined
}

export class CaptureCheck {
  readonly lengths = new FrameLengths()
  readonly times = new TimeOrder()
  readonly duplicates = new Duplicates()
  readonly tcp: TcpConversations
  readonly malformed = new Sightings()
  /** Cut inside a header. */
  readonly headersCut = new Sightings()
  /** Of a link type that nobody here decodes. */
  readonly unknownLink = new Sightings()
  /** Of a known link type, and yet not decoded to the end. */
  readonly undecoded = new Sightings()
  readonly untimed = new Sightings()
  frames = 0
  /** The last frame. */
  last: Place | null = null
  readonly #linktypeOf: CheckOptions['linktypeOf']
  /** By interface. Their number is bounded by the parser. */
  readonly #linktypes: number[] = []

  constructor({ linktypeOf, mostConversations }: CheckOptions) {
    this.#linktypeOf = linktypeOf
    this.tcp = new TcpConversations(mostConversations)
  }

  /** Frames [start, end) of a batch, which are next in the capture; `file` is any object that stands for the file they are from. */
  add(batch: StreamBatch, start: number, end: number, file: object): void {
    if (start >= end) return
    useBytes(batch.memory)
    const before = this.times.before(file)
    for (let i = start; i < end; i++) this.#addFrame(batch, i, before)
    this.last = placeOf(this.frames, batch.time[2 * end - 1]!, batch.time[2 * end - 2]!)
    useBytes(NO_BYTES)
  }

  #addFrame(batch: StreamBatch, i: number, before: Uint32Array): void {
    const frame = ++this.frames
    const low = batch.time[2 * i]!
    const high = batch.time[2 * i + 1]!
    const caplen = batch.caplen[i]!
    const origlen = batch.origlen[i]!
    const data = batch.data[i]!
    const linktype = this.#linktype(batch.interface[i]!)
    if (isNoTime(high, low)) this.untimed.note(frame, high, low)
    this.times.add(before, frame, high, low)
    this.lengths.add(linktype, data, caplen, origlen, frame, high, low)
    const stop = batch.stop[i]!
    if (stop !== 0) this.#noteStop(stop, linktype, frame, high, low)
    walkHeaders(linktype, data, caplen, origlen)
    this.duplicates.add(data, caplen, origlen, frame, high, low)
    if (found.tcp >= 0) this.tcp.add(found.tcp, frame, high, low)
  }

  #noteStop(stop: number, linktype: number, frame: number, high: number, low: number): void {
    if (stop === STOP_MALFORMED) this.malformed.note(frame, high, low)
    else if (stop === STOP_TRUNCATED) this.headersCut.note(frame, high, low)
    else if (stop !== STOP_UNSUPPORTED) return
    else if (layerOfLinktype(linktype) === LAYER_NONE) this.unknownLink.note(frame, high, low)
    else this.undecoded.note(frame, high, low)
  }

  #linktype(interfaceId: number): number {
    const known = this.#linktypes[interfaceId]
    if (known !== undefined) return known
    const linktype = this.#linktypeOf(interfaceId)
    this.#linktypes[interfaceId] = linktype
    return linktype
  }
}
