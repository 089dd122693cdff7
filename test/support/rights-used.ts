import { globSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { USAGE_DIRECTORY } from '../../local/aws/usage.ts'
import { findingsIn, readUsage } from '../../local/rights/usage-report.ts'
import { isWholeRun } from './whole-run.ts'

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
      const { root } = vitest.config
      const all = globSync('test/**/*.test.ts', { cwd: root }).map((path) => join(root, path))
      const findings = isWholeRun(vitest, all) ? findingsIn(readUsage(directory)) : []
      if (findings.length > 0)
        throw new Error(`The rights of the functions are not what they use:\n${findings.join('\n')}`)
    } finally {
      rmSync(directory, { recursive: true, force: true })
    }
  }
}
