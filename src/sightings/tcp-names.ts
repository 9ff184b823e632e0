/**
 * TCP segments → names: the first bytes of TLS and HTTP requests, on any port, and DNS on port 53.
 *
 * Nobody tells where a connection begins. A segment that may begin a hello or a request is read as such; where it ends too
 * early, what follows is put behind it by sequence number, in any order, until the name is found or cannot be.
 */
import { readDnsMessage } from './dns-message.ts'
import { LENGTH_LEN, MAX_DNS_STREAM, mayBeDnsStream, readDnsStream } from './dns-stream.ts'
import { EarlySegments } from './early-segments.ts'
import { type Begun, HalfRead } from './half-read.ts'
import { MAX_REQUEST_HEAD, mayBeRequest, readRequestHost } from './http-request.ts'
import { NO_NAME, NOT_YET } from './name-text.ts'
import type { NameSource, OnName, Payload } from './sighting.ts'
import { MAX_TLS_START, mayBeTlsStart, readTlsStart } from './tls-records.ts'

const PORT_DNS = 53

/** What a reader says of the bytes from the beginning on: the name was told, or there is none to be had, */
const TOLD = -1
const NOTHING = -2
/** or else so many bytes are read, and more are needed behind them. */
type Progress = number

interface Grammar {
  /** Bytes that a beginning may have. */
  readonly limit: number
  mayBegin(bytes: Uint8Array): boolean
  read(bytes: Uint8Array, payload: Payload, onName: OnName): Progress
}

const DNS: Grammar = {
  limit: MAX_DNS_STREAM,
  mayBegin: mayBeDnsStream,
  read(bytes, payload, onName) {
    if (!mayBeDnsStream(bytes)) return NOTHING
    const read = readDnsStream(bytes, onName)
    if (read === bytes.length) return TOLD
    if (payload.bytes.length < payload.wholeLength) readDnsMessage(bytes.subarray(read + LENGTH_LEN), 'dns', onName)
    return read
  },
}

function tellingServer(source: NameSource, read: (bytes: Uint8Array) => string | null): Grammar['read'] {
  return (bytes, payload, onName) => {
    const name = read(bytes)
    if (name === NOT_YET) return 0
    if (name === NO_NAME) return NOTHING
    onName(payload.destination, name, source)
    return TOLD
  }
}

const TLS: Grammar = { limit: MAX_TLS_START, mayBegin: mayBeTlsStart, read: tellingServer('tls', readTlsStart) }
const HTTP: Grammar = { limit: MAX_REQUEST_HEAD, mayBegin: mayBeRequest, read: tellingServer('http', readRequestHost) }

interface Beginning {
  readonly grammar: Grammar
  /** Sequence number of the first byte that is gathered. */
  sequence: number
  /** Something whole ended there: it is a beginning, and does not only look like one. */
  isSure: boolean
}

export class TcpNames {
  readonly #onName: OnName
  readonly #half = new HalfRead<Beginning>()
  readonly #early = new EarlySegments()

  constructor(onName: OnName) {
    this.#onName = onName
  }

