/**
 * The WebAssembly module as the host sees it: instantiates it and lists its exports (assembly/index.ts). The only file that
 * names them besides stream.ts and parser.ts, which call them.
 *
 * Addresses are unsigned 32-bit. `u64` and `i64` cross as bigint.
 */

/** Addresses, opaque. */
export type ReaderAddress = number
export type TallyAddress = number

export interface CaptureExports {
  readonly ABI_VERSION: { readonly value: number }

  /** `fields`: KEY_ bits. `seed`: any number that a capture's author cannot know. Call once, first. */
  configureFlowTable(fields: number, seed: bigint): void
  clearFlowTable(): void
  flowCount(): number
  findRows(count: number): number
  flowExchange(): number
  flowRow(id: number): number

  interfaceCount(): number
  interfaceRow(id: number): number

  markNames(on: number): void
  nameFrames(): number
  forgetNameFrames(): void
  nameBlocks(): number
  takeNameBlocks(): number

  setLengthBasis(basis: number): void
  setTimeRange(sinceNs: bigint, untilNs: bigint): void
  filterRoom(bytes: number): number
  endsRoom(bytes: number): number
  setFilter(): void
  useFilter(use: number): void
  refusedLinktype(): number
  setTunnels(tunnels: number, innermost: number): void

  createReader(bufferLength: number): ReaderAddress
  resetReader(reader: ReaderAddress): void
  seekReader(reader: ReaderAddress, offset: bigint): void
  endRangeAt(reader: ReaderAddress, offset: bigint): void
  isAtRangeEnd(reader: ReaderAddress): number
  isBetweenRecords(reader: ReaderAddress): number
  findBoundary(reader: ReaderAddress, isLast: number): number
  makeRoom(reader: ReaderAddress): void
  writeAddress(reader: ReaderAddress): number
  writeRoom(reader: ReaderAddress): number
  push(reader: ReaderAddress, bytes: number): void
  parse(reader: ReaderAddress, limit: number): number
  allowSalvage(reader: ReaderAddress): void
  beginSalvage(reader: ReaderAddress): void
  resync(reader: ReaderAddress): number
  drain(reader: ReaderAddress): void
  finish(reader: ReaderAddress): void

  createTally(): TallyAddress
  tallyCount(tally: TallyAddress): number
  takeTally(tally: TallyAddress): number
  reserveTally(tally: TallyAddress, flows: number): void
  addTallyRows(tally: TallyAddress, count: number): void
  tallyRows(): number

  createFlowTimes(): number
  clearFlowTimes(times: number): void
  flowTimesPage(times: number, page: number): number
  noteFlowTimes(times: number, columns: number, from: number, to: number): void

  createCounter(): number
  resetCounter(counter: number): void
  protocolsOf(counter: number): number
  protocolEntries(sums: number): number
  protocolPlaces(sums: number): number
  noteFrames(counter: number, columns: number, from: number, to: number): void
  countFrames(
    counter: number,
    columns: number,
    from: number,
    to: number,
    tally: TallyAddress,
    untimed: TallyAddress,
    firstNs: bigint,
    lastNs: bigint,
  ): number

  /** Once, before the first of these: TCP health (src/abi/tcp-layout.ts). The key of flows has addresses and ports. */
  configureTcp(mostConversations: number, seed: bigint): void
  trackTcp(columns: number, from: number, to: number): void
  reserveTcpFlows(flows: number): void
  tcpFlowRow(id: number): number
  tcpConversationCount(): number
  readTcpConversations(from: number, count: number): number

  unreadAddress(reader: ReaderAddress): number
  readerColumns(reader: ReaderAddress): number
  readerNamed(reader: ReaderAddress): number
  readerNamedCount(reader: ReaderAddress): number
  readerFrames(reader: ReaderAddress): bigint
  readerOffset(reader: ReaderAddress): bigint
  readerFirstFrame(reader: ReaderAddress): bigint
  isDescribedAtStart(reader: ReaderAddress): number
  readerFormat(reader: ReaderAddress): number
  readerFault(reader: ReaderAddress): number
  readerFaultOffset(reader: ReaderAddress): bigint
  readerFaultA(reader: ReaderAddress): bigint
  readerFaultB(reader: ReaderAddress): bigint

  probeBegin(linktype: number, start: number, caplen: number, origlen: number): number
  probeStep(layer: number): number
  frameField(index: number): number
}

export interface CaptureInstance {
  readonly exports: CaptureExports
  readonly memory: WebAssembly.Memory
}

const ABI_VERSION = 4
const INITIAL_PAGES = 16
/** All that 32-bit addresses reach. */
const MAXIMUM_PAGES = 65536

/** Instantiates the compiled module of build/netkit.wasm with a memory of its own. */
export function instantiate(module: WebAssembly.Module): CaptureInstance {
  const memory = new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum: MAXIMUM_PAGES })
  const env = {
    memory,
    abort(): never {
      throw new RangeError('netkit: out of memory in the capture module')
    },
  }
  const instance = new WebAssembly.Instance(module, { env })
  const exports = instance.exports as unknown as CaptureExports
  if (exports.ABI_VERSION.value !== ABI_VERSION) {
    throw new Error(
      `netkit.wasm has ABI version ${exports.ABI_VERSION.value}, ${ABI_VERSION} is needed: run npm run build`,
    )
  }
  return { exports, memory }
}
