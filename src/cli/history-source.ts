/** What `report` and `diff` do with the name of a history, before its code is loaded: nothing, but for one look at the folder. */
import { type HistoryPath, openHistory } from '../node/history/open-history.ts'
import { usageError } from './exit-codes.ts'

/** Null when none of the names is a history. Throws when it is named beside captures, or with flags that ask for packets. */
export async function historiesIn(
  names: readonly string[],
  most: number,
  forPackets: Readonly<Record<string, unknown>>,
): Promise<HistoryPath[] | null> {
  const found = await Promise.all(names.map(openHistory))
  const histories = found.filter((history) => history !== null)
  if (histories.length === 0) return null
  if (histories.length < found.length) throw usageError('a history and captures: one kind at a time')
  if (histories.length > most) throw usageError('one history at a time; --since and --until choose a part of it')
  for (const [name, value] of Object.entries(forPackets)) {
    if (value !== undefined && value !== false) throw usageError(`--${name}: a history has windows, and no packets`)
  }
  return histories
}
