/** Captures that take a while to read: small frames of a few flows, numbered by their times. */
import { closeSync, openSync, writeSync } from 'node:fs'
import { pcapHeader, pcapRecord } from '../support/build-capture.ts'
import { udpFrame } from '../support/udp-frame.ts'

const FLOWS = 64
const BLOCK_FRAMES = 4096

/** A record of frame `i`: 1000 bytes on the wire, `caplen` of them captured. */
export function numberedRecord(i: number, caplen = 60): Buffer {
  const data = udpFrame({ src: `192.0.2.${1 + (i % FLOWS)}`, payload: new Uint8Array(Math.max(0, caplen - 42)) })
  return pcapRecord({ seconds: 1_700_000_000 + Math.floor(i / 1000), fraction: (i % 1000) * 1000, data, origlen: 1000 })
}

/** Writes a pcap of that many frames and gives its bytes. */
export function writeLargeCapture(path: string, frames: number, caplen = 60): number {
  const file = openSync(path, 'w')
  let length = writeSync(file, pcapHeader({}))
  const block = Buffer.concat(Array.from({ length: BLOCK_FRAMES }, (_, i) => numberedRecord(i, caplen)))
  const recordLength = block.length / BLOCK_FRAMES
  for (let i = 0; i < frames; i += BLOCK_FRAMES) {
    const count = Math.min(BLOCK_FRAMES, frames - i)
    for (let k = 0; k < count; k++) {
      block.writeUInt32LE(1_700_000_000 + Math.floor((i + k) / 1000), k * recordLength)
      block.writeUInt32LE(((i + k) % 1000) * 1000, k * recordLength + 4)
    }
    length += writeSync(file, block, 0, count * recordLength)
  }
  closeSync(file)
  return length
}

/** Four segments and more, so that several jobs have something to do. */
export const LARGE_FRAMES = 60_000
export const LARGE_CAPLEN = 1184
