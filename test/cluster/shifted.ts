/** A capture again and again, each time later: large captures with names, conversations and windows. pcap, little-endian. */

const HEADER = 24
const RECORD = 16

/** `times` copies, each `seconds` after the one before, the first `from` seconds later than the original. */
export function shifted(capture: Buffer, times: number, seconds: number, from = 0): Buffer {
  const records = capture.subarray(HEADER)
  const whole = Buffer.alloc(HEADER + times * records.length)
  capture.copy(whole, 0, 0, HEADER)
  for (let i = 0; i < times; i++) {
    const start = HEADER + i * records.length
    records.copy(whole, start)
    for (let at = start; at < start + records.length; at += RECORD + whole.readUInt32LE(at + 8)) {
      whole.writeUInt32LE(whole.readUInt32LE(at) + from + i * seconds, at)
    }
  }
  return whole
}
