import type { Actor } from './mutation.ts'
import { beginStay, findStatus, statusValue } from './task-status.ts'
import { tagIn } from './task-tags.ts'
import type { Tools } from './tools.ts'
import type { FieldValue, Priority, Task } from './types.ts'

export type TaskInput = {
  listId: string
  name: string
  text?: string | undefined
  /** One of the list's statuses; the first if left out. */
  status?: string | undefined
  priority?: Priority | null | undefined
  assigneeIds?: readonly number[] | undefined
  tags?: readonly string[] | undefined
  dueDate?: number | null | undefined
  dueDateTime?: boolean | undefined
  startDate?: number | null | undefined
  startDateTime?: boolean | undefined
  points?: number | null | undefined
  timeEstimate?: number | null | undefined
  parentId?: string | null | undefined
  customItemId?: number | undefined
  archived?: boolean | undefined
  fields?: ReadonlyMap<string, FieldValue> | undefined
}

/** How the beginning of a task's status looks in its history. */
const NO_STATUS = { status: null, color: '#000000', type: 'removed', orderindex: -1 } as const

export function creationMutations(tools: Tools) {
  const { store, ids, living } = tools

  function nextCustomId(spaceId: string, prefix: string | null): string | null {
    if (prefix === null) return null
    const number = (store.customIdCounters.get(spaceId) ?? 0) + 1
    store.customIdCounters.set(spaceId, number)
    return `${prefix}-${number}`
  }

  /** The task as it is born, in no list yet. @throws Error for an unknown list or status */
  function unborn(actor: Actor, input: TaskInput, date: number): Task {
    const list = tools.list(input.listId)
    const folder = tools.folder(list.folderId)
    const statuses = tools.statusesOf(list)
    const status = input.status === undefined ? statuses[0] : findStatus(statuses, input.status)
    if (status === undefined) throw new Error(`List ${list.id} has no status ${input.status}.`)
    const assigneeIds = [...new Set(input.assigneeIds)]
    const ended = status.type === 'done' || status.type === 'closed'
    return {
      id: ids.task(),
      customId: nextCustomId(folder.spaceId, tools.space(folder.spaceId).customIdPrefix),
      customItemId: input.customItemId ?? 0,
      name: input.name,
      text: input.text ?? '',
      status,
      orderindex: store.tasks.ids().length + 1,
      createdAt: date,
      updatedAt: date,
      closedAt: status.type === 'closed' ? date : null,
      doneAt: ended ? date : null,
      archived: input.archived ?? false,
      deleted: false,
      incarnation: 1,
      creatorId: actor.userId,
      assigneeIds,
      watcherIds: [...new Set([actor.userId, ...assigneeIds])],
      tags: (input.tags ?? []).map((name) => tagIn(tools, folder.spaceId, name, actor.userId)),
      parentId: input.parentId ?? null,
      priority: input.priority ?? null,
      dueDate: input.dueDate ?? null,
      dueDateTime: input.dueDateTime ?? false,
      startDate: input.startDate ?? null,
      startDateTime: input.startDateTime ?? false,
      points: input.points ?? null,
      timeEstimate: input.timeEstimate ?? null,
      timeSpent: null,
      fields: input.fields ?? new Map(),
      listId: input.listId,
      otherListIds: [],
      dependencies: [],
      links: [],
    }
  }

  /**
   * Assignees, tags, priority, dates and fields of a new task are part of its creation: no event of their own tells of
   * them, and the creation's history items do not hold them either.
   * @throws Error for an unknown list or status
   */
  function createTask(actor: Actor, input: TaskInput): Task {
    const date = tools.now()
    const list = tools.list(input.listId)
    const task = store.tasks.put(unborn(actor, input, date), date)
    const { status } = task
    beginStay(tools, task.id, status.id, date)

    const located = living(task.id)
    const first = tools.item(actor, date, 'status', list.id, {
      data: { status_type: status.type },
      before: NO_STATUS,
      after: statusValue(status),
    })
    const byApi = actor.via === 'api'
    const creation = tools.item(actor, date, 'task_creation', list.id, {
      data: byApi ? { via: 'api', trace_id: tools.random.text('0123456789', 19), subcategory_id: list.id } : {},
      source: byApi ? 'api' : null,
      before: null,
      after: null,
    })
    tools.tell('createTask', actor, date, [
      tools.taskEvent('taskCreated', located, [first, creation]),
      ...tools.twins(located, 'taskStatusUpdated', first),
    ])
    return task
  }

  /**
   * Puts a task with a life behind it into the world at once and untold: made now, last changed later. Many of them are
   * what an old workspace is made of, and to let each live through its changes would take minutes.
   */
  function importTask(actor: Actor, input: TaskInput, past: { updatedAt: number; timeSpent: number | null }): Task {
    const born = tools.now()
    const { updatedAt, timeSpent } = past
    const task = unborn(actor, input, born)
    const first = tools.statusesOf(tools.list(input.listId))[0]
    const ended = task.doneAt === null ? null : updatedAt
    const closed = task.closedAt === null ? null : updatedAt
    store.tasks.put({ ...task, updatedAt, timeSpent, doneAt: ended, closedAt: closed }, updatedAt)
    if (first !== undefined && first.id !== task.status.id) beginStay(tools, task.id, first.id, born)
    beginStay(tools, task.id, task.status.id, first?.id === task.status.id ? born : updatedAt)
    tools.tell('importTask', actor, born, [])
    return task
  }

  return { createTask, importTask }
}
