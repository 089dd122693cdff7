import { expect, test } from 'vitest'
import { isWholeRun } from '../support/whole-run.ts'

// When the report of unused rights may conclude anything from a run.
type Run = Parameters<typeof isWholeRun>[0]
const ALL = ['/test/a.test.ts', '/test/b.test.ts']
const ended = (filepath: string, state = 'pass') => ({ filepath, result: { state } })
const run = (
  files: ReturnType<Run['state']['getFiles']>,
  config: Partial<Run['config']> = {},
  errors: readonly unknown[] = [],
): Run => ({
  config: { root: '/', watch: false, project: [], ...config },
  state: { getFiles: () => files, getUnhandledErrors: () => errors },
})
const both = ALL.map((path) => ended(path))
const [first = ended('')] = both

test('all files, each run to its end or with nothing to run here, are a whole run', () => {
  expect(isWholeRun(run(both), ALL)).toBe(true)
  expect(isWholeRun(run([first, ended('/test/b.test.ts', 'skip')]), ALL)).toBe(true)
})

test.each([
  ['excluded, in another shard, or not named', run([first])],
  ['whose worker has crashed', run([first, { filepath: '/test/b.test.ts' }])],
  ['that failed', run([first, ended('/test/b.test.ts', 'fail')])],
  ['of another project', run(both, { project: ['parts'] })],
  ['of which some tests were left out by their names', run(both, { testNamePattern: /x/ })],
  ['that will be run again, with other code', run(both, { watch: true })],
  ['beside which something was thrown', run(both, {}, [new Error('late')])],
])('a run with a file %s is none', (_, part) => {
  expect(isWholeRun(part, ALL)).toBe(false)
})

test('where nothing was found nothing was run', () => {
  expect(isWholeRun(run([]), [])).toBe(false)
})
