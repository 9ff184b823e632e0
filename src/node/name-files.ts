/** build/services.txt and build/vendors.txt, read when they are asked for: see scripts/build-names.js. */
import { readFileSync } from 'node:fs'

/** The same two steps up from src/node (tests), dist/node (the library) and the folders of build/ (the command line). */
const FOLDER = new URL('../../build/', import.meta.url)

export function readServices(): string {
  return readNames('services.txt')
}

export function readVendors(): string {
  return readNames('vendors.txt')
}

function readNames(file: string): string {
  try {
    return readFileSync(new URL(file, FOLDER), 'utf8')
  } catch (cause) {
    throw new Error(`the table of names build/${file} is missing: run npm run build`, { cause })
  }
}
