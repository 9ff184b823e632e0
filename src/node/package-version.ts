/** Which netkit this is. */
import { readFileSync } from 'node:fs'

/** The same two steps up from src/node (tests) and the folders of build/. */
const LOCATION = new URL('../../package.json', import.meta.url)

export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(LOCATION, 'utf8')) as { readonly version: string }
  return version
}
