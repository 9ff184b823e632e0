// Rewrites what test/golden expects of the command lines with these labels, or of all.
// Usage: npm run golden [-- LABEL...]     Then read the difference before it is kept: git diff test/golden/expected
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const labels = process.argv.slice(2)
const names = labels.length === 0 ? [] : ['--testNamePattern', `^golden (${labels.join('|')}) \\w+$`]
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url))
const { status } = spawnSync(process.execPath, [vitest, 'run', 'test/golden/golden.test.ts', '--update', ...names], {
  cwd: root,
  env: { ...process.env, UPDATE_GOLDENS: '1' },
  stdio: 'inherit',
})
process.exit(status ?? 1)
