import * as z from 'zod'
import { findStatus } from '../../world/task-status.ts'
import type { FieldValue } from '../../world/types.ts'
import { type Answer, ERRORS, invalidBody, NO_CONTENT, ok } from '../answer.ts'
import { number, priority, readBody } from '../body.ts'
import { actorOf, type Call, drawLag, flag, type Handler, param, visibleList, visibleTask } from '../call.ts'
import { readFieldInput } from '../field-input.ts'
import { renderSingleTask } from '../render/task.ts'

const planning = {
  description: z.string().optional(),
  markdown_content: z.string().optional(),
  status: z.string().optional(),
  priority: priority.nullish(),
  due_date: number.nullish(),
  due_date_time: z.boolean().optional(),
  start_date: number.nullish(),
  start_date_time: z.boolean().optional(),
  time_estimate: number.nullish(),
  points: number.nullish(),
  archived: z.boolean().optional(),
}
const createSchema = z.looseObject({
  ...planning,
  name: z.string().min(1),
  assignees: z.array(number).optional(),
  tags: z.array(z.string()).optional(),
  parent: z.string().nullish(),
  custom_item_id: z.number().int().nullish(),
  custom_fields: z.array(z.looseObject({ id: z.string(), value: z.unknown() })).optional(),
})
const updateSchema = z.looseObject({
  ...planning,
  name: z.string().min(1).optional(),
  assignees: z.object({ add: z.array(number).optional(), rem: z.array(number).optional() }).optional(),
})
type Update = z.infer<typeof updateSchema>

/** The full task, as every call that touches a single one answers it. */
export function singleTask(call: Call, taskId: string): Answer {
  const found = visibleTask({ ...call, query: new URLSearchParams() }, taskId)
  if (found.kind === 'refused') return found.answer
  const { task } = found.located
  return ok(renderSingleTask(call.world, found.located, call.listing.isArchived(task.id, task.archived)))
}

function getTask(call: Call): Answer {
  const found = visibleTask(call, param(call, 'task'), drawLag(call))
  if (found.kind === 'refused') return found.answer
  const { world, listing } = call
  const { task } = found.located
  const rendered = renderSingleTask(world, found.located, listing.isArchived(task.id, task.archived))
  const markdown = flag(call, 'include_markdown_description') ? { markdown_description: task.text } : {}
  if (!flag(call, 'include_subtasks')) return ok({ ...rendered, ...markdown })
  const subtasks = world.store.tasks.subtaskIds(task.id).flatMap((id) => {
    const subtask = world.task(id)
    const located = subtask && world.locate(subtask)
    return located ? [renderSingleTask(world, located, listing.isArchived(id, located.task.archived))] : []
  })
  return ok({ ...rendered, ...markdown, subtasks })
}

function createTask(call: Call): Answer {
  const { world } = call
  const found = visibleList(call, param(call, 'list'))
  if (found === undefined) return ERRORS.noAccess
  const read = readBody(createSchema, call.body)
  if (read.kind === 'refused') return read.answer
  const { data } = read
  const statuses = world.statusesOf(found.list)
  if (data.status !== undefined && findStatus(statuses, data.status) === undefined) return ERRORS.noSuchStatus
  if (!(data.assignees ?? []).every((id) => world.store.users.has(id))) return invalidBody('assignees: unknown user')
  if (data.parent && world.task(data.parent)?.listId !== found.list.id) return ERRORS.parentNotInList
  const fields = new Map<string, FieldValue>()
  for (const { id, value } of data.custom_fields ?? []) {
    const input = readFieldInput(world, found.list, id, value, undefined)
    if (input.kind === 'refused') return input.answer
    if (input.value !== undefined) fields.set(id, input.value)
  }
  const task = world.createTask(actorOf(call), {
    listId: found.list.id,
    name: data.name,
    text: data.markdown_content ?? data.description,
    status: data.status,
    priority: data.priority,
    assigneeIds: data.assignees,
    tags: data.tags,
    dueDate: data.due_date,
    dueDateTime: data.due_date_time,
    startDate: data.start_date,
    startDateTime: data.start_date_time,
    points: data.points,
    timeEstimate: data.time_estimate,
    parentId: data.parent,
    customItemId: data.custom_item_id ?? undefined,
    archived: data.archived,
    fields,
  })
  return singleTask(call, task.id)
}

/** Every part of the update is a change of its own, with events of its own. */
function applyUpdate(call: Call, id: string, update: Update): void {
  const { world } = call
  const actor = actorOf(call)
  const text = update.markdown_content ?? update.description
  if (update.name !== undefined) world.rename(actor, id, update.name)
  if (text !== undefined) world.editDescription(actor, id, text.trim())
  if (update.status !== undefined) world.setStatus(actor, id, update.status)
  if (update.priority !== undefined) world.setPriority(actor, id, update.priority)
  if (update.due_date !== undefined) world.setDueDate(actor, id, update.due_date, update.due_date_time)
  if (update.start_date !== undefined) world.setStartDate(actor, id, update.start_date, update.start_date_time)
  if (update.time_estimate !== undefined) world.estimate(actor, id, update.time_estimate)
  if (update.points !== undefined) world.setPoints(actor, id, update.points)
  for (const userId of update.assignees?.add ?? []) world.assign(actor, id, userId)
  for (const userId of update.assignees?.rem ?? []) world.unassign(actor, id, userId)
  if (update.archived !== undefined) world.archive(actor, id, update.archived)
}

function updateTask(call: Call): Answer {
  const { world } = call
  const found = visibleTask(call)
  if (found.kind === 'refused') return found.answer
  const { task, list } = found.located
  const read = readBody(updateSchema, call.body)
  if (read.kind === 'refused') return read.answer
  const { status } = read.data
  if (status !== undefined && findStatus(world.statusesOf(list), status) === undefined) return ERRORS.noSuchStatus
  const { add = [], rem = [] } = read.data.assignees ?? {}
  if (![...add, ...rem].every((id) => world.store.users.has(id))) return invalidBody('assignees: unknown user')
  applyUpdate(call, task.id, read.data)
  return singleTask(call, task.id)
}

export const taskRoutes: Record<string, Handler> = {
  'POST /v2/list/:list/task': createTask,
  'GET /v2/task/:task': getTask,
  'PUT /v2/task/:task': updateTask,
  'DELETE /v2/task/:task': (call) => {
    const found = visibleTask(call)
    if (found.kind === 'refused') return found.answer
    call.world.deleteTask(actorOf(call), found.located.task.id)
    return NO_CONTENT
  },
}
