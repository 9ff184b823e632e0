/** Which frames tcpdump's filter takes, and which netkit's does: frames of many captures in one file for each link type. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { compileFilter } from '../../src/filter/compile-filter.ts'
import { createParser, memorySource } from './read-capture.ts'

export interface LinkFrames {
  readonly linktype: number
  readonly file: string
  readonly bytes: Uint8Array
  readonly count: number
}

export interface SampleFrame {
  readonly linktype: number
  readonly origlen: number
  readonly bytes: Uint8Array
}

const run = promisify(execFile)
const HEADER = 24
const RECORD = 16

export class FramesByLink {
  readonly #folder = mkdtempSync(join(tmpdir(), 'netkit-verdicts-'))
  readonly #most: number
  readonly #frames = new Map<number, SampleFrame[]>()

  /** `most` frames of a link type are kept. */
  constructor(most: number) {
    this.#most = most
  }

  add(frame: SampleFrame): void {
    const list = this.#frames.get(frame.linktype) ?? []
    this.#frames.set(frame.linktype, list)
    if (list.length < this.#most) list.push({ ...frame, bytes: frame.bytes.slice() })
  }

  /** One pcap a link type, in which the n-th frame has n seconds for its time. */
  write(): LinkFrames[] {
    return [...this.#frames].map(([linktype, frames]) => {
      const bytes = pcapOf(linktype, frames)
      const file = join(this.#folder, `${linktype}.pcap`)
      writeFileSync(file, bytes)
      return { linktype, file, bytes, count: frames.length }
    })
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true })
  }
}

function pcapOf(linktype: number, frames: readonly SampleFrame[]): Uint8Array {
  const length = frames.reduce((sum, { bytes }) => sum + RECORD + bytes.length, HEADER)
  const pcap = new Uint8Array(length)
  const view = new DataView(pcap.buffer)
  view.setUint32(0, 0xa1b2c3d4, true)
  view.setUint16(4, 2, true)
  view.setUint16(6, 4, true)
  view.setUint32(16, 262144, true)
  view.setUint32(20, linktype, true)
  let at = HEADER
  frames.forEach(({ bytes, origlen }, i) => {
    view.setUint32(at, i, true)
    view.setUint32(at + 8, bytes.length, true)
    view.setUint32(at + 12, origlen, true)
    pcap.set(bytes, at + RECORD)
    at += RECORD + bytes.length
  })
  return pcap
}

/** Indices of frames, or the word that there is no such filter. */
export type Verdict = readonly number[] | 'refused'

export async function tcpdumpVerdict({ file }: LinkFrames, expression: string): Promise<Verdict> {
  const options = { encoding: 'buffer', maxBuffer: 1 << 28 } as const
  try {
    const { stdout } = await run('tcpdump', ['-n', '-r', file, '-w', '-', '--', expression], options)
    return indicesOf(stdout)
  } catch (error) {
    const said = String((error as { stderr?: unknown }).stderr)
    // The optimizer has found out that there can be no such frame.
    if (said.includes('expression rejects all packets')) return []
    return 'refused'
  }
}

function indicesOf(pcap: Buffer): number[] {
  const indices: number[] = []
  for (let at = HEADER; at < pcap.length; at += RECORD + pcap.readUInt32LE(at + 8)) indices.push(pcap.readUInt32LE(at))
  return indices
}

export async function netkitVerdict({ bytes }: LinkFrames, expression: string): Promise<Verdict> {
  try {
    const parser = createParser({ filter: compileFilter(expression) })
    const stream = parser.open(memorySource(bytes))
    const indices: number[] = []
    for (let batch = await stream.next(); batch !== null; batch = await stream.next()) {
      const times = new BigInt64Array(batch.time.buffer, batch.time.byteOffset, batch.count)
      for (const time of times) indices.push(Number(time / 1_000_000_000n))
    }
    return indices
  } catch (error) {
    if ((error as Error).name !== 'FilterError') throw error
    return 'refused'
  }
}
