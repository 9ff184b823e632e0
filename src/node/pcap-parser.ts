/**
 * The interface of npm pcap-parser 0.2.1 over netkit's parser: `parse(pathOrStream)` and its events. It reads whatever netkit
 * reads: pcap of every kind and pcapng, compressed or not; the original reads pcap with microseconds.
 *
 * Where it differs from the original:
 * - After `error` comes no `end`: `end` says that everything was read. The original emits both for a wrong magic number, only
 *   `error` for a file that cannot be opened, and only `end` for a file that was cut.
 * - A cut or damaged file is an `error`, after all packets before the damage. `packetHeader` is only emitted for a packet whose
 *   data is there too.
 * - `data` is a copy: it may be kept, and written to.
 * - A timestamp with a million microseconds or more, which broken writers make, carries into the seconds.
 */
import { EventEmitter } from 'node:events'
import type { Readable } from 'node:stream'
import type { Fault } from '../capture/fault.ts'
import { NO_TIME_HIGH_WORD, type StreamBatch } from '../capture/frame-batch.ts'
import { Parser } from '../capture/parser.ts'
import type { Source } from '../capture/source.ts'
import { GLOBAL_HEADER_LENGTH, type GlobalHeader, readGlobalHeader } from './global-header.ts'
import { openFile, openReadable } from './open-source.ts'
import { loadCaptureModule } from './wasm-module.ts'
import { WatchedSource } from './watched-source.ts'

export type { GlobalHeader } from './global-header.ts'

/** The header of a packet. */
export interface PacketHeader {
  /** Since 1970-01-01 UTC. 0, with 0 microseconds, for a packet without a timestamp (pcapng's Simple Packet Block). */
  timestampSeconds: number
  /** 0 to 999999; of a finer timestamp, the rest is dropped. */
  timestampMicroseconds: number
  /** Bytes of the packet that the capture holds. */
  capturedLength: number
  /** Bytes on the wire. */
  originalLength: number
}

/** A packet. */
export interface Packet {
  /** Time and lengths. */
  header: PacketHeader
  /** The captured bytes, link header first: a copy. */
  data: Buffer
}

/** Events of {@link PcapParser} and what their listeners get. */
export interface PcapParserEvents {
  /** Once, before all others. */
  globalHeader: [GlobalHeader]
  /** For each packet, first. */
  packetHeader: [PacketHeader]
  /** For each packet, second. */
  packetData: [Buffer]
  /** For each packet, last. */
  packet: [Packet]
  /** Everything was read. */
  end: []
  /** Reading has ended: no such file, no capture, damage. Packets before it were handed out. */
  error: [Error]
}

const NS_PER_SECOND = 1_000_000_000
const NS_PER_MICROSECOND = 1000

/** Starts reading. No event comes before the caller's turn is over: listeners attached right after the call miss none. */
export function parse(pathOrStream: string | Readable): PcapParser {
  return new PcapParser(pathOrStream)
}

// biome-ignore lint/style/noDefaultExport: code written for the original says pcapp.parse(…).
export default { parse }

/**
 * Hands packets out while it reads; what listeners do not keep is not kept. It asks for more bytes only when everything
 * before them is handed out, so a listener that takes its time slows the reading down.
 */
export class PcapParser extends EventEmitter<PcapParserEvents> {
  #hasHeader = false

  constructor(input: string | Readable) {
    super()
    // A stream may fail before it is read from. It tells its reader then, too; unheard, it would end the process now.
    if (typeof input !== 'string') input.on('error', () => {})
    void this.#run(input)
  }

  async #run(input: string | Readable): Promise<void> {
    const failure = await this.#read(input)
    if (failure === null) this.emit('end')
    else this.emit('error', failure)
  }

  /** Emits all packets and returns why there are no more; null at a sound end. Throws only what listeners throw. */
  async #read(input: string | Readable): Promise<Error | null> {
    const opened = await attempt(() => open(input))
    if (opened instanceof Error) return opened
    const { parser } = opened
    // In a turn of its own, where what a listener throws is not taken for a fault of the source.
    const source = new WatchedSource(opened.source, GLOBAL_HEADER_LENGTH, () =>
      process.nextTick(() => this.#emitHeader(parser, source)),
    )
    const stream = parser.open(source)
    try {
      for (;;) {
        const batch = await attempt(() => stream.next())
        if (batch instanceof Error) return batch
        this.#emitHeader(parser, source)
        if (batch === null) break
        this.#emitPackets(batch)
      }
      if (stream.fault !== null) return faultError(source.name, stream.fault)
      if (!this.#hasHeader) this.emit('globalHeader', readGlobalHeader(source.start, undefined))
      return null
    } finally {
      await parser.close(stream)
    }
  }

  /** As soon as the first interface is known, which pcap describes in its header; not again. */
  #emitHeader(parser: Parser, source: WatchedSource): void {
    if (this.#hasHeader) return
    const [first] = parser.interfaces()
    if (first === undefined) return
    this.#hasHeader = true
    this.emit('globalHeader', readGlobalHeader(source.start, first))
  }

  #emitPackets({ count, caplen, origlen, data: starts, time, memory }: StreamBatch): void {
    const bytes = Buffer.from(memory.buffer)
    for (let i = 0; i < count; i++) {
      const header = packetHeader(time[2 * i] ?? 0, time[2 * i + 1] ?? 0, caplen[i] ?? 0, origlen[i] ?? 0)
      const start = starts[i] ?? 0
      // Small ones come from Node's pool: one that is kept keeps at most 8 KiB alive.
      const data = Buffer.allocUnsafe(header.capturedLength)
      bytes.copy(data, 0, start, start + header.capturedLength)
      this.emit('packetHeader', header)
      this.emit('packetData', data)
      this.emit('packet', { header, data })
    }
  }
}

/** `low` and `high`: a time as the batch holds it, in nanoseconds. */
function packetHeader(low: number, high: number, capturedLength: number, originalLength: number): PacketHeader {
  if (low === 0 && high === NO_TIME_HIGH_WORD) {
    return { timestampSeconds: 0, timestampMicroseconds: 0, capturedLength, originalLength }
  }
  // A double is off by up to 512 ns, and its second by one; 32 bits of the remainder are exact and tell.
  let timestampSeconds = Math.floor(((high | 0) * 2 ** 32 + low) / NS_PER_SECOND)
  let nanoseconds = (low - Math.imul(timestampSeconds, NS_PER_SECOND)) | 0
  if (nanoseconds < 0) {
    timestampSeconds--
    nanoseconds += NS_PER_SECOND
  } else if (nanoseconds >= NS_PER_SECOND) {
    timestampSeconds++
    nanoseconds -= NS_PER_SECOND
  }
  const timestampMicroseconds = Math.floor(nanoseconds / NS_PER_MICROSECOND)
  return { timestampSeconds, timestampMicroseconds, capturedLength, originalLength }
}

async function open(input: string | Readable): Promise<{ source: Source; parser: Parser }> {
  const parser = new Parser(loadCaptureModule(), { keyFields: 0 })
  return { parser, source: typeof input === 'string' ? await openFile(input) : openReadable(input, 'stream') }
}

function faultError(name: string, { kind, message }: Fault): Error {
  // What cannot be read is named in its own message.
  return new Error(kind === 'unavailable' ? message : `${name}: ${message}`)
}

async function attempt<T>(action: () => Promise<T>): Promise<T | Error> {
  try {
    return await action()
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}
