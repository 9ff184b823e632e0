import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Builds the module, the JavaScript and the manifest before any test, so that no test runs on yesterday's build. */
export default function setup(): void {
  if (process.env.NETKIT_TEST_SKIP_BUILD) return
  const build = fileURLToPath(new URL('../../scripts/build.js', import.meta.url))
  execFileSync(process.execPath, [build], { stdio: 'inherit' })
}
