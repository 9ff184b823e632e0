#!/usr/bin/env node
// Rebuilds what is made from source, then runs the command, so that a change is tried with one line.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const build = fileURLToPath(new URL('../scripts/build.js', import.meta.url))
const { status } = spawnSync(process.execPath, [build], { stdio: ['ignore', process.stderr, process.stderr] })
if (status !== 0) process.exit(status ?? 1)
const { start } = await import('../build/start.js')
await start(process.argv.slice(2), import.meta.url)
