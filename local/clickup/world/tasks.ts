import type { Actor, SilentChange } from './mutation.ts'
import type { Tools } from './tools.ts'
import type { Task } from './types.ts'

/** A description as history items carry it: a string that holds a Quill delta. */
const quill = (text: string, blockId: string) =>
  text === ''
    ? null
    : JSON.stringify({ ops: [{ insert: text }, { insert: '\n', attributes: { 'block-id': `block-${blockId}` } }] })

export function taskMutations(tools: Tools) {
  const { store, living } = tools

  function rename(actor: Actor, taskId: string, name: string): Task {
    const located = living(taskId)
    const { task, list } = located
    if (task.name === name) return task
    const date = tools.now()
    const revised = tools.revise(task, { name }, date)
    const change = tools.item(actor, date, 'name', list.id, { before: task.name, after: name })
    tools.tell('rename', actor, date, tools.twins(located, null, change))
    return revised
  }

  function editDescription(actor: Actor, taskId: string, text: string): Task {
    const located = living(taskId)
    const { task, list } = located
    if (task.text === text) return task
    const date = tools.now()
    const blockId = tools.random.fork(taskId).uuid()
    const revised = tools.revise(task, { text }, date)
    const change = tools.item(actor, date, 'content', list.id, {
      before: quill(task.text, blockId),
      after: quill(text, blockId),
    })
    tools.tell('editDescription', actor, date, tools.twins(located, null, change))
    return revised
  }

  /** Archives, or brings back with `archived: false`. The shape of its history item is not documented. */
  function archive(actor: Actor, taskId: string, archived = true): Task {
    const located = living(taskId)
    const { task, list } = located
    if (task.archived === archived) return task
    const date = tools.now()
    const revised = tools.revise(task, { archived }, date)
    const change = tools.item(actor, date, 'archived', list.id, { before: task.archived, after: archived })
    tools.tell('archive', actor, date, tools.twins(located, null, change))
    return revised
  }

  /** Deletes the task and its subtasks; each gets a `taskDeleted`, which says neither when nor by whom. */
  function deleteTask(actor: Actor, taskId: string): void {
    const date = tools.now()
    const subtasks = store.tasks.subtaskIds(taskId).filter((id) => store.tasks.get(id)?.deleted === false)
    const emissions = [taskId, ...subtasks].map((id) => {
      const located = living(id)
      const { name, incarnation } = located.task
      tools.revise(located.task, { deleted: true }, date, true)
      return { ...tools.taskEvent('taskDeleted', located, []), was: { name, incarnation }, is: null }
    })
    tools.tell('deleteTask', actor, date, emissions)
  }

  /**
   * Takes a task out of the bin. No event is documented for it, nor that `date_updated` moves: who is to know of it has to look.
   * @throws Error if the task is not deleted, or its list is
   */
  function restoreTask(actor: Actor, taskId: string): Task {
    const task = store.tasks.get(taskId)
    if (!task?.deleted || tools.locate(task) === undefined) throw new Error(`Task ${taskId} is in no bin.`)
    const date = tools.now()
    const revival = { deleted: false, incarnation: task.incarnation + 1 }
    const revised = tools.revise(task, revival, date, !tools.habits.restoresMoveDateUpdated)
    const silent: SilentChange[] = [
      { resource: { kind: 'task', id: taskId }, field: 'restored', before: null, after: revised.incarnation },
    ]
    tools.tell('restoreTask', actor, date, [], silent)
    return revised
  }

  return { rename, editDescription, archive, deleteTask, restoreTask }
}
