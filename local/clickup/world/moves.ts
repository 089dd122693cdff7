import type { Located } from './context.ts'
import type { Actor, Emission, SilentChange } from './mutation.ts'
import { beginStay, enterStatus, findStatus } from './task-status.ts'
import { placeOf, type Tools } from './tools.ts'
import type { Folder, List, Space, Task } from './types.ts'

/** Where a task lies, as `section_moved` says it: `category` is the folder, `project` the space. */
const sectionValue = (list: List, folder: Folder, space: Space) => ({
  id: list.id,
  name: list.name,
  category: { id: folder.id, name: folder.hidden ? 'hidden' : folder.name, hidden: folder.hidden },
  project: { id: space.id, name: space.name },
})

export function moveMutations(tools: Tools) {
  /** Gives the task a status that its new list has, and tells of it only if the name had to change. */
  function adoptStatus(actor: Actor, located: Located, date: number): Emission[] {
    const { task, list } = located
    const statuses = tools.statusesOf(list)
    const same = findStatus(statuses, task.status.status)
    if (same !== undefined) {
      tools.revise(task, { status: same }, date)
      if (same.id !== task.status.id) beginStay(tools, task.id, same.id, date)
      return []
    }
    const next = statuses.find((status) => status.type === task.status.type) ?? statuses[0]
    return next === undefined ? [] : enterStatus(tools, actor, located, next, date)
  }

  /**
   * Moves a task to another home list, its subtasks with it, of which nothing is told. A webhook on either place hears of it.
   * Beside its own event and the twin, a move makes a `spaceUpdated`.
   */
  function move(actor: Actor, taskId: string, listId: string): Task {
    const from = tools.living(taskId)
    const target = tools.list(listId)
    if (from.list.id === target.id) return from.task
    const date = tools.now()
    tools.revise(from.task, { listId, otherListIds: from.task.otherListIds.filter((id) => id !== listId) }, date)
    const to = tools.living(taskId)
    const change = tools.item(actor, date, 'section_moved', listId, {
      data: { mute_notifications: true },
      before: sectionValue(from.list, from.folder, from.space),
      after: sectionValue(to.list, to.folder, to.space),
    })
    const places = [placeOf(to), placeOf(from)]
    const moved = tools.twins(to, 'taskMoved', change).map((emission) => ({ ...emission, places }))
    const silent: SilentChange[] = []
    for (const id of tools.store.tasks.subtaskIds(taskId)) {
      const subtask = tools.store.tasks.get(id)
      if (subtask === undefined || subtask.deleted) continue
      tools.revise(subtask, { listId }, date)
      adoptStatus(actor, tools.living(id), date)
      silent.push({ resource: { kind: 'task', id }, field: 'section_moved', before: subtask.listId, after: listId })
    }
    tools.tell(
      'move',
      actor,
      date,
      [
        ...moved,
        tools.hint('spaceUpdated', 'space', to.space.id, { spaceId: to.space.id }),
        ...adoptStatus(actor, to, date),
      ],
      silent,
    )
    return tools.living(taskId).task
  }

  function setOtherLists(actor: Actor, name: string, task: Task, otherListIds: readonly string[]): Task {
    const date = tools.now()
    const revised = tools.revise(task, { otherListIds }, date, !tools.habits.locationsMoveDateUpdated)
    const resource = { kind: 'task', id: task.id } as const
    tools.tell(
      name,
      actor,
      date,
      [],
      [{ resource, field: 'locations', before: task.otherListIds, after: otherListIds }],
    )
    return revised
  }

  /** Shows the task in a further list, as sprints do. No event is known for it. */
  function addToList(actor: Actor, taskId: string, listId: string): Task {
    const { task } = tools.living(taskId)
    const list = tools.list(listId)
    if (task.listId === list.id || task.otherListIds.includes(list.id)) return task
    return setOtherLists(actor, 'addToList', task, [...task.otherListIds, list.id])
  }

  function removeFromList(actor: Actor, taskId: string, listId: string): Task {
    const { task } = tools.living(taskId)
    if (!task.otherListIds.includes(listId)) return task
    const rest = task.otherListIds.filter((id) => id !== listId)
    return setOtherLists(actor, 'removeFromList', task, rest)
  }

  return { move, addToList, removeFromList }
}
