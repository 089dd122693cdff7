import type { EventName } from '../../../core/clickup/event-names.ts'
import { type Context, createLookup, type Located, type Lookup, mutation } from './context.ts'
import type { Actor, Emission, HistoryItem, HistoryUser, Place, SilentChange } from './mutation.ts'
import type { Task, User } from './types.ts'

/** What every mutation works with: the context, the readers, and ClickUp's way of telling what happened. */
export type Tools = Context & Lookup & ReturnType<typeof createWriters>

type ItemParts = Partial<Pick<HistoryItem, 'id' | 'type' | 'data' | 'source' | 'comment' | 'custom_field' | 'date'>> & {
  before?: unknown
  after?: unknown
}

/** A person without a role, as `after` of an assignment and authors of comments are. */
export const personOf = (user: User): HistoryUser => ({
  id: user.id,
  username: user.username,
  email: user.email,
  color: user.color,
  initials: user.initials,
  profilePicture: null,
})

export const placeOf = (located: Located): Place => ({
  spaceId: located.space.id,
  folderId: located.folder.id,
  listId: located.list.id,
  taskId: located.task.id,
})

export function createTools(context: Context): Tools {
  const lookup = createLookup(context.store)
  return { ...context, ...lookup, ...createWriters(context, lookup) }
}

function createWriters(context: Context, lookup: Lookup) {
  const actorOf = (actor: Actor): HistoryUser => {
    const user = lookup.user(actor.userId)
    return { ...personOf(user), role: user.role, role_subtype: 0 }
  }

  /** `before` and `after` are keys of the item only if `parts` has them. */
  const item = (actor: Actor, date: number, field: string, parentId: string, parts: ItemParts): HistoryItem => {
    const { id, type, data, source, date: otherDate, ...rest } = parts
    return {
      id: id ?? context.ids.snowflake(),
      type: type ?? 1,
      date: otherDate ?? String(date),
      field,
      parent_id: parentId,
      data: data ?? {},
      source: source ?? null,
      user: actorOf(actor),
      ...rest,
    }
  }

  const taskEvent = (event: EventName, located: Located, items: readonly HistoryItem[]): Emission => ({
    event,
    resource: { kind: 'task', id: located.task.id },
    items,
    places: [placeOf(located)],
  })

  /** A change of a task: the event of its own, if it has one, and `taskUpdated`, with the same item. */
  const twins = (located: Located, specific: EventName | null, change: HistoryItem): Emission[] => [
    ...(specific === null ? [] : [taskEvent(specific, located, [change])]),
    taskEvent('taskUpdated', located, [change]),
  ]

  /** An event without history items: it says where to look and nothing else. */
  const hint = (
    event: EventName,
    kind: 'list' | 'folder' | 'space' | 'goal',
    id: string,
    place: Partial<Place>,
    meaning: { was?: unknown; is?: unknown } = {},
  ): Emission => ({
    event,
    resource: { kind, id },
    items: null,
    places: [{ spaceId: null, folderId: null, listId: null, taskId: null, ...place }],
    ...meaning,
  })

  /** The task with some of it replaced. `date_updated` moves unless `quiet`, and never back. */
  const revise = (task: Task, changes: Partial<Task>, date: number, quiet = false): Task => {
    const updatedAt = quiet ? task.updatedAt : Math.max(date, task.updatedAt)
    return context.store.tasks.put({ ...task, ...changes, updatedAt }, context.now())
  }

  const commit = (
    name: string,
    actor: Actor,
    date: number,
    emissions: readonly Emission[],
    silent: readonly SilentChange[] = [],
  ) => context.commit(mutation(name, actor, date, emissions, silent))

  return { actorOf, item, taskEvent, twins, hint, revise, tell: commit }
}
