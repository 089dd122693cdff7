import type { SavedQuery } from './query.ts'
import { CLICKUP } from './topics/clickup.ts'
import { CONSUMER } from './topics/consumer.ts'
import { FOLLOW } from './topics/follow.ts'
import { INTAKE } from './topics/intake.ts'
import { MACHINERY } from './topics/machinery.ts'
import { STANDUP } from './topics/standup.ts'
import { SYNC } from './topics/sync.ts'
import { WATCHING } from './topics/watching.ts'

/** Every saved query. */
export const QUERIES: readonly SavedQuery[] = [
  ...FOLLOW,
  ...INTAKE,
  ...CONSUMER,
  ...CLICKUP,
  ...SYNC,
  ...STANDUP,
  ...WATCHING,
  ...MACHINERY,
]

/** What a query is saved as: the console shows the parts between slashes as folders. */
export const savedAs = (stage: string, name: string) => `hookline/${stage}/${name}`
