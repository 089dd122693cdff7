import type { Actor, Emission } from './mutation.ts'
import type { Tools } from './tools.ts'
import type { Tag, TimeEntry } from './types.ts'

export type TimeInput = {
  taskId: string | null
  start: number
  end: number
  description?: string | undefined
  billable?: boolean | undefined
  tags?: readonly Tag[] | undefined
  source?: string | undefined
  /** Whose time it is, if not the actor's. */
  userId?: number | undefined
}

/** An interval as the legacy endpoint and history items write it: strings throughout. */
export const intervalValue = (entry: TimeEntry) => ({
  id: entry.id,
  start: String(entry.start),
  end: entry.end === null ? null : String(entry.end),
  time: String((entry.end ?? entry.start) - entry.start),
  source: entry.source,
  date_added: String(entry.at),
})

type What = 'Created' | 'Edited' | 'Deleted'

export function timeMutations(tools: Tools) {
  const { store } = tools

  function entriesOf(taskId: string): TimeEntry[] {
    const entries: TimeEntry[] = []
    for (const id of store.timeEntryIdsByTask.get(taskId) ?? []) {
      const entry = store.timeEntries.get(id)
      if (entry) entries.push(entry)
    }
    return entries
  }

  function put(entry: TimeEntry): TimeEntry {
    store.timeEntries.set(entry.id, entry)
    if (entry.taskId === null) return entry
    const ofTask = store.timeEntryIdsByTask.get(entry.taskId) ?? new Set<string>()
    store.timeEntryIdsByTask.set(entry.taskId, ofTask.add(entry.id))
    return entry
  }

  /** Time that belongs to no task, or to one that is gone, changes nothing that anybody hears of. */
  function tell(
    name: string,
    actor: Actor,
    what: What,
    taskId: string | null,
    before: TimeEntry | null,
    after: TimeEntry | null,
  ) {
    const date = tools.now()
    tools.tell(name, actor, date, emissionsOf(actor, what, date, taskId, before, after))
  }

  /** Sums the task's time up anew and says so, without committing: an entry that goes elsewhere changes two tasks. */
  function emissionsOf(
    actor: Actor,
    what: What,
    date: number,
    taskId: string | null,
    before: TimeEntry | null,
    after: TimeEntry | null,
  ): Emission[] {
    const task = taskId === null ? undefined : store.tasks.get(taskId)
    const entry = after ?? before
    if (task === undefined || task.deleted || entry === null) return []
    const spent = entriesOf(task.id).reduce((sum, each) => sum + Math.max(0, (each.end ?? each.start) - each.start), 0)
    tools.revise(task, { timeSpent: spent === 0 ? null : spent }, date)
    const located = tools.living(task.id)
    const change = tools.item(actor, date, 'time_spent', located.list.id, {
      data: { total_time: String(spent), rollup_time: String(spent) },
      before: before && intervalValue(before),
      after: after && intervalValue(after),
    })
    const data = { description: `Time Tracking ${what}`, interval_id: intervalIdOf(entry.id) }
    return tools.twins(located, 'taskTimeTrackedUpdated', change).map((emission) => ({ ...emission, data }))
  }

  /** The capture that has another id here has one that is less by nine. */
  const intervalIdOf = (id: string): string => (tools.habits.intervalIdDiffers ? String(BigInt(id) - 9n) : id)

  function newEntry(actor: Actor, input: Omit<TimeInput, 'end'> & { end: number | null }): TimeEntry {
    return put({
      id: tools.ids.snowflake(),
      taskId: input.taskId,
      userId: input.userId ?? actor.userId,
      start: input.start,
      end: input.end,
      description: input.description ?? '',
      billable: input.billable ?? false,
      source: input.source ?? 'clickup',
      tags: input.tags ?? [],
      at: tools.now(),
    })
  }

  /** Puts an entry into the world untold, for a task whose sum has it already. */
  function importTime(actor: Actor, input: TimeInput): TimeEntry {
    const entry = newEntry(actor, input)
    tools.tell('importTime', actor, entry.at, [])
    return entry
  }

  /** Records time that was spent. @throws Error for an unknown task */
  function trackTime(actor: Actor, input: TimeInput): TimeEntry {
    if (input.taskId !== null) tools.living(input.taskId)
    const entry = newEntry(actor, input)
    tell('trackTime', actor, 'Created', entry.taskId, null, entry)
    return entry
  }

  /** Starts a timer. Nothing is told until it stops. */
  function startTimer(actor: Actor, input: Omit<TimeInput, 'start' | 'end'>): TimeEntry {
    const entry = newEntry(actor, { ...input, start: tools.now(), end: null })
    tools.tell('startTimer', actor, entry.start, [])
    return entry
  }

  const runningTimer = (userId: number): TimeEntry | undefined =>
    [...store.timeEntries.values()].find((entry) => entry.userId === userId && entry.end === null)

  function stopTimer(actor: Actor): TimeEntry | undefined {
    const running = runningTimer(actor.userId)
    if (running === undefined) return undefined
    const stopped = put({ ...running, end: tools.now(), at: tools.now() })
    tell('stopTimer', actor, 'Created', stopped.taskId, null, stopped)
    return stopped
  }

  type Edit = Partial<Pick<TimeEntry, 'taskId' | 'start' | 'end' | 'description' | 'billable' | 'tags'>>

  /** Also moves it to another task. @throws Error for an unknown entry or task */
  function editTime(actor: Actor, entryId: string, changes: Edit): TimeEntry {
    const before = store.timeEntries.get(entryId)
    if (before === undefined) throw new Error(`There is no time entry ${entryId}.`)
    const { taskId = before.taskId } = changes
    if (taskId === before.taskId) {
      const after = put({ ...before, ...changes, at: tools.now() })
      tell('editTime', actor, 'Edited', after.taskId, before, after)
      return after
    }
    if (taskId !== null) tools.living(taskId)
    if (before.taskId !== null) store.timeEntryIdsByTask.get(before.taskId)?.delete(entryId)
    const after = put({ ...before, ...changes, at: tools.now() })
    tellMoved(actor, before, after)
    return after
  }

  function tellMoved(actor: Actor, before: TimeEntry, after: TimeEntry): void {
    const date = tools.now()
    const twice = tools.habits.movedTimeTells === 'deletedAndCreated'
    const gone = emissionsOf(actor, 'Deleted', date, before.taskId, before, null)
    const there = emissionsOf(actor, twice ? 'Created' : 'Edited', date, after.taskId, twice ? null : before, after)
    tools.tell('moveTime', actor, date, twice ? [...gone, ...there] : there)
  }

  function deleteTime(actor: Actor, entryId: string): TimeEntry | undefined {
    const gone = store.timeEntries.get(entryId)
    if (gone === undefined) return undefined
    store.timeEntries.delete(entryId)
    if (gone.taskId !== null) store.timeEntryIdsByTask.get(gone.taskId)?.delete(entryId)
    tell('deleteTime', actor, 'Deleted', gone.taskId, gone, null)
    return gone
  }

  return { trackTime, importTime, startTimer, stopTimer, runningTimer, editTime, deleteTime, entriesOf }
}
