import type { FakeClickUp } from '../clickup/server.ts'
import { inApp } from '../clickup/world/mutation.ts'
import { FIELD, type Places } from './config.ts'

/** Where the turns work: made ready with a field, and with a status to change to. */
export function placesIn({ world }: FakeClickUp): Places {
  const task = world.tasks().find(({ archived, parentId }) => !archived && parentId === null)
  if (task === undefined) throw new Error(EMPTY)
  const { listId } = task
  world.createField(inApp(somebody({ world })), { name: FIELD, type: 'text', place: { kind: 'list', id: listId } })
  const list = world.store.lists.get(listId)
  const folder = world.store.folders.get(list?.folderId ?? '')
  const space = world.store.spaces.get(folder?.spaceId ?? '')
  if (space === undefined) throw new Error('The first list is in no folder')
  const statuses = list?.statuses ?? folder?.statuses ?? space.statuses
  const other = statuses.find(({ id, type }) => id !== task.status.id && type === 'custom')
  if (other === undefined) throw new Error('The first list has one status only')
  return { taskId: task.id, listId, spaceId: space.id, status: other.status }
}

/** Another task each time: a turn must not find what the one before it has left. Nobody is told of it but by the turn. */
export function taskSource({ world, webhooks, faults }: FakeClickUp, { listId }: Pick<Places, 'listId'>): () => string {
  let made = 0
  return () => {
    made += 1
    const { silentWebhooks } = faults
    faults.silentWebhooks = [...webhooks.all()].map(({ id }) => id)
    const { id } = world.createTask(inApp(somebody({ world })), { name: `Turn ${made}`, listId })
    faults.silentWebhooks = silentWebhooks
    return id
  }
}

function somebody({ world }: Pick<FakeClickUp, 'world'>): number {
  const person = world.users().find(({ bot }) => !bot)
  if (person === undefined) throw new Error(EMPTY)
  return person.id
}
const EMPTY = 'The demo workspace is empty'
