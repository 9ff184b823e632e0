// The full screen on a file, without the command around it: node test/tui/screen-harness.js FILE [speed] [ms until it crashes]
import { parseUnits } from '../../dist/loggers/units.js'
import { createEndpointNamer } from '../../dist/names/endpoint-names.js'
import { openFile } from '../../dist/node/open-source.js'
import { loadCaptureModule } from '../../dist/node/wasm-module.js'
import { LiveSession } from '../../dist/pipeline/live-session.js'
import { runScreen } from '../../dist/tui/run-screen.js'

const [path, speed = '1', crashAfter] = process.argv.slice(2)
const input = { name: path, repeatable: true, size: null, open: () => openFile(path) }
const epochNs = BigInt(Date.now()) * 1_000_000n
const session = new LiveSession(loadCaptureModule(), input, {
  names: createEndpointNamer(),
  lagMs: 0,
  localClock: false,
  replay: { speed: Number(speed) },
  now: () => epochNs + process.hrtime.bigint(),
  pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
})
if (crashAfter !== undefined) {
  setTimeout(() => {
    throw new Error('a crash on purpose')
  }, Number(crashAfter))
}
const { stdin, stdout } = process
try {
  await runScreen(session, { title: path.split('/').at(-1), units: parseUnits('Kbps'), stdin, stdout })
} catch (error) {
  process.stderr.write(`netkit: ${error.message}\n`)
  process.exitCode = 1
}
await session.close()
