/**
 * The other body of src/decoders/bytes.ts: an offset is an address in linear memory, and a read is one load.
 * WebAssembly is little-endian, so network order costs a byte swap.
 */

export function read8(at: i32): i32 {
  return <i32>load<u8>(at)
}

export function read16(at: i32): i32 {
  return <i32>bswap<u16>(load<u16>(at))
}

export function read32(at: i32): i32 {
  return <i32>bswap<u32>(load<u32>(at))
}

export function readLittle16(at: i32): i32 {
  return <i32>load<u16>(at)
}

export function readLittle32(at: i32): i32 {
  return load<i32>(at)
}
