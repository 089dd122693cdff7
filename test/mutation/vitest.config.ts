import { relative } from 'node:path'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { SEED_VARIABLE, TESTS_VARIABLE } from './variables.ts'

const { [TESTS_VARIABLE]: tests = '', [SEED_VARIABLE]: seed = '1' } = process.env
const files = tests.split(',')

/** In the order in which they are named: a run ends with the first test that fails, and the quick ones are named first. */
class AsNamed extends BaseSequencer {
  override async sort(specifications: TestSpecification[]): Promise<TestSpecification[]> {
    const placeOf = ({ moduleId }: TestSpecification) => files.indexOf(relative(this.ctx.config.root, moduleId))
    return specifications.toSorted((a, b) => placeOf(a) - placeOf(b))
  }
}

/** Runs the tests of one subject and none beside them, without what whole stacks need: hundreds of times in a row. */
export default defineConfig({
  test: {
    include: files,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    isolate: false,
    setupFiles: 'test/support/leave-nothing.ts',
    sequence: { sequencer: AsNamed, shuffle: { files: false, tests: true }, seed: Number(seed) },
  },
})
