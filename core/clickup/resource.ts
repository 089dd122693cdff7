import type { Resource } from '../ledger/change.ts'
import { type Delivery, resourceIdSchema } from './delivery.ts'

/** The known kinds and the key that holds their id. A key result belongs to its goal, which is what can be read. */
const ID_KEYS: readonly { prefix: string; kind: string; key: string }[] = [
  { prefix: 'task', kind: 'task', key: 'task_id' },
  { prefix: 'list', kind: 'list', key: 'list_id' },
  { prefix: 'folder', kind: 'folder', key: 'folder_id' },
  { prefix: 'space', kind: 'space', key: 'space_id' },
  { prefix: 'goal', kind: 'goal', key: 'goal_id' },
  { prefix: 'keyResult', kind: 'goal', key: 'goal_id' },
]

const NOT_RESOURCES = new Set(['webhook_id', 'team_id'])

export type Named =
  | { kind: 'known'; resource: Resource }
  /** An event that nobody knows yet: its resource as well as it can be told. */
  | { kind: 'unknown'; resource: Resource }
  | { kind: 'malformed'; reason: string }

/** Which resource a delivery is about. */
export function resourceOf(delivery: Delivery): Named {
  const known = ID_KEYS.find(({ prefix }) => delivery.event.startsWith(prefix))
  if (known !== undefined) {
    const id = resourceIdSchema.safeParse(delivery.body[known.key])
    if (id.success) return { kind: 'known', resource: { kind: known.kind, id: id.data } }
    return { kind: 'malformed', reason: `${known.key} is missing or no id` }
  }
  for (const [key, value] of Object.entries(delivery.body)) {
    const kind = /^([a-z][a-z_]{0,30})_id$/.exec(key)?.[1]
    if (kind === undefined || NOT_RESOURCES.has(key)) continue
    const id = resourceIdSchema.safeParse(value)
    if (!id.success) continue
    const isKnown = ID_KEYS.some((each) => each.kind === kind)
    return { kind: isKnown ? 'known' : 'unknown', resource: { kind, id: id.data } }
  }
  const workspace = resourceIdSchema.safeParse(delivery.body['team_id'])
  return { kind: 'unknown', resource: { kind: 'workspace', id: workspace.success ? workspace.data : 'unknown' } }
}
