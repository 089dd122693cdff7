import type { TimeEntry } from '../../world/types.ts'
import { type Call, flag } from '../call.ts'
import { personIn } from './people.ts'

/** Live answers have every number of an entry in strings, the ids of its location too; the spec's sample has numbers. */
export function renderTimeEntry(call: Call, entry: TimeEntry) {
  const { world } = call
  const inStrings = call.faults.timeEntryNumbers === 'strings'
  const number = (value: number) => (inStrings ? String(value) : value)
  const id = (value: string) => (inStrings ? value : Number(value))
  const user = world.store.users.get(entry.userId)
  const task = entry.taskId === null ? undefined : world.task(entry.taskId)
  const located = task && world.locate(task)
  const names = located && {
    list_name: located.list.name,
    folder_name: located.folder.name,
    space_name: located.space.name,
  }
  return {
    id: entry.id,
    ...(located && {
      task: {
        id: located.task.id,
        custom_id: located.task.customId,
        name: located.task.name,
        status: {
          status: located.task.status.status,
          color: located.task.status.color,
          type: located.task.status.type,
          orderindex: located.task.status.orderindex,
        },
        custom_type: null,
      },
    }),
    wid: world.workspace.id,
    user: user ? personIn(user) : null,
    billable: entry.billable,
    start: number(entry.start),
    ...(entry.end === null ? {} : { end: number(entry.end) }),
    // Of a running timer: what has passed, as a negative number.
    duration: number(entry.end === null ? Math.min(-1, entry.start - world.now()) : entry.end - entry.start),
    description: entry.description,
    tags: entry.tags,
    source: entry.source,
    at: number(entry.at),
    is_locked: false,
    approval_id: null,
    ...(located && {
      task_location: {
        list_id: id(located.list.id),
        folder_id: id(located.folder.id),
        space_id: id(located.space.id),
        ...(flag(call, 'include_location_names') ? names : {}),
      },
      ...(flag(call, 'include_task_tags') ? { task_tags: located.task.tags } : {}),
      task_url: `https://app.clickup.com/t/${located.task.id}`,
    }),
  }
}
