import type { Actor } from './mutation.ts'
import { personOf, type Tools } from './tools.ts'
import type { Task } from './types.ts'

export function assigneeMutations(tools: Tools) {
  /** The history item of an assignment has no `before` at all. */
  function assign(actor: Actor, taskId: string, userId: number): Task {
    const located = tools.living(taskId)
    const { task, list } = located
    const user = tools.user(userId)
    if (task.assigneeIds.includes(userId)) return task
    const date = tools.now()
    const revised = tools.revise(
      task,
      {
        assigneeIds: [...task.assigneeIds, userId],
        watcherIds: task.watcherIds.includes(userId) ? task.watcherIds : [...task.watcherIds, userId],
      },
      date,
    )
    const change = tools.item(actor, date, 'assignee_add', list.id, { after: personOf(user) })
    tools.tell('assign', actor, date, tools.twins(located, 'taskAssigneeUpdated', change))
    return revised
  }

  /** How a removal looks is not documented; it mirrors the addition: `before` alone. */
  function unassign(actor: Actor, taskId: string, userId: number): Task {
    const located = tools.living(taskId)
    const { task, list } = located
    const user = tools.user(userId)
    if (!task.assigneeIds.includes(userId)) return task
    const date = tools.now()
    const revised = tools.revise(task, { assigneeIds: task.assigneeIds.filter((id) => id !== userId) }, date)
    const change = tools.item(actor, date, 'assignee_rem', list.id, { before: personOf(user) })
    tools.tell('unassign', actor, date, tools.twins(located, 'taskAssigneeUpdated', change))
    return revised
  }

  return { assign, unassign }
}
