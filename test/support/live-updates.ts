/** A capture, played as fast as it goes → what `live --web` would tell pages of it. */
import { readFileSync } from 'node:fs'
import { parseBy } from '../../src/engine/by.ts'
import { createEndpointNamer } from '../../src/names/endpoint-names.ts'
import { loadCaptureModule } from '../../src/node/wasm-module.ts'
import { feedTables } from '../../src/pipeline/live-feed.ts'
import { LiveSession } from '../../src/pipeline/live-session.ts'
import { LiveUpdates } from '../../src/pipeline/live-updates.ts'
import type { LiveStart, LiveUpdate } from '../../src/report/live-messages.ts'
import { createFakeTime } from './fake-time.ts'
import { memorySource } from './read-capture.ts'

export interface Told {
  readonly start: LiveStart
  readonly updates: readonly LiveUpdate[]
  /** Frames that were read. */
  readonly frames: number
  readonly bytes: number
}

export async function toldOf(path: string, { by = 'pair', top = 1000 } = {}): Promise<Told> {
  const tables = feedTables(by, parseBy(by), 'frame')
  const updates: LiveUpdate[] = []
  const told: LiveUpdates = new LiveUpdates({ tables, top, status: () => session.status() })
  const time = createFakeTime()
  const open = async () => memorySource(readFileSync(path))
  const session: LiveSession = new LiveSession(
    loadCaptureModule(),
    { name: path, repeatable: true, size: null, open },
    {
      names: createEndpointNamer(),
      lagMs: 0,
      localClock: false,
      replay: { speed: 1000 },
      ...time,
      onClosed: (closed, world) => void updates.push(...told.take(closed, world)),
    },
  )
  session.start()
  while (session.status().state !== 'ended') await time.advance(100)
  const { frames, bytes } = session.status()
  const start: LiveStart = {
    netkit_version: '0.0.0',
    command: 'netkit live',
    title: path,
    source: 'recording',
    units: 'auto',
    basis: 'frame',
    tables: tables.map(({ grouping: _, ...table }) => table),
    top,
    sort: 'bytes',
  }
  return { start, updates: structuredClone(updates), frames, bytes }
}
