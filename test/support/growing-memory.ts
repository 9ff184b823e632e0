/**
 * The module's memory grows when a flow more has no room, at any call that counts; what was a view of it is one of nothing
 * then. When that is depends on everything that was read before. Here it is always.
 */
import { onTestFinished } from 'vitest'
import { Counter } from '../../src/capture/counter.ts'

/** Until the test ends, all views of a memory are gone whenever frames are counted. Returns how often that was so far. */
export function growWithEveryCount(): () => number {
  const memories: WebAssembly.Memory[] = []
  let times = 0
  const { Memory } = WebAssembly
  const { count } = Counter.prototype
  WebAssembly.Memory = class extends Memory {
    constructor(descriptor: WebAssembly.MemoryDescriptor) {
      super(descriptor)
      memories.push(this)
    }
  }
  Counter.prototype.count = function (this: Counter, ...frames) {
    times++
    // By nothing: a new buffer, and the old one is detached.
    for (const memory of memories) memory.grow(0)
    return count.apply(this, frames)
  }
  onTestFinished(() => {
    WebAssembly.Memory = Memory
    Counter.prototype.count = count
  })
  return () => times
}
