import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/build-once.ts'],
    testTimeout: 60_000,
    // oclif's and our own output go to the real stdout, where the tests that start processes read them.
    disableConsoleIntercept: true,
    reporters: process.env.CI ? ['default', ['json', { outputFile: 'build/test-results.json' }]] : ['default'],
    coverage: { include: ['src/**/*.ts'] },
  },
})
