/**
 * The decoders as asc built them, one step at a time: how tests hold them against the decoders as tsc built them.
 * Also the switch that lets the walk go into tunnels.
 */
import { frame } from '../src/decoders/frame.ts'
import { decodeLayer } from '../src/decoders/registry.ts'
import { beginFrame } from '../src/decoders/walk.ts'

export function setTunnels(tunnels: i32, innermost: i32): void {
  frame.tunnels = tunnels
  frame.innermost = innermost
}

export function probeBegin(linktype: i32, start: i32, caplen: i32, origlen: i32): i32 {
  return beginFrame(linktype, start, caplen, origlen)
}

export function probeStep(layer: i32): i32 {
  return decodeLayer(layer)
}

/** The fields of the walk's result, by the order in which src/decoders/frame.ts declares them. */
export function frameField(index: i32): i32 {
  return load<i32>(changetype<usize>(frame) + ((<usize>index) << 2))
}
