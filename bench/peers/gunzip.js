// A gzip file through Node's own zlib, as bare as it gets. Usage: node gunzip.js FILE
import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'

const MEBIBYTE = 1 << 20
let bytes = 0
const input = createReadStream(process.argv[2], { highWaterMark: MEBIBYTE })
for await (const piece of input.pipe(createGunzip({ chunkSize: MEBIBYTE }))) bytes += piece.length
process.stdout.write(`${bytes} bytes\n`)
