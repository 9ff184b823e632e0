import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** Tests that start captures, terminals and servers, and wait for what these do in time: one by one, when the others are done. */
const ONE_BY_ONE = [
  'cluster/**/*',
  'faults/**/*',
  'limits/**/*',
  'live/**/*',
  'tui/**/*',
  'cli/{background-names,progress}',
  'commands/{analyze-streams,capture-start,live*,log*,traffic,untrusted-text}',
  'node/traffic/**/*',
  'node/{capture-child,child-bytes,command-source,dns-client,follow-file,process-tree,reverse-dns,rotating-file}',
  'scripts/bench',
].map((files) => `test/${files}.test.ts`)

export default defineConfig({
  test: {
    globalSetup: ['test/support/build-once.ts'],
    testTimeout: 60_000,
    // oclif's and our own output go to the real stdout, where the tests that start processes read them.
    disableConsoleIntercept: true,
    reporters: process.env.CI ? ['default', ['json', { outputFile: 'build/test-results.json' }]] : ['default'],
    coverage: { include: ['src/**/*.ts'] },
    projects: [
      {
        extends: true,
        test: {
          name: 'together',
          include: ['test/**/*.test.ts'],
          exclude: ONE_BY_ONE,
          // One less than there are, which vitest takes by itself, is one on a machine with two.
          maxWorkers: availableParallelism(),
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: 'one by one', include: ONE_BY_ONE, maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
  },
})
