/** A capture → the names that the readers of payload find in it, frame by frame, with nothing but the parser before them. */
import { Parser } from '../../src/capture/parser.ts'
import { found, walkHeaders } from '../../src/check/walk-frame.ts'
import { formatAddress } from '../../src/decoders/address-text.ts'
import { read32, useBytes } from '../../src/decoders/bytes.ts'
import { frame, STOP_NONE } from '../../src/decoders/frame.ts'
import { SEQUENCE_NUMBER } from '../../src/decoders/tcp.ts'
import { openFile } from '../../src/node/open-source.ts'
import { NameReader } from '../../src/sightings/name-reader.ts'
import type { OnName, Payload } from '../../src/sightings/sighting.ts'
import { compileModule } from './corpus.ts'

const TCP = 6
const UDP = 17

/** `dns 192.0.2.1 www.example.com`, in the order in which they were found. */
export function namesTo(list: string[]): OnName {
  return (address, name, source) => list.push(`${source} ${formatAddress(address)} ${name}`)
}

export async function readNames(file: string): Promise<string[]> {
  const names: string[] = []
  const reader = new NameReader(namesTo(names))
  for await (const payload of readPayloads(file)) {
    reader.read(payload)
    if (reader.isWaiting) await reader.settle()
  }
  return names
}

/** Every segment and datagram that has payload. Valid until the next is asked for. */
export async function* readPayloads(file: string): AsyncGenerator<Payload> {
  const parser = new Parser(await compileModule(), { keyFields: 0 })
  const stream = parser.open(await openFile(file))
  for (let batch = await stream.next(); batch !== null; batch = await stream.next()) {
    const interfaces = parser.interfaces()
    for (let i = 0; i < batch.count; i++) {
      const { linktype } = interfaces[batch.interface[i]!]!
      useBytes(batch.memory)
      walkHeaders(linktype, batch.data[i]!, batch.caplen[i]!, batch.origlen[i]!)
      const payload = payloadOf(batch.memory)
      if (payload !== null) yield payload
    }
  }
  await parser.close(stream)
}

/** Of the frame that was walked. */
function payloadOf(memory: Uint8Array): Payload | null {
  const { protocol, at, end, payloadLength, sourcePort, destinationPort } = frame
  if (found.ip < 0 || frame.stopReason !== STOP_NONE || frame.laterFragment !== 0) return null
  if ((protocol !== TCP && protocol !== UDP) || payloadLength <= 0) return null
  const addressLength = frame.destination - frame.source
  const source = memory.subarray(frame.source, frame.source + addressLength)
  const destination = memory.subarray(frame.destination, frame.destination + addressLength)
  return {
    bytes: memory.subarray(at, Math.min(end, at + payloadLength)),
    wholeLength: payloadLength,
    source,
    destination,
    sourcePort,
    destinationPort,
    isTcp: protocol === TCP,
    sequence: found.tcp < 0 ? 0 : read32(found.tcp + SEQUENCE_NUMBER) >>> 0,
    flow: `${protocol} ${source.join('.')} ${sourcePort} ${destination.join('.')} ${destinationPort}`,
  }
}
