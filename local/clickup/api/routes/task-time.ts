import * as z from 'zod'
import type { Located } from '../../world/context.ts'
import { intervalValue } from '../../world/time.ts'
import type { TimeEntry } from '../../world/types.ts'
import type { World } from '../../world/world.ts'
import { type Answer, ERRORS, invalidBody, ok } from '../answer.ts'
import { number, readBody } from '../body.ts'
import { actorOf, type Call, type Handler, manyIn, param, visibleTask } from '../call.ts'
import { personIn } from '../render/people.ts'

const MOST_BULK_IDS = 100
const intervalSchema = z.looseObject({ start: number.optional(), end: number.optional(), time: number.optional() })

/** Start and end of what the body describes in one of three ways. */
function spanOf(data: z.infer<typeof intervalSchema>, now: number): { start: number; end: number } | undefined {
  const { start, end, time } = data
  if (start !== undefined && end !== undefined) return { start, end }
  if (time === undefined) return undefined
  if (start !== undefined) return { start, end: start + time }
  return { start: (end ?? now) - time, end: end ?? now }
}

/** The older way to read a task's time: by person, intervals inside. */
function legacyTime(call: Call, { task }: Located): Answer {
  const byUser = new Map<number, TimeEntry[]>()
  for (const entry of call.world.entriesOf(task.id)) {
    byUser.set(entry.userId, [...(byUser.get(entry.userId) ?? []), entry])
  }
  const data = [...byUser].flatMap(([userId, entries]) => {
    const user = call.world.store.users.get(userId)
    const time = entries.reduce((sum, entry) => sum + ((entry.end ?? entry.start) - entry.start), 0)
    return user === undefined ? [] : [{ user: personIn(user), time, intervals: entries.map(intervalValue) }]
  })
  return ok({ data })
}

/** How long the task was in each status it has had, minutes rounded down. */
function timeInStatus(world: World, { task, list }: Located) {
  const totals = new Map<string, { ms: number; since: number }>()
  for (const { statusId, since, until } of world.store.stays.get(task.id) ?? []) {
    const known = totals.get(statusId)
    const ms = (known?.ms ?? 0) + ((until ?? world.now()) - since)
    totals.set(statusId, { ms, since: known?.since ?? since })
  }
  const minutes = (statusId: string) => {
    const total = totals.get(statusId)
    return { by_minute: Math.floor((total?.ms ?? 0) / 60_000), since: String(total?.since ?? task.createdAt) }
  }
  // A status of a list that the task has left is not shown.
  const history = world.statusesOf(list).filter(({ id }) => totals.has(id))
  const { status } = task
  return {
    current_status: { status: status.status, color: status.color, total_time: minutes(status.id) },
    status_history: history.map(({ id, status: name, color, type, orderindex }) => ({
      status: name,
      color,
      type,
      total_time: minutes(id),
      orderindex,
    })),
  }
}

/** Tasks that the caller cannot see are left out. */
function bulkTimeInStatus(call: Call): Answer {
  if (!call.faults.timeInStatus) return ERRORS.noTimeInStatus
  const ids = [...new Set(manyIn(call, 'task_ids'))]
  if (ids.length === 0 || ids.length > MOST_BULK_IDS) return invalidBody(`task_ids: 1 to ${MOST_BULK_IDS}`)
  const found = ids.flatMap((id) => {
    const task = visibleTask(call, id)
    return task.kind === 'refused' ? [] : [[task.located.task.id, timeInStatus(call.world, task.located)] as const]
  })
  return ok(Object.fromEntries(found))
}

const onTask =
  (act: (call: Call, located: Located) => Answer): Handler =>
  (call) => {
    const found = visibleTask(call)
    return found.kind === 'refused' ? found.answer : act(call, found.located)
  }

const onInterval = (act: (call: Call, entry: TimeEntry) => Answer): Handler =>
  onTask((call, { task }) => {
    const entry = call.world.store.timeEntries.get(param(call, 'interval'))
    return entry?.taskId === task.id ? act(call, entry) : ERRORS.timeNeedsMore
  })

export const taskTimeRoutes: Record<string, Handler> = {
  'GET /v2/task/:task/time_in_status': onTask((call, located) =>
    call.faults.timeInStatus ? ok(timeInStatus(call.world, located)) : ERRORS.noTimeInStatus,
  ),
  'GET /v2/task/bulk_time_in_status/task_ids': bulkTimeInStatus,

  'GET /v2/task/:task/time': onTask(legacyTime),
  'POST /v2/task/:task/time': onTask((call, { task }) => {
    const read = readBody(intervalSchema, call.body)
    if (read.kind === 'refused') return read.answer
    const span = spanOf(read.data, call.world.now())
    if (span === undefined) return ERRORS.timeNeedsMore
    return ok({ id: call.world.trackTime(actorOf(call), { taskId: task.id, ...span }).id })
  }),
  'PUT /v2/task/:task/time/:interval': onInterval((call, entry) => {
    const read = readBody(intervalSchema, call.body)
    if (read.kind === 'refused') return read.answer
    const span = spanOf(read.data, call.world.now())
    if (span === undefined) return ERRORS.timeNeedsMore
    call.world.editTime(actorOf(call), entry.id, span)
    return ok({})
  }),
  'DELETE /v2/task/:task/time/:interval': onInterval((call, entry) => {
    call.world.deleteTime(actorOf(call), entry.id)
    return ok({})
  }),
}
