/**
 * UDP datagrams → the server names in QUIC's Initial packets, versions 1 and 2 (RFC 9000, 9001, 9369).
 *
 * A hello lies in CRYPTO frames, in any order, over one or several Initials. What opens them is heavy and imported when the first
 * one is there; until then datagrams wait in memory (at most 8 MiB of them), and whoever calls awaits {@link QuicNames.settle}.
 */
import { MAX_HELLO_LENGTH, readServerName } from './client-hello.ts'
import { type Begun, HalfRead } from './half-read.ts'
import { NO_NAME, NOT_YET } from './name-text.ts'
import { type CryptoFrame, readCryptoFrames } from './quic-frames.ts'
import type { createInitialKeys, InitialKeys } from './quic-keys.ts'
import { type LongPacket, mayBeQuic, readLongPacket } from './quic-packet.ts'
import type { OnName, Payload } from './sighting.ts'

/** RFC 9000 §14.1: a client makes datagrams with Initials this long at least, and servers drop shorter ones. */
const MIN_DATAGRAM = 1200
/** RFC 9000 §7.2: of the destination id in a client's first packet. A server's packets have what the client chose for itself. */
const MIN_FIRST_ID = 8
const MAX_CRYPTO = 4 + MAX_HELLO_LENGTH
/** Packets of a flow that no key opened, before the flow is given up. */
const MOST_FAILURES = 4
const MOST_WAITING_BYTES = 8 << 20

interface Connection {
  readonly keys: InitialKeys
  /** The name is told, or there is none: what else the flow sends is not read. */
  isDone: boolean
  failures: number
}

export class QuicNames {
  readonly #onName: OnName
  readonly #connections = new HalfRead<Connection>()
  #createKeys: typeof createInitialKeys | null = null
  #waiting: Payload[] = []
  #waitingBytes = 0

  constructor(onName: OnName) {
    this.#onName = onName
  }

  /** Datagrams wait for {@link settle}. */
  get isWaiting(): boolean {
    return this.#waiting.length > 0
  }

  /** Imports what is needed, and reads what waits. */
  async settle(): Promise<void> {
    this.#createKeys ??= (await import('./quic-keys.ts')).createInitialKeys
    const waiting = this.#waiting
    this.#forgetWaiting()
    for (const payload of waiting) this.read(payload)
  }

  read(payload: Payload): void {
    const { bytes, wholeLength } = payload
    if (wholeLength < MIN_DATAGRAM || !mayBeQuic(bytes)) return
    if (this.#createKeys === null) this.#wait(payload)
    else this.#readDatagram(payload)
  }

  #readDatagram(payload: Payload): void {
    const { bytes } = payload
    for (let at = 0; at < bytes.length; ) {
      const packet = readLongPacket(bytes, at)
      if (packet === null) return
      if (packet.isInitial && !this.#readInitial(payload, packet)) return
      at = packet.end
    }
  }

  clear(): void {
    this.#connections.clear()
    this.#forgetWaiting()
  }

  /** False: no key opens it. Then the datagram's other packets are not tried, so that none costs more than its bytes are worth. */
  #readInitial(payload: Payload, packet: LongPacket): boolean {
    const { flow, bytes } = payload
    const known = this.#connections.get(flow)
    if (known?.state.isDone) return true
    // Later packets of a client have the id that the server chose, and still the keys of the first.
    const frames = known === undefined ? null : openFrames(known.state.keys, bytes, packet)
    if (frames !== null) return this.#addFrames(known!, frames, payload)
    const failures = known === undefined ? 0 : known.state.failures + 1
    if (packet.destinationId.length >= MIN_FIRST_ID) {
      // The first packet; or the next connection with the same ports, or one that the server sent on by Retry.
      const keys = this.#createKeys!(packet.version, packet.destinationId)
      const first = openFrames(keys, bytes, packet)
      if (first !== null) {
        const begun = this.#connections.begin(flow, { keys, isDone: false, failures }, MAX_CRYPTO)
        return this.#addFrames(begun, first, payload)
      }
    }
    if (known !== undefined) {
      known.state.failures = failures
      known.state.isDone = failures >= MOST_FAILURES
    }
    return false
  }

  #addFrames(begun: Begun<Connection>, frames: readonly CryptoFrame[], { destination, flow }: Payload): true {
    let hasGrown = false
    for (const { offset, bytes } of frames) hasGrown = this.#connections.add(begun, offset, bytes) || hasGrown
    if (!hasGrown) return true
    const { gathered, state } = begun
    const name = readServerName(gathered.bytes, 0, gathered.length)
    if (name === NOT_YET) return true
    this.#connections.begin(flow, { ...state, isDone: true }, 0)
    if (name !== NO_NAME) this.#onName(destination, name, 'quic')
    return true
  }

  #wait(payload: Payload): void {
    const { bytes, source, destination, wholeLength, sourcePort, destinationPort, isTcp, sequence, flow } = payload
    if (this.#waitingBytes + bytes.length > MOST_WAITING_BYTES) return
    this.#waitingBytes += bytes.length
    const copies = { bytes: bytes.slice(), source: source.slice(), destination: destination.slice() }
    this.#waiting.push({ ...copies, wholeLength, sourcePort, destinationPort, isTcp, sequence, flow })
  }

  #forgetWaiting(): void {
    this.#waiting = []
    this.#waitingBytes = 0
  }
}

function openFrames(keys: InitialKeys, bytes: Uint8Array, packet: LongPacket): CryptoFrame[] | null {
  const payload = keys.open(bytes, packet)
  return payload === null ? null : readCryptoFrames(payload, packet.end > bytes.length)
}
