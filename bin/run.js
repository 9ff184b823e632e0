#!/usr/bin/env node
import { start } from '../build/start.js'

await start(process.argv.slice(2), import.meta.url)
