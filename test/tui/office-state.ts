/** What the screen is drawn from, after so many seconds of a real capture. */
import { readFileSync } from 'node:fs'
import { createEndpointNamer } from '../../src/names/endpoint-names.ts'
import { loadCaptureModule } from '../../src/node/wasm-module.ts'
import { LiveSession } from '../../src/pipeline/live-session.ts'
import type { Choices } from '../../src/tui/choices.ts'
import { GROUPINGS } from '../../src/tui/groupings.ts'
import type { ScreenState } from '../../src/tui/screen-state.ts'
import { PLAIN_STYLE } from '../../src/tui/screen-style.ts'
import { capturesFolder } from '../support/captures.ts'
import { createFakeTime } from '../support/fake-time.ts'
import { memorySource } from '../support/read-capture.ts'

export const FIRST_CHOICES: Choices = {
  page: 'table',
  grouping: GROUPINGS[0]!,
  sort: 'rate',
  windowSeconds: 5,
  units: 'Kbps',
  names: true,
  filter: '',
  typing: false,
  selected: null,
  scroll: 0,
}

/** `selectRow`: place of the row that is marked. */
export async function officeState(
  seconds: number,
  change: Partial<Choices> & { readonly selectRow?: number } = {},
  rest: Partial<ScreenState> = {},
): Promise<ScreenState> {
  const bytes = readFileSync(`${capturesFolder}office.pcapng`)
  const time = createFakeTime()
  const session = new LiveSession(
    loadCaptureModule(),
    { name: 'office.pcapng', repeatable: true, size: null, open: async () => memorySource(bytes) },
    { names: createEndpointNamer(), lagMs: 0, localClock: false, replay: { speed: 1 }, ...time },
  )
  const { selectRow, ...choices } = { ...FIRST_CHOICES, ...change }
  session.setView({
    grouping: choices.grouping.grouping,
    windowNs: BigInt(choices.windowSeconds) * 1_000_000_000n,
    sort: choices.sort,
  })
  session.start()
  await time.advance(seconds * 1000)
  const frame = session.tick()
  const selected = selectRow === undefined ? choices.selected : frame!.rows[selectRow]!.group
  return {
    title: 'office.pcapng',
    frame,
    status: session.status(),
    detail: choices.page === 'detail' ? session.detail(selected!) : null,
    choices: { ...choices, selected },
    notice: null,
    ending: null,
    nameOf: () => null,
    style: PLAIN_STYLE,
    ...rest,
  }
}
