/**
 * Memory of the module: allocations that live as long as it does. The stub runtime hands out fresh, zeroed memory from the
 * end and takes nothing back, so growing tables recycle what they outgrow (see flow-table.ts).
 */

export function allocate(bytes: usize): usize {
  return heap.alloc(bytes)
}

/** Where sums go that nobody reads: they keep loads alive whose only purpose is to bring a cache line near. */
export const SINK: usize = memory.data(4, 4)
