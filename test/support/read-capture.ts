/** What netkit's parser makes of a capture, all of it, copied out of the module's memory. */
import type { Fault } from '../../src/capture/fault.ts'
import { NO_TIME } from '../../src/capture/frame-batch.ts'
import { type CaptureInterface, Parser, type ParserOptions } from '../../src/capture/parser.ts'
import type { Source } from '../../src/capture/source.ts'
import type { CaptureFormat, CaptureStream } from '../../src/capture/stream.ts'
import { loadCaptureModule } from '../../src/node/wasm-module.ts'

export interface ReadFrame {
  /** Null: none, or one that 64 bits cannot hold. */
  readonly time: bigint | null
  readonly origlen: number
  readonly caplen: number
  readonly length: number
  readonly flow: number
  readonly interface: number
  readonly linktype: number
  readonly stop: number
  readonly data: string
}

export interface ReadCapture {
  readonly frames: readonly ReadFrame[]
  readonly fault: Fault | null
  readonly format: CaptureFormat | null
  readonly interfaces: readonly CaptureInterface[]
  /** Each row as text, by id. */
  readonly flows: readonly string[]
  readonly parser: Parser
}

export interface ReadOptions extends Partial<ParserOptions> {
  /** Frames a batch. */
  readonly limit?: number
}

/** A source over bytes in memory, which gives `size()` of them at a read, or as many as there is room for. */
export function memorySource(bytes: Uint8Array, size: () => number = () => bytes.length): Source {
  let at = 0
  return {
    name: 'memory',
    size: bytes.length,
    compression: null,
    get position() {
      return at
    },
    async read(into) {
      const part = bytes.subarray(at, at + Math.min(into.length, Math.max(1, size())))
      into.set(part)
      at += part.length
      return part.length
    },
    close: async () => {},
  }
}

export function createParser(options: Partial<ParserOptions> = {}): Parser {
  return new Parser(loadCaptureModule(), { keyFields: 0, ...options })
}

export async function readCapture(input: Uint8Array | Source, options: ReadOptions = {}): Promise<ReadCapture> {
  const parser = createParser(options)
  const stream = parser.open(input instanceof Uint8Array ? memorySource(input) : input)
  const frames = await readFrames(parser, stream, options.limit)
  const result = { fault: stream.fault, format: stream.format }
  await parser.close(stream)
  return { frames, ...result, interfaces: parser.interfaces(), flows: readFlows(parser), parser }
}

export async function readFrames(parser: Parser, stream: CaptureStream, limit?: number): Promise<ReadFrame[]> {
  const frames: ReadFrame[] = []
  for (let batch = await stream.next(limit); batch !== null; batch = await stream.next(limit)) {
    const linktypes = parser.interfaces().map(({ linktype }) => linktype)
    const times = new BigInt64Array(batch.time.buffer, batch.time.byteOffset, batch.count)
    for (let i = 0; i < batch.count; i++) {
      const [caplen, at, id] = [batch.caplen[i]!, batch.data[i]!, batch.interface[i]!]
      frames.push({
        time: times[i] === NO_TIME ? null : times[i]!,
        origlen: batch.origlen[i]!,
        caplen,
        length: batch.length[i]!,
        flow: batch.flow[i]!,
        interface: id,
        linktype: linktypes[id]!,
        stop: batch.stop[i]!,
        data: Buffer.from(batch.memory.buffer, at, caplen).toString('hex'),
      })
    }
  }
  return frames
}

export function readFlows(parser: Parser): string[] {
  return Array.from({ length: parser.flows.size }, (_, id) => {
    const row = parser.flows.row(id)
    const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex') || '-'
    const from = `${hex(row.source)}:${row.sourcePort}`
    const to = `${hex(row.destination)}:${row.destinationPort}`
    const macs = `${hex(row.sourceMac)}>${hex(row.destinationMac)}`
    return `${row.family}/${row.protocol} ${from}>${to} vlan ${row.vlan} if ${row.interface} ${macs}`
  })
}
