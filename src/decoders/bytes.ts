/**
 * Reads integers out of the frame under decoding. This is the one file of src/decoders with two bodies: tsc builds this one,
 * over a DataView; asc takes assembly/bytes.ts, which loads from linear memory. Nothing here checks bounds: decoders do, once.
 *
 * All results are signed 32-bit or smaller. Network order unless the name says Little.
 */

let view: DataView = new DataView(new ArrayBuffer(0))

/** Chooses the bytes that the readers below read. Offsets count from the start of `bytes`. */
export function useBytes(bytes: Uint8Array): void {
  view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

export function read8(at: i32): i32 {
  return view.getUint8(at)
}

export function read16(at: i32): i32 {
  return view.getUint16(at)
}

/** Signed, as both builds can hold it: 0xffffffff reads as -1. */
export function read32(at: i32): i32 {
  return view.getInt32(at)
}

export function readLittle16(at: i32): i32 {
  return view.getUint16(at, true)
}

/** Signed, see {@link read32}. */
export function readLittle32(at: i32): i32 {
  return view.getInt32(at, true)
}
