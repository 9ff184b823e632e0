/** Address families that this machine's loopback has; says which one the tests leave out. */
import { type Family, hasLoopback } from '../../../src/node/traffic/loopback.ts'

export const families = (['IPv4', 'IPv6'] as const satisfies readonly Family[]).filter((family) => {
  const there = hasLoopback(family)
  if (!there) process.stdout.write(`skipped: loopback has no ${family} address\n`)
  return there
})
