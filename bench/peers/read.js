// A file through readSync, a mebibyte at a time: what Node needs to start and to see the bytes. Usage: node read.js FILE
import { openSync, readSync } from 'node:fs'

const buffer = new Uint8Array(1 << 20)
const file = openSync(process.argv[2], 'r')
while (readSync(file, buffer) > 0);
