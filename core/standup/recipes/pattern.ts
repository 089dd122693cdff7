import { EVENT_SOURCE } from '../../platform/names.ts'
import { TASK_DETAIL_TYPES } from '../../publish/detail-types.ts'
import type { RecipeSettings } from '../settings.ts'

/** Of a rule in CloudFormation: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
const MAX_PATTERN = 2048

/**
 * The event pattern of what may concern recipes: tasks that come into one of their statuses, told for the first time and not
 * done by us. It keeps away what is certainly of no interest; `recipesFor` decides. Null where no recipe waits for a status.
 */
export function recipePattern(recipes: readonly RecipeSettings[]) {
  const waiting = recipes.flatMap(({ connection, on }) => (on.kind === 'status' ? [{ connection, ...on }] : []))
  if (waiting.length === 0) return null
  const statuses = [...new Set(waiting.map(({ status }) => status.trim().toLowerCase()))].sort()
  const detail = {
    connection: [...new Set(waiting.map(({ connection }) => connection))].sort(),
    origin: ['webhook', 'sweep'],
    // A change that a sweep has found has no actor.
    actor: { isSelf: [false, null, { exists: false }] },
  }
  const whole = {
    source: [EVENT_SOURCE],
    'detail-type': [TASK_DETAIL_TYPES['status'] ?? ''],
    detail: { ...detail, after: { name: statuses.map((status) => ({ 'equals-ignore-case': status })) } },
  }
  // So many statuses that they do not fit: then every change of a status comes, and the function looks.
  return JSON.stringify(whole).length <= MAX_PATTERN ? whole : { ...whole, detail }
}
