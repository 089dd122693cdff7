import type { EventName } from '../../../core/clickup/event-names.ts'
import type { Actor } from './mutation.ts'
import type { Tools } from './tools.ts'
import type { Priority, Task } from './types.ts'

const PRIORITIES = {
  1: { id: '1', priority: 'urgent', color: '#f50000', orderindex: '1' },
  2: { id: '2', priority: 'high', color: '#ffcc00', orderindex: '2' },
  3: { id: '3', priority: 'normal', color: '#6fddff', orderindex: '3' },
  4: { id: '4', priority: 'low', color: '#d8d8d8', orderindex: '4' },
} as const

/** A priority as the API and history items write it: a number in strings. */
export const priorityValue = (priority: Priority | null) => (priority === null ? null : PRIORITIES[priority])

const text = (value: number | null) => (value === null ? null : String(value))

/** "2 hours 30 minutes", as people see an estimate. */
function spoken(ms: number | null): string | null {
  if (ms === null) return null
  const minutes = Math.round(ms / 60_000)
  const parts = [
    minutes >= 60 ? `${Math.floor(minutes / 60)} hours` : '',
    minutes % 60 > 0 ? `${minutes % 60} minutes` : '',
  ]
  return parts.filter((part) => part !== '').join(' ')
}

export function planningMutations(tools: Tools) {
  function change(
    name: string,
    actor: Actor,
    taskId: string,
    changes: Partial<Task>,
    specific: EventName | null,
    item: { field: string; before: unknown; after: unknown; data?: Readonly<Record<string, unknown>> },
  ): Task {
    const located = tools.living(taskId)
    const date = tools.now()
    const { field, ...parts } = item
    const revised = tools.revise(located.task, changes, date)
    tools.tell(
      name,
      actor,
      date,
      tools.twins(located, specific, tools.item(actor, date, field, located.list.id, parts)),
    )
    return revised
  }

  function setPriority(actor: Actor, taskId: string, priority: Priority | null): Task {
    const { task } = tools.living(taskId)
    if (task.priority === priority) return task
    return change('setPriority', actor, taskId, { priority }, 'taskPriorityUpdated', {
      field: 'priority',
      before: priorityValue(task.priority),
      after: priorityValue(priority),
    })
  }

  function setDueDate(actor: Actor, taskId: string, dueDate: number | null, withTime = false): Task {
    const { task } = tools.living(taskId)
    if (task.dueDate === dueDate && task.dueDateTime === withTime) return task
    return change('setDueDate', actor, taskId, { dueDate, dueDateTime: withTime }, 'taskDueDateUpdated', {
      field: 'due_date',
      data: { due_date_time: withTime, old_due_date_time: task.dueDateTime },
      before: text(task.dueDate),
      after: text(dueDate),
    })
  }

  function setStartDate(actor: Actor, taskId: string, startDate: number | null, withTime = false): Task {
    const { task } = tools.living(taskId)
    if (task.startDate === startDate && task.startDateTime === withTime) return task
    return change('setStartDate', actor, taskId, { startDate, startDateTime: withTime }, null, {
      field: 'start_date',
      data: { start_date_time: withTime, old_start_date_time: task.startDateTime },
      before: text(task.startDate),
      after: text(startDate),
    })
  }

  function setPoints(actor: Actor, taskId: string, points: number | null): Task {
    const { task } = tools.living(taskId)
    if (task.points === points) return task
    return change('setPoints', actor, taskId, { points }, null, { field: 'points', before: task.points, after: points })
  }

  /** `ms` is the whole estimate in milliseconds. */
  function estimate(actor: Actor, taskId: string, ms: number | null): Task {
    const { task } = tools.living(taskId)
    if (task.timeEstimate === ms) return task
    return change('estimate', actor, taskId, { timeEstimate: ms }, 'taskTimeEstimateUpdated', {
      field: 'time_estimate',
      data: {
        time_estimate_string: spoken(ms),
        old_time_estimate_string: spoken(task.timeEstimate),
        rolled_up_time_estimate: ms ?? 0,
        time_estimate: ms ?? 0,
        time_estimates_by_user: task.assigneeIds.slice(0, 1).map((userid) => ({
          userid,
          user_time_estimate: String(ms ?? 0),
          user_rollup_time_estimate: String(ms ?? 0),
        })),
      },
      before: text(task.timeEstimate),
      after: text(ms),
    })
  }

  return { setPriority, setDueDate, setStartDate, setPoints, estimate }
}
