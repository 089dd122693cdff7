import type { Scenario } from '../scenario.ts'
import { backfill, backfill100k, backfillKilled } from './backfill.ts'
import { bulkEdit } from './bulk-edit.ts'
import { census } from './census.ts'
import { deadToken } from './dead-token.ts'
import { hotTask } from './hot-task.ts'
import { largeWorkspace } from './large-workspace.ts'
import { outage } from './outage.ts'
import { lyingHeaders, rateLimitStorm } from './rate-limit-storm.ts'
import { slowClickUp } from './slow-clickup.ts'
import { sweep } from './sweep.ts'
import { laggingTrickle, trickle } from './trickle.ts'
import { twentyWorkers } from './twenty-workers.ts'

/** Every row of the table, in its order. */
export const SCENARIOS: readonly Scenario[] = [
  bulkEdit,
  hotTask,
  trickle,
  laggingTrickle,
  largeWorkspace,
  outage,
  slowClickUp,
  deadToken,
  twentyWorkers,
  rateLimitStorm,
  lyingHeaders,
  backfill,
  backfillKilled,
  sweep,
  census,
]

/** Played only by name: it takes long. */
export const BY_NAME: readonly Scenario[] = [backfill100k]
