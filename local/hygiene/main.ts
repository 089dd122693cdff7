import { parseArgs } from 'node:util'
import { type Finding, scan } from './scan.ts'
import { filesOf, SourcesError, stagedIn } from './sources.ts'

/**
 * Refuses tokens, keys and other secrets in what git knows of this folder; with `--staged` in what the next commit brings.
 *
 *     npm run secrets [-- --staged]
 */
const { values } = parseArgs({ options: { staged: { type: 'boolean', default: false } } })

try {
  const findings: Finding[] = []
  for (const source of (values.staged ? stagedIn : filesOf)(process.cwd())) findings.push(...(await scan(source)))
  for (const { path, line, column, what } of findings) console.error(`${path}:${line}:${column}  ${what}`)
  if (findings.length > 0) {
    console.error(adviceFor(findings.length, values.staged))
    process.exitCode = 1
  }
} catch (error) {
  if (!(error instanceof SourcesError)) throw error
  console.error(error.message)
  process.exitCode = 2
}

function adviceFor(count: number, staged: boolean): string {
  const it = count === 1 ? 'it' : 'them'
  return [
    `${staged ? 'Not committed: this' : 'This'} looks like ${count === 1 ? 'a secret' : `${count} secrets`}.`,
    `Take ${it} out${staged ? ' and stage the file again' : ''};`,
    'what a test needs, it puts together at run time; and whatever was real and has left this machine is to be revoked (docs/rotation.md).',
  ].join(' ')
}
