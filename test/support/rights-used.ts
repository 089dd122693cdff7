import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { USAGE_DIRECTORY } from '../../local/aws/usage.ts'
import { findingsIn, readUsage } from '../../local/rights/usage-report.ts'

/**
 * Once for the whole run, before its first worker: a place where every gateway of every process writes down which rights the
 * functions were given, which they used, and what they were refused. After a run of everything, a right that no test has used and a
 * refusal that no test has asked for fail the run: no test alone can see either.
 */
export default function setup({ vitest }: TestProject): undefined | (() => Promise<void>) {
  // Each project of the run calls it.
  if (process.env[USAGE_DIRECTORY] !== undefined) return undefined
  const directory = mkdtempSync(join(tmpdir(), 'hookline-usage-'))
  process.env[USAGE_DIRECTORY] = directory
  return async () => {
    try {
      const findings = (await isWhole(vitest)) ? findingsIn(readUsage(directory)) : []
      if (findings.length > 0)
        throw new Error(`The rights of the functions are not what they use:\n${findings.join('\n')}`)
    } finally {
      rmSync(directory, { recursive: true, force: true })
    }
  }
}

/** Whether all tests were run, and to their ends: of a part nothing can be concluded. */
async function isWhole(vitest: TestProject['vitest']): Promise<boolean> {
  const { testNamePattern, project } = vitest.config
  const ran = new Set(vitest.state.getFiles().map(({ filepath }) => filepath))
  const all = await vitest.globTestSpecifications()
  const isEverything =
    testNamePattern === undefined && project.length === 0 && all.every(({ moduleId }) => ran.has(moduleId))
  return isEverything && vitest.state.getFailedFilepaths().length === 0
}
