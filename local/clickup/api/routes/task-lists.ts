import type { Located } from '../../world/context.ts'
import { type Answer, ERRORS, ok } from '../answer.ts'
import { type Call, drawLag, flag, type Handler, isWorkspace, manyIn, numberIn, param, visibleList } from '../call.ts'
import { isOrder, type Question } from '../task-listing.ts'

type Test = (located: Located) => boolean

/** A filter only where the caller gave one. */
const among = (wanted: readonly string[], test: (located: Located, wanted: ReadonlySet<string>) => boolean): Test[] => {
  const set = new Set(wanted)
  return set.size === 0 ? [] : [(located) => test(located, set)]
}

/** `_gt` and `_lt` of one date; a task without that date passes neither. */
function between(call: Call, name: string, dateOf: (located: Located) => number | null): Test[] {
  const after = numberIn(call, `${name}_gt`)
  const before = numberIn(call, `${name}_lt`)
  if (after === undefined && before === undefined) return []
  return [
    (located) => {
      const date = dateOf(located)
      return date !== null && date > (after ?? Number.NEGATIVE_INFINITY) && date < (before ?? Number.POSITIVE_INFINITY)
    },
  ]
}

/** The filters that both listings share. */
function commonTests(call: Call): Test[] {
  const parent = call.query.get('parent')
  const withSubtasks = flag(call, 'subtasks') || parent !== null
  const withClosed = flag(call, 'include_closed')
  return [
    ...(withSubtasks ? [] : [({ task }: Located) => task.parentId === null]),
    ...(parent === null ? [] : [({ task }: Located) => task.parentId === parent]),
    ...(withClosed ? [] : [({ task }: Located) => task.status.type !== 'closed']),
    ...between(call, 'date_updated', ({ task }) => task.updatedAt),
    ...between(call, 'date_created', ({ task }) => task.createdAt),
    ...between(call, 'date_done', ({ task }) => task.doneAt),
    ...between(call, 'due_date', ({ task }) => task.dueDate),
    ...among(manyIn(call, 'statuses'), ({ task }, set) => set.has(task.status.status)),
    ...among(manyIn(call, 'assignees'), ({ task }, set) => task.assigneeIds.some((id) => set.has(String(id)))),
    ...among(manyIn(call, 'watchers'), ({ task }, set) => task.watcherIds.some((id) => set.has(String(id)))),
    ...among(manyIn(call, 'tags'), ({ task }, set) => task.tags.some(({ name }) => set.has(name))),
  ]
}

function question(call: Call, listId: string | undefined, matches: Question['matches']): Question {
  const order = call.query.get('order_by') ?? 'created'
  const key = new URLSearchParams(call.query)
  key.delete('page')
  key.sort()
  return {
    key: `${call.caller.id} ${listId} ${key}`,
    listId,
    updatedAfter: numberIn(call, 'date_updated_gt'),
    updatedBefore: numberIn(call, 'date_updated_lt'),
    matches,
    order: isOrder(order) ? order : 'created',
    reverse: flag(call, 'reverse'),
    page: Math.max(0, Math.trunc(numberIn(call, 'page') ?? 0)),
    lagMs: drawLag(call),
    random: call.random,
  }
}

function listTasks(call: Call): Answer {
  const found = visibleList(call, param(call, 'list'))
  if (found === undefined) return ERRORS.noAccess
  const { id } = found.list
  const withOthers = flag(call, 'include_timl')
  const archived = flag(call, 'archived')
  const tests = commonTests(call)
  const isIn = ({ task }: Located) => task.listId === id || (withOthers && task.otherListIds.includes(id))
  // A task from a space that the caller does not see answers singly as one that may not be seen; so it is not listed either.
  const isVisible = ({ space }: Located) => space.id === found.space.id || call.world.isMember(space, call.caller.id)
  const matches = (located: Located, isArchived: boolean) =>
    isIn(located) && isArchived === archived && isVisible(located) && tests.every((test) => test(located))
  const { tasks, lastPage } = call.listing.page(question(call, id, matches))
  return ok({ tasks, last_page: lastPage })
}

/** Everything in the workspace that the caller sees; what lies in an archived place counts as archived. */
function teamTasks(call: Call): Answer {
  if (!isWorkspace(call)) return ERRORS.noAccess
  const { world } = call
  const archived = flag(call, 'archived')
  const tests = [
    ...commonTests(call),
    ...among(manyIn(call, 'space_ids'), ({ space }, set) => set.has(space.id)),
    ...among(manyIn(call, 'project_ids'), ({ folder }, set) => set.has(folder.id)),
    ...among(manyIn(call, 'list_ids'), ({ list }, set) => set.has(list.id)),
  ]
  const inArchivedPlace = ({ list, folder, space }: Located) => list.archived || folder.archived || space.archived
  const matches = (located: Located, isArchived: boolean) =>
    (isArchived || inArchivedPlace(located)) === archived &&
    world.isMember(located.space, call.caller.id) &&
    tests.every((test) => test(located))
  return ok({ tasks: call.listing.page(question(call, undefined, matches)).tasks })
}

export const taskListRoutes: Record<string, Handler> = {
  'GET /v2/list/:list/task': listTasks,
  'GET /v2/team/:team/task': teamTasks,
}
