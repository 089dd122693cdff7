import { CfnQueryDefinition } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import type { Part } from '../alarms/alarm.ts'
import { QUERIES, savedAs } from './index.ts'

export type SavedQueriesProps = {
  stage: string
  /** What this stage has and others may not. */
  parts: ReadonlySet<Part>
  /** Names of log groups by whose they are: names of functions, and `api`. */
  logGroups: ReadonlyMap<string, string>
}

/** Every saved query as the console of Logs Insights lists it, with the log groups that it is about chosen already. */
export class SavedQueries extends Construct {
  constructor(scope: Construct, id: string, { stage, parts, logGroups }: SavedQueriesProps) {
    super(scope, id)
    for (const { name, logsOf, query, question, needs } of QUERIES) {
      if (needs !== undefined && !parts.has(needs)) continue
      const groups = logsOf === 'all' ? [...logGroups.values()] : logsOf.map((one) => groupOf(one, logGroups))
      new CfnQueryDefinition(this, name, {
        name: savedAs(stage, name),
        // The console shows no description: the question is a comment.
        queryString: `# ${question}\n${query}`,
        logGroupNames: groups,
      })
    }
  }
}

function groupOf(name: string, logGroups: SavedQueriesProps['logGroups']) {
  const group = logGroups.get(name)
  if (group === undefined) throw new Error(`There is no function named ${name} whose logs a saved query could read.`)
  return group
}
