/**
 * Frames through the decoders: both builds step by step, the typed API, and the module's bulk path.
 *
 * The bulk path reads frames out of captures, with one poison behind each and with others: what it says of a frame is what the walk
 * says, and depends on no byte behind the captured ones. An input is a link type and an original length (u32 each, little-endian), then the frame.
 */
import {
  KEY_ALL,
  KEY_DESTINATION,
  KEY_DESTINATION_PORT,
  KEY_ICMP,
  KEY_SOURCE,
  KEY_SOURCE_PORT,
} from '../../src/abi/key-fields.ts'
import type { FlowRow } from '../../src/capture/flow-row.ts'
import { type Basis, Parser } from '../../src/capture/parser.ts'
import { formatDecodeFault } from '../../src/decoders/decode-fault.ts'
import { decodeFrame } from '../../src/decoders/decode-frame.ts'
import { frame } from '../../src/decoders/frame.ts'
import { icmpAnswer } from '../../src/decoders/icmp-answers.ts'
import { loadCaptureModule } from '../../src/node/wasm-module.ts'
import { BothBuilds } from '../../test/support/both-builds.ts'
import { ALL_LINKTYPES } from '../../test/support/walk-inputs.ts'
import { ENHANCED_PACKET, SECTION_HEADER, viewOf } from '../framing.ts'
import { memorySource } from '../memory-source.ts'
import { concat } from '../mutate-bytes.ts'
import { mutateFrame } from '../mutate-frame.ts'
import { Random } from '../random.ts'
import type { Seeds } from '../seeds.ts'
import { Finding, type Target } from '../target.ts'

/** Frames of one call: each is an input of its own, in captures together. */
const BATCH = 64
const HEAD = 8
const MAX_FRAME = 4096
/** Without tunnels; into tunnels; into tunnels, counting by the innermost header. */
const MODES = [
  { tunnels: false, innermost: false },
  { tunnels: true, innermost: false },
  { tunnels: true, innermost: true },
]
/** What stands behind frames: nothing, everything, and lengths of any kind. */
const POISONS = [new Uint8Array(128), new Uint8Array(128).fill(0xff), new Random('poison').bytes(128)]
const PAIR = KEY_SOURCE | KEY_DESTINATION | KEY_SOURCE_PORT | KEY_DESTINATION_PORT
const BULK: readonly { keyFields: number; basis: Basis; inner: boolean }[] = [
  { keyFields: PAIR, basis: 'frame', inner: false },
  { keyFields: KEY_ALL, basis: 'frame', inner: false },
  { keyFields: KEY_ALL | KEY_ICMP, basis: 'ip', inner: false },
  { keyFields: KEY_ALL, basis: 'payload', inner: true },
]

export async function decodersTarget(seeds: Seeds): Promise<Target> {
  const builds = await BothBuilds.create()
  let stopped = 0
  let frames = 0

  function generateOne(random: Random): Uint8Array {
    const seed = random.pick(seeds.frames)
    let bytes = seed.bytes
    for (let changes = random.below(5); changes >= 0; changes--) {
      bytes = mutateFrame(bytes, seed.linktype, random.pick(seeds.frames).bytes, random)
    }
    bytes = bytes.subarray(0, MAX_FRAME)
    const linktype = random.oneIn(8) ? random.pick(ALL_LINKTYPES) : seed.linktype
    const missing = random.oneIn(3) ? random.pick([1, 20, 1460, 0x7fffffff, 0xfffff000]) : 0
    const head = new Uint8Array(HEAD)
    viewOf(head).setUint32(0, linktype, true)
    viewOf(head).setUint32(4, bytes.length + missing, true)
    return concat(head, bytes)
  }

  function checkWalks({ linktype, origlen, bytes, walks }: Frame): void {
    for (const mode of MODES) {
      const difference = builds.compare({ bytes, linktype, origlen, ...mode })
      if (difference !== null) throw new Finding(`builds differ: ${difference}`)
      walks.push({ ...frame })
    }
    const { layers, fault, payload } = decodeFrame(bytes, linktype, { origlen })
    frames++
    if (payload.start < 0 || payload.end > bytes.length) throw new Finding(`payload [${payload.start}, ${payload.end})`)
    for (const { offset } of layers) if (offset > bytes.length) throw new Finding(`a header at ${offset}`)
    if (fault === null) return
    stopped++
    formatDecodeFault(fault)
  }

  return {
    name: 'decoders',
    generate: (random) => Array.from({ length: BATCH }, () => generateOne(random)),
    async check(inputs) {
      const all = inputs.filter(({ length }) => length >= HEAD).map(frameOf)
      for (const one of all) checkWalks(one)
      for (const options of BULK) await checkBulk(all, options)
    },
    reset() {
      bulkParsers.clear()
    },
    notes: () => `${stopped} of ${frames} frames not decoded to their end`,
    close: () => Promise.resolve(),
  }
}

interface Frame {
  readonly linktype: number
  readonly origlen: number
  readonly bytes: Uint8Array
  /** What the walk found, by mode. */
  readonly walks: (typeof frame)[]
}

function frameOf(input: Uint8Array): Frame {
  const view = viewOf(input)
  const bytes = input.subarray(HEAD)
  return { linktype: view.getUint32(0, true) & 0xffff, origlen: view.getUint32(4, true), bytes, walks: [] }
}

const bulkParsers = new Map<object, Parser>()
/** Of the 65,536 that a module keeps. */
const MOST_INTERFACES = 50_000

