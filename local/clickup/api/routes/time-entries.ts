import * as z from 'zod'
import type { Tag, TimeEntry } from '../../world/types.ts'
import { type Answer, ERRORS, ok } from '../answer.ts'
import { number, readBody } from '../body.ts'
import { actorOf, type Call, type Handler, isWorkspace, manyIn, numberIn, param, visibleTask } from '../call.ts'
import { renderTimeEntry } from '../render/time-entry.ts'

const DEFAULT_SPAN_MS = 30 * 86_400_000

const tag = z.looseObject({ name: z.string(), tag_fg: z.string().optional(), tag_bg: z.string().optional() })
const common = {
  description: z.string().optional(),
  billable: z.boolean().optional(),
  tags: z.array(tag).optional(),
  tid: z.string().optional(),
}
const createSchema = z.looseObject({
  ...common,
  start: number,
  duration: number.optional(),
  stop: number.optional(),
  end: number.optional(),
  assignee: number.optional(),
})
const startSchema = z.looseObject(common)
const updateSchema = z.looseObject({
  ...common,
  tid: z.string().nullish(),
  start: number.optional(),
  end: number.optional(),
  duration: number.optional(),
})

const tagsFrom = (call: Call, tags: z.infer<typeof tag>[] | undefined): Tag[] =>
  (tags ?? []).map(({ name, tag_fg = '#FFFFFF', tag_bg = '#BF55EC' }) => ({
    name,
    tag_fg,
    tag_bg,
    creator: call.caller.id,
  }))

/** Owners and admins see everybody's time, others their own. */
const seesAll = (call: Call) => call.caller.role <= 2

/** Whether the caller may see what the entry was spent on. Whether time on a deleted task is shown is a switch. */
function isVisible(call: Call, entry: TimeEntry): boolean {
  const { world, faults } = call
  const task = entry.taskId === null ? undefined : world.store.tasks.get(entry.taskId)
  if (task === undefined) return true
  if (task.deleted && faults.timeOfDeletedTasks === 'hidden') return false
  const located = world.locate(task)
  return located === undefined || world.isMember(located.space, call.caller.id)
}

/** By default the caller's own entries of the last 30 days. No paging. */
function listEntries(call: Call): Answer {
  const { world, faults } = call
  const given = manyIn(call, 'assignee')
  const assignees = given.flatMap((each) => each.split(',')).map(Number)
  const joined = given.some((each) => each.includes(','))
  if (joined && faults.commaJoinedAssignees === 'refused' && assignees.some((id) => id !== call.caller.id))
    return ERRORS.notYourTime
  if (assignees.some((id) => id !== call.caller.id) && !seesAll(call)) return ERRORS.notYourTime
  const whose = new Set(assignees.length === 0 ? [call.caller.id] : assignees)
  const from = numberIn(call, 'start_date') ?? world.now() - DEFAULT_SPAN_MS
  const until = numberIn(call, 'end_date') ?? Number.POSITIVE_INFINITY
  const location = (['task_id', 'list_id', 'folder_id', 'space_id'] as const).find((name) => call.query.has(name))
  const place = location === undefined ? null : call.query.get(location)

  const matches = (entry: TimeEntry): boolean => {
    const begins = faults.timeEntryWindow === 'start' ? entry.start : (entry.end ?? world.now())
    if (!whose.has(entry.userId) || begins < from || entry.start > until) return false
    if (!isVisible(call, entry)) return false
    const task = entry.taskId === null ? undefined : world.task(entry.taskId)
    const located = task && world.locate(task)
    if (location === undefined) return true
    if (located === undefined) return false
    const { list, folder, space } = located
    return { task_id: located.task.id, list_id: list.id, folder_id: folder.id, space_id: space.id }[location] === place
  }
  const found = [...world.store.timeEntries.values()].filter(matches).sort((a, b) => b.start - a.start)
  return ok({ data: found.map((entry) => renderTimeEntry(call, entry)) })
}

/** The task that a body names, if it names one. */
function taskOf(call: Call, tid: string | undefined) {
  if (tid === undefined) return { kind: 'task', id: null } as const
  const found = visibleTask(call, tid)
  return found.kind === 'refused' ? found : ({ kind: 'task', id: found.located.task.id } as const)
}

