/** A rate → UDP datagrams from one loopback socket to another, each of which is one frame of known length. */
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { setImmediate as otherWork, setTimeout as sleep } from 'node:timers/promises'
import { reasonOf } from '../system-error.ts'
import { type Family, frameBytes, LOOPBACK_ADDRESSES, UDP_HEADER_BYTES } from './loopback.ts'
import { createPacer } from './pacer.ts'
import type { Span } from './span.ts'
import type { UdpReport } from './stream-report.ts'

/** Below the MTU of any loopback, so that a datagram is never two frames. */
export const UDP_PAYLOAD_BYTES = 1200

const TICK_MS = 5
/** Sent in one go before the receiver reads: about a third of what the default socket buffer of Linux holds. */
const AT_ONCE = 32
/** Longest wait for the last datagrams. */
const ARRIVAL_MS = 300

/** `bitsPerSecond` counts whole frames, which is what a capture shows. */
export async function sendUdpStream(family: Family, bitsPerSecond: number, span: Span): Promise<UdpReport> {
  const address = LOOPBACK_ADDRESSES[family]
  const length = frameBytes(family, UDP_HEADER_BYTES + UDP_PAYLOAD_BYTES)
  const pacer = createPacer(bitsPerSecond / (length * 8))
  const payload = Buffer.alloc(UDP_PAYLOAD_BYTES)
  const sender = createSocket(family === 'IPv4' ? 'udp4' : 'udp6')
  const receiver = createSocket(family === 'IPv4' ? 'udp4' : 'udp6')
  let datagrams = 0
  let received = 0
  let fault: string | null = null
  const blame = (error: unknown) => {
    fault ??= reasonOf(error)
  }

  async function sendBurst(count: number): Promise<void> {
    for (let left = count; left > 0; left -= AT_ONCE) {
      const sends = Array.from({ length: Math.min(left, AT_ONCE) }, () => sendOne(sender, payload))
      for (const error of await Promise.all(sends)) {
        if (error === null) datagrams++
        else blame(error)
      }
      // Sending succeeds without a turn of the event loop, and only such a turn reads.
      await otherWork()
    }
  }

  receiver.on('message', () => received++)
  const ports = { srcPort: 0, dstPort: 0 }
  try {
    ports.srcPort = await bind(sender, address)
    ports.dstPort = await bind(receiver, address)
    // Connected, each takes nothing that is not the other's.
    await connect(receiver, ports.srcPort, address)
    await connect(sender, ports.dstPort, address)
    sender.on('error', blame)
    receiver.on('error', blame)
    for (let last = false; !last; ) {
      last = span.stop.aborted
      await sendBurst(pacer.due(span.elapsedMs()))
      if (!last) await span.sleep(TICK_MS)
    }
    // A port that closes before its last datagram answers it with an ICMP error, a frame that nobody counted.
    for (let waited = 0; received < datagrams && waited < ARRIVAL_MS; waited += TICK_MS) await sleep(TICK_MS)
  } catch (error) {
    blame(error)
  } finally {
    sender.close()
    receiver.close()
  }
  return {
    kind: 'udp',
    src: address,
    dst: address,
    ...ports,
    datagrams,
    payloadBytes: datagrams * UDP_PAYLOAD_BYTES,
    received,
    wire: { frames: datagrams, bytes: datagrams * length },
    fault,
  }
}

function sendOne(socket: Socket, payload: Buffer): Promise<Error | null> {
  return new Promise((resolve) => socket.send(payload, (error) => resolve(error)))
}

async function bind(socket: Socket, address: string): Promise<number> {
  socket.bind(0, address)
  await once(socket, 'listening')
  return socket.address().port
}

async function connect(socket: Socket, port: number, address: string): Promise<void> {
  socket.connect(port, address)
  await once(socket, 'connect')
}