/** What the bulk path says of the frames, behind each poison. */
async function checkBulk(frames: readonly Frame[], options: (typeof BULK)[number]): Promise<void> {
  let parser = bulkParsers.get(options)
  if (parser === undefined || parser.interfaceCount > MOST_INTERFACES) {
    parser = new Parser(loadCaptureModule(), { ...options, chunkBytes: 1 << 16 })
    bulkParsers.set(options, parser)
  }
  let expected: string | null = null
  const capture = new PoisonedCapture(frames)
  for (const poison of POISONS) {
    const said = await readBulk(parser, capture.bytesWith(poison), frames, options)
    expected ??= said
    if (said !== expected) throw new Finding(`bytes behind a frame change what is said of it: ${said} for ${expected}`)
  }
}

const OPTION_BYTES = 80
/** Around a frame in its block: before it 28 bytes; behind it padding, an option and its end, the length again. */
const BLOCK_BYTES = 28 + 3 + 4 + OPTION_BYTES + 4 + 4
const SECTION_BYTES = 28
const INTERFACE_BYTES = 20

/** Enhanced Packet Blocks, each with padding and an option right behind the frame, which hold what is asked for. */
class PoisonedCapture {
  readonly #bytes: Uint8Array
  readonly #behind: (readonly [start: number, end: number])[] = []

  constructor(frames: readonly Frame[]) {
    const linktypes = [...new Set(frames.map(({ linktype }) => linktype))]
    const most = frames.reduce((sum, { bytes }) => sum + bytes.length + BLOCK_BYTES, 0)
    const bytes = new Uint8Array(SECTION_BYTES + INTERFACE_BYTES * linktypes.length + most)
    const view = viewOf(bytes)
    let at = 0
    const u32 = (value: number) => {
      view.setUint32(at, value, true)
      at += 4
    }
    for (const word of [SECTION_HEADER, SECTION_BYTES, 0x1a2b3c4d, 1, 0xffffffff, 0xffffffff, SECTION_BYTES]) u32(word)
    for (const linktype of linktypes) for (const word of [1, INTERFACE_BYTES, linktype, 0, INTERFACE_BYTES]) u32(word)
    for (const { linktype, origlen, bytes: data } of frames) {
      const padding = -data.length & 3
      const length = BLOCK_BYTES - 3 + padding + data.length
      for (const word of [ENHANCED_PACKET, length, linktypes.indexOf(linktype), 0, 0, data.length, origlen]) u32(word)
      bytes.set(data, at)
      at += data.length
      this.#behind.push([at, at + padding])
      at += padding
      u32(0x8bad | (OPTION_BYTES << 16))
      this.#behind.push([at, at + OPTION_BYTES])
      at += OPTION_BYTES
      u32(0)
      u32(length)
    }
    this.#bytes = bytes.subarray(0, at)
  }

  bytesWith(poison: Uint8Array): Uint8Array {
    for (const [start, end] of this.#behind) this.#bytes.set(poison.subarray(0, end - start), start)
    return this.#bytes
  }
}

async function readBulk(
  parser: Parser,
  capture: Uint8Array,
  frames: readonly Frame[],
  options: (typeof BULK)[number],
): Promise<string> {
  parser.forgetFlows()
  const firstInterface = parser.interfaceCount
  const stream = parser.open(memorySource(capture))
  const said: string[] = []
  let seen = 0
  for (let batch = await stream.next(); batch !== null; batch = await stream.next()) {
    for (let i = 0; i < batch.count; i++) {
      compareWithWalk(frames[seen++]!, options, parser.flows.row(batch.flow[i]!), batch.length[i]!, batch.stop[i]!)
      said.push(`${batch.flow[i]}`)
    }
  }
  if (stream.fault !== null) throw new Finding(`a sound capture is unreadable: ${stream.fault.message}`)
  await parser.close(stream)
  for (let id = 0; id < parser.flows.size; id++) {
    const row = parser.flows.row(id)
    const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')
    said.push(`${Math.max(0, row.interface - firstInterface)}`, text(row.source) + text(row.destination))
    said.push(text(row.sourceMac) + text(row.destinationMac))
  }
  return said.join(' ')
}

/** The bulk path takes short cuts; what it says of a frame is what the walk says. */
function compareWithWalk(
  { origlen, walks }: Frame,
  { basis, inner, keyFields }: (typeof BULK)[number],
  row: FlowRow,
  length: number,
  stop: number,
): void {
  const walk = walks[inner ? 2 : 0]!
  const counted = { frame: origlen, ip: walk.ipLength >>> 0, payload: walk.payloadLength >>> 0 }[basis]
  const vlan = keyFields === PAIR ? 0 : walk.vlan >>> 0
  const bulk = `${stop} ${length} ${row.family} ${row.protocol} ${row.sourcePort} ${row.destinationPort} ${row.vlan}`
  const protocol = walk.protocol & 0xffff
  const [sourcePort, destinationPort] = portsOf(walk, keyFields)
  const walked = `${walk.stopReason} ${counted} ${walk.family} ${protocol} ${sourcePort} ${destinationPort} ${vlan}`
  if (bulk !== walked) throw new Finding(`the bulk path says ${bulk}, the walk ${walked}`)
}

/** With KEY_ICMP those of ICMP are its type, and the type that answers it or its code. */
function portsOf({ icmp, protocol, sourcePort, destinationPort }: typeof frame, keyFields: number): [number, number] {
  if (icmp < 0 || (keyFields & KEY_ICMP) === 0) return [sourcePort, destinationPort]
  const answer = icmpAnswer(protocol, icmp >> 8)
  return [icmp >> 8, answer < 0 ? icmp & 0xff : answer]
}