  read(payload: Payload): void {
    const { bytes, flow } = payload
    if (bytes.length === 0) return
    const begun = this.#half.get(flow)
    if (begun?.state.isSure && isJustBefore(begun, payload)) {
      this.#readAgain(begun, payload)
      return
    }
    // Bytes that are waited for are never a beginning, whatever they look like.
    const isNext = begun !== undefined && offsetIn(begun, payload) === begun.gathered.length
    if (isNext && this.#continue(begun, payload)) return
    const grammar = grammarOf(payload)
    const progress = grammar === null ? NOTHING : grammar.read(bytes, payload, this.#onName)
    if (progress === TOLD) this.#half.drop(flow)
    else if (begun !== undefined && !isNext && this.#continue(begun, payload)) return
    else if (progress === NOTHING) this.#early.keep(flow, payload.sequence, bytes)
    else if (bytes.length === payload.wholeLength) this.#begin(payload, grammar!, progress)
  }

  clear(): void {
    this.#half.clear()
    this.#early.clear()
  }

  /**
   * A segment of DNS from before the message at hand: messages follow each other, so it is sent again, or late. It tells the names
   * that it has, and may go on into what is waited for; it begins nothing, whatever it looks like.
   */
  #readAgain(begun: Begun<Beginning>, payload: Payload): void {
    const { bytes, wholeLength } = payload
    const offset = offsetIn(begun, payload)
    if (offset + bytes.length <= 0) grammarOf(payload)?.read(bytes, payload, this.#onName)
    else if (this.#half.add(begun, offset, bytes)) this.#readOn(begun, payload, bytes.length < wholeLength)
  }

  /** False: the segment does not belong to what was begun. */
  #continue(begun: Begun<Beginning>, payload: Payload): boolean {
    const { grammar } = begun.state
    const offset = offsetIn(begun, payload)
    // What lies before it was sent before, or is of another connection with the same ports.
    const isBefore = offset < 0 && (grammarOf(payload) !== null || offset + payload.bytes.length <= 0)
    if (isBefore || offset >= grammar.limit) return false
    const isCut = payload.bytes.length < payload.wholeLength
    const hasGrown = this.#half.add(begun, offset, payload.bytes)
    if (hasGrown) return this.#readOn(begun, payload, isCut)
    // A gap that the capture has by itself.
    if (isCut) this.#half.drop(payload.flow)
    return true
  }

  /** Reads what was gathered. False: it was no beginning after all. */
  #readOn(begun: Begun<Beginning>, payload: Payload, isCut: boolean): boolean {
    const { gathered, state } = begun
    const progress = state.grammar.read(gathered.bytes, payload, this.#onName)
    if (progress === NOTHING) this.#keepEarly(begun, payload.flow)
    if (progress < 0 || isCut || gathered.length >= state.grammar.limit) this.#half.drop(payload.flow)
    else if (progress > 0) {
      this.#half.consume(begun, progress)
      state.sequence = (state.sequence + progress) >>> 0
      state.isSure = true
    }
    return progress !== NOTHING
  }

  #begin(payload: Payload, grammar: Grammar, read: number): void {
    const { flow } = payload
    const sequence = (payload.sequence + read) >>> 0
    const before = this.#half.get(flow)
    const begun = this.#half.begin(flow, { grammar, sequence, isSure: read > 0 }, grammar.limit)
    let hasGrown = false
    const add = (at: number, bytes: Uint8Array) => {
      const offset = (at - sequence) | 0
      if (offset > 0 && this.#half.add(begun, offset, bytes)) hasGrown = true
    }
    this.#half.add(begun, 0, payload.bytes.subarray(read))
    for (const piece of before?.gathered.pieces() ?? []) add(before!.state.sequence + piece.offset, piece.bytes)
    this.#early.visit(flow, add)
    if (hasGrown) this.#readOn(begun, payload, false)
  }

  #keepEarly({ gathered, state }: Begun<Beginning>, flow: string | number): void {
    for (const { offset, bytes } of gathered.pieces()) this.#early.keep(flow, (state.sequence + offset) >>> 0, bytes)
  }
}

function grammarOf({ bytes, sourcePort, destinationPort }: Payload): Grammar | null {
  if (sourcePort === PORT_DNS || destinationPort === PORT_DNS) return DNS.mayBegin(bytes) ? DNS : null
  if (TLS.mayBegin(bytes)) return TLS
  return HTTP.mayBegin(bytes) ? HTTP : null
}

/** Nearer than a stream with the same ports would be by chance. */
function isJustBefore(begun: Begun<Beginning>, payload: Payload): boolean {
  const offset = offsetIn(begun, payload)
  return offset < 0 && offset > -MAX_DNS_STREAM
}

/** Of the segment behind the first byte that is gathered; negative before it. Sequence numbers go round. */
function offsetIn(begun: Begun<Beginning>, payload: Payload): number {
  return (payload.sequence - begun.state.sequence) | 0
}
