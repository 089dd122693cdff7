import type { Located } from './context.ts'
import type { Actor, Emission } from './mutation.ts'
import type { Tools } from './tools.ts'
import type { Status, Task } from './types.ts'

/** A status as history items carry it. */
export const statusValue = ({ status, color, orderindex, type }: Status) => ({ status, color, orderindex, type })

/** A list's status by its name, in any case. */
export const findStatus = (statuses: readonly Status[], name: string): Status | undefined =>
  statuses.find((status) => status.status.toLowerCase() === name.toLowerCase())

/** Ends the task's time in its last status and begins that in another. */
export function beginStay(tools: Tools, taskId: string, statusId: string, date: number): void {
  const stays = tools.store.stays.get(taskId) ?? []
  const last = stays.at(-1)
  if (last) last.until = date
  stays.push({ statusId, since: date, until: null })
  tools.store.stays.set(taskId, stays)
}

/** Puts a task into a status and says so, without committing: moves need it too. */
export function enterStatus(tools: Tools, actor: Actor, located: Located, status: Status, date: number): Emission[] {
  const { task, list } = located
  const ended = status.type === 'done' || status.type === 'closed'
  tools.revise(
    task,
    {
      status,
      closedAt: status.type === 'closed' ? date : null,
      doneAt: ended ? (task.doneAt ?? date) : null,
    },
    date,
  )
  beginStay(tools, task.id, status.id, date)
  const change = tools.item(actor, date, 'status', list.id, {
    data: { status_type: status.type },
    before: statusValue(task.status),
    after: statusValue(status),
  })
  return tools.twins(located, 'taskStatusUpdated', change)
}

export function statusMutations(tools: Tools) {
  /** @throws Error if the task's list has no such status */
  function setStatus(actor: Actor, taskId: string, name: string): Task {
    const located = tools.living(taskId)
    const status = findStatus(tools.statusesOf(located.list), name)
    if (status === undefined) throw new Error(`List ${located.list.id} has no status ${name}.`)
    if (status.id !== located.task.status.id) {
      const date = tools.now()
      tools.tell('setStatus', actor, date, enterStatus(tools, actor, located, status, date))
    }
    return tools.living(taskId).task
  }

  return { setStatus }
}
