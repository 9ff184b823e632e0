/** A name that was not found → those that were probably meant. */
import { distance } from 'fastest-levenshtein'

const MOST = 3

/** Nearest first, three at most: names that begin with it, or differ from it in at most a third of its letters (at least one). */
export function nearNames(name: string, names: readonly string[]): string[] {
  const wanted = name.toLowerCase()
  const tolerated = Math.max(1, Math.floor(wanted.length / 3))
  return names
    .map((candidate, index) => ({ candidate, index, edits: editsBetween(wanted, candidate.toLowerCase()) }))
    .filter(({ edits }) => edits <= tolerated)
    .sort((a, b) => a.edits - b.edits || a.index - b.index)
    .slice(0, MOST)
    .map(({ candidate }) => candidate)
}

/** What is only begun is nearly right. */
function editsBetween(wanted: string, candidate: string): number {
  if (wanted !== '' && candidate.startsWith(wanted)) return candidate === wanted ? 0 : 0.5
  return distance(wanted, candidate)
}
