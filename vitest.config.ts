import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Integration tests start embedded services; the first start on a cold machine takes seconds.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // Every core, also where there are two: much of the time is waiting for a queue or a process.
    maxWorkers: '100%',
  },
})