function createEntry(call: Call): Answer {
  const read = readBody(createSchema, call.body)
  if (read.kind === 'refused') return read.answer
  const { start, duration, stop, end, assignee, tid, tags, description, billable } = read.data
  const until = stop ?? end ?? (duration === undefined ? undefined : start + duration)
  if (until === undefined) return ERRORS.timeNeedsMore
  const userId = assignee ?? call.caller.id
  if (!call.world.store.users.has(userId) || (userId !== call.caller.id && !seesAll(call))) return ERRORS.notYourTime
  const task = taskOf(call, tid)
  if (task.kind === 'refused') return task.answer
  const input = { taskId: task.id, start, end: until, userId, description, billable, tags: tagsFrom(call, tags) }
  return ok({ data: renderTimeEntry(call, call.world.trackTime(actorOf(call), input)) })
}

function updateEntry(call: Call, entry: TimeEntry): Answer {
  const read = readBody(updateSchema, call.body)
  if (read.kind === 'refused') return read.answer
  const { start = entry.start, duration, description, billable, tags } = read.data
  const end = read.data.end ?? (duration === undefined ? entry.end : start + duration)
  const { tid } = read.data
  const task = taskOf(call, tid ?? undefined)
  if (task.kind === 'refused') return task.answer
  call.world.editTime(actorOf(call), entry.id, {
    taskId: tid === undefined ? entry.taskId : task.id,
    start,
    end,
    description: description ?? entry.description,
    billable: billable ?? entry.billable,
    tags: tags === undefined ? entry.tags : tagsFrom(call, tags),
  })
  return ok({})
}

const inWorkspace =
  (act: Handler): Handler =>
  (call) =>
    isWorkspace(call) ? act(call) : ERRORS.noAccess

function missing(call: Call): Answer {
  switch (call.faults.missingTimeEntry) {
    case 'TIMEENTRY_059':
      return ERRORS.notYourTime
    case 'ITEM_013':
      return ERRORS.taskNotFound
    case 'nothing':
      return ok({ data: null })
  }
}

const onEntry = (act: (call: Call, entry: TimeEntry) => Answer): Handler =>
  inWorkspace((call) => {
    const entry = call.world.store.timeEntries.get(param(call, 'timer'))
    if (entry === undefined) return missing(call)
    if (entry.userId !== call.caller.id && !seesAll(call)) return ERRORS.notYourTime
    return isVisible(call, entry) ? act(call, entry) : missing(call)
  })

export const timeEntryRoutes: Record<string, Handler> = {
  'GET /v2/team/:team/time_entries': inWorkspace(listEntries),
  'POST /v2/team/:team/time_entries': inWorkspace(createEntry),
  'GET /v2/team/:team/time_entries/current': inWorkspace((call) => {
    const running = call.world.runningTimer(numberIn(call, 'assignee') ?? call.caller.id)
    return ok({ data: running === undefined ? null : renderTimeEntry(call, running) })
  }),
  'POST /v2/team/:team/time_entries/start': inWorkspace((call) => {
    const read = readBody(startSchema, call.body)
    if (read.kind === 'refused') return read.answer
    const task = taskOf(call, read.data.tid)
    if (task.kind === 'refused') return task.answer
    call.world.stopTimer(actorOf(call))
    const { description, billable, tags } = read.data
    const input = { taskId: task.id, description, billable, tags: tagsFrom(call, tags) }
    return ok({ data: renderTimeEntry(call, call.world.startTimer(actorOf(call), input)) })
  }),
  'POST /v2/team/:team/time_entries/stop': inWorkspace((call) => {
    const stopped = call.world.stopTimer(actorOf(call))
    return stopped === undefined ? ERRORS.timeNeedsMore : ok({ data: renderTimeEntry(call, stopped) })
  }),
  'GET /v2/team/:team/time_entries/:timer': onEntry((call, entry) => ok({ data: renderTimeEntry(call, entry) })),
  'PUT /v2/team/:team/time_entries/:timer': onEntry(updateEntry),
  'DELETE /v2/team/:team/time_entries/:timer': onEntry((call, entry) => {
    const answer = renderTimeEntry(call, entry)
    call.world.deleteTime(actorOf(call), entry.id)
    return ok({ data: answer })
  }),
}
