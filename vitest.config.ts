import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

const WHOLE = [
  'test/alarms/**/*.test.ts',
  'test/end-to-end/**/*.test.ts',
  'test/local-stack/**/*.test.ts',
  'test/rights/turns.test.ts',
]

export default defineConfig({
  test: {
    // Integration tests start embedded services; the first start on a cold machine takes seconds.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // One more than there are cores: those who run a whole stack wait much of their time for a queue or a process.
    maxWorkers: availableParallelism() + 1,
    // Tests make many things that live for a moment: room for them, in MB, saves some of the collecting.
    execArgv: ['--max-semi-space-size=64'],
    globalSetup: ['test/support/shared-syntheses.ts', 'test/support/compiled-once.ts', 'test/support/rights-used.ts'],
    projects: [
      // They take longest and so come first, which projects do by their names. Each file has a process of its own, as it starts and
      // kills others.
      { extends: true, test: { name: 'a whole stack', include: WHOLE } },
      // A few processes for all of them: loading the SDK and the CDK anew for each file took half as long as the tests.
      {
        extends: true,
        test: {
          ...{ name: 'parts', include: ['test/**/*.test.ts'], exclude: WHOLE, isolate: false },
          setupFiles: 'test/support/leave-nothing.ts',
        },
      },
    ],
  },
})
