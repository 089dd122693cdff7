import type { Emission } from '../world/mutation.ts'

/** The keys that name what an event is about; live deliveries of task events also name the workspace. */
function idsOf({ resource }: Emission, workspaceId: string): Record<string, string> {
  switch (resource.kind) {
    case 'task':
      return { task_id: resource.id, team_id: workspaceId }
    case 'list':
      return { list_id: resource.id }
    case 'folder':
      return { folder_id: resource.id }
    case 'space':
      return { space_id: resource.id }
    case 'goal':
      return { goal_id: resource.id }
    case 'keyResult':
      return { goal_id: resource.goalId, key_result_id: resource.id }
  }
}

/** A delivery's body, made once for all the webhooks that hear of the event: only the last key differs. */
export function bodyFor(emission: Emission, workspaceId: string): (webhookId: string) => Buffer {
  const { event, items, data } = emission
  const text = JSON.stringify({
    event,
    ...(items === null ? {} : { history_items: items }),
    ...idsOf(emission, workspaceId),
    ...(data === undefined ? {} : { data }),
  })
  const open = text.slice(0, -1)
  return (webhookId) => Buffer.from(`${open},"webhook_id":${JSON.stringify(webhookId)}}`)
}
