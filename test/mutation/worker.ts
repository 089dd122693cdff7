import { constants, setPriority } from 'node:os'
import { Stryker } from '@stryker-mutator/core'
import * as z from 'zod'

/** One subject, in a process of its own: what Stryker says of its progress is not mixed with the result. */
const [subject = ''] = process.argv.slice(2)
const { name, mutate } = z.object({ name: z.string(), mutate: z.array(z.string()) }).parse(JSON.parse(subject))
// Whoever works on the same machine goes first.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL)

/** What the tests are made of; `tsconfig.json` is not: Stryker rewrites it by means of TypeScript's former, JavaScript API. */
const FOLDERS = ['core', 'functions', 'infra', 'local', 'test']

const results = await new Stryker({
  testRunner: 'vitest',
  plugins: [import.meta.resolve('@stryker-mutator/vitest-runner')],
  vitest: { configFile: 'test/mutation/vitest.config.ts', related: false },
  coverageAnalysis: 'perTest',
  mutate,
  concurrency: 1,
  reporters: ['progress-append-only'],
  tempDirName: `.hookline/mutation/${name}`,
  cleanTempDir: 'always',
  allowConsoleColors: false,
  ignorePatterns: [
    ...['*', '!package.json', '!hookline.config.ts'],
    ...FOLDERS.flatMap((folder) => [`!${folder}`, `!${folder}/**`]),
  ],
}).runMutationTest()
process.send?.(results)
