import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseJson } from '../../core/platform/json.ts'
import { type UsageLine, usageLineSchema } from '../aws/usage.ts'
import { whyNeverUsed } from './explained.ts'
import { shortName, textOf } from './grants.ts'

/** What every gateway of a run has written into its directory; a line that a killed process has cut is left out. */
export const readUsage = (directory: string): UsageLine[] =>
  readdirSync(directory).flatMap((file) =>
    readFileSync(join(directory, file), 'utf8')
      .split('\n')
      .flatMap((line) => usageLineSchema.safeParse(parseJson(line)).data ?? []),
  )

/** Tables under names that no template of ours makes up: restored ones, of which each stands for another. */
const isOurs = ({ resource }: UsageLine) => !resource.includes(':table/') || resource.includes(':table/Hookline-')

/** Rights that nobody has used and nothing explains, and calls that were refused: a sentence each. */
export function findingsIn(lines: readonly UsageLine[]): string[] {
  const of = (what: UsageLine['what']) =>
    new Set(
      lines
        .filter((line) => line.what === what && isOurs(line))
        .map(({ name, action, resource }) => textOf({ who: shortName(name), action, resource })),
    )
  const used = of('used')
  const unused = [...of('granted')].filter((text) => !used.has(text) && whyNeverUsed(text) === null)
  return [
    ...unused.sort().map((text) => `${text}: granted, and no test has used it`),
    ...[...of('refused')].sort().map((text) => `${text}: refused, and no test has taken it away`),
  ]
}
