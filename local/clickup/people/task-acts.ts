import { someFieldValue } from '../demo/field-value.ts'
import { description, remark, TAGS, taskName } from '../demo/words.ts'
import type { Random } from '../random.ts'
import { inApp } from '../world/mutation.ts'
import type { Priority, Task, TimeEntry } from '../world/types.ts'
import type { World } from '../world/world.ts'
import type { Crowd } from './crowd.ts'
import type { TaskActName } from './mix.ts'

const DAY = 86_400_000
const QUARTER_HOUR = 900_000

/** People never empty a workspace. */
const FEWEST_TASKS = 50

/** What people do with tasks. An act that finds nothing to do changes nothing. */
export function taskActs(world: World, random: Random, crowd: Crowd): Record<TaskActName, () => void> {
  const { store } = world
  const { someone, me, onTask, someList, someRecent, fresh } = crowd
  const deleted: string[] = []

  /** Mostly a step forward along the statuses of the task's list, sometimes back, sometimes anywhere. */
  function nextStatus(task: Task): string | undefined {
    const list = store.lists.get(task.listId)
    const statuses = list === undefined ? [] : world.statusesOf(list)
    const at = statuses.findIndex(({ id }) => id === task.status.id)
    const step = random.weighted({ forward: 8, back: 1, anywhere: 1 })
    const next = step === 'forward' ? at + 1 : step === 'back' ? at - 1 : random.int(0, statuses.length - 1)
    return statuses[next]?.status
  }

  /** Nobody gets at the time of a task that is in the bin, and no event would tell of it. */
  const isAtHand = ({ taskId }: TimeEntry) => taskId === null || world.task(taskId) !== undefined

  return {
    status: onTask((task) => {
      const status = nextStatus(task)
      if (status !== undefined) world.setStatus(me(), task.id, status)
    }),
    assign: onTask((task) => world.assign(me(), task.id, someone().id)),
    unassign: onTask((task) => {
      if (task.assigneeIds.length > 0) world.unassign(me(), task.id, random.pick(task.assigneeIds))
    }),
    comment: onTask((task) => world.comment(me(), task.id, remark(random))),
    editComment: () => {
      const comment = someRecent(store.comments)
      if (comment === undefined || world.task(comment.taskId) === undefined) return
      world.editComment(inApp(comment.userId), comment.id, `${remark(random)} (edit ${fresh()})`)
    },
    trackTime: onTask((task) => {
      const end = world.now() - random.int(0, QUARTER_HOUR)
      const start = end - random.int(1, 16) * QUARTER_HOUR
      world.trackTime(me(), { taskId: task.id, start, end, description: random.chance(0.5) ? taskName(random) : '' })
    }),
    editTime: () => {
      const entry = someRecent(store.timeEntries)
      if (entry?.end && isAtHand(entry))
        world.editTime(inApp(entry.userId), entry.id, { end: entry.end + QUARTER_HOUR })
    },
    deleteTime: () => {
      const entry = someRecent(store.timeEntries)
      if (entry !== undefined && isAtHand(entry)) world.deleteTime(inApp(entry.userId), entry.id)
    },
    priority: onTask((task) => world.setPriority(me(), task.id, random.pick<Priority | null>([1, 2, 3, 4, null]))),
    addTag: onTask((task) => world.addTag(me(), task.id, random.pick(TAGS))),
    removeTag: onTask((task) => {
      if (task.tags.length > 0) world.removeTag(me(), task.id, random.pick(task.tags).name)
    }),
    dueDate: onTask((task) => {
      const day = world.now() - (world.now() % DAY) + random.int(-3, 40) * DAY
      world.setDueDate(me(), task.id, random.chance(0.1) ? null : day)
    }),
    startDate: onTask((task) => {
      world.setStartDate(me(), task.id, world.now() - (world.now() % DAY) + random.int(-10, 10) * DAY)
    }),
    estimate: onTask((task) => world.estimate(me(), task.id, random.int(1, 40) * QUARTER_HOUR * 2)),
    points: onTask((task) => world.setPoints(me(), task.id, random.int(1, 13))),
    field: onTask((task) => {
      const list = store.lists.get(task.listId)
      const fields = list === undefined ? [] : world.fieldsOf(list)
      const field = fields.length === 0 ? undefined : random.pick(fields)
      const value = field && !random.chance(0.1) ? someFieldValue(world, field, random) : undefined
      if (field !== undefined) world.setField(me(), task.id, field.id, value)
    }),
    rename: onTask((task) => world.rename(me(), task.id, taskName(random))),
    description: onTask((task) => world.editDescription(me(), task.id, description(random))),
    newTask: () => {
      const list = someList()
      if (list === undefined) return
      const assigneeIds = random.chance(0.5) ? [someone().id] : []
      const tags = random.chance(0.2) ? [random.pick(TAGS)] : []
      world.createTask(me(), { listId: list.id, name: taskName(random), text: description(random), assigneeIds, tags })
    },
    move: onTask((task) => {
      const list = someList()
      if (list !== undefined && task.parentId === null) world.move(me(), task.id, list.id)
    }),
    otherList: onTask((task) => {
      const list = someList()
      const [other] = task.otherListIds
      if (other !== undefined) world.removeFromList(me(), task.id, other)
      else if (list !== undefined) world.addToList(me(), task.id, list.id)
    }),
    archive: onTask((task) => world.archive(me(), task.id)),
    deleteTask: onTask((task) => {
      if (store.tasks.ids().length - deleted.length < FEWEST_TASKS) return
      world.deleteTask(me(), task.id)
      deleted.push(task.id)
    }),
    restoreTask: () => {
      const id = deleted.pop()
      const task = id === undefined ? undefined : store.tasks.get(id)
      if (task?.deleted && store.lists.has(task.listId)) world.restoreTask(me(), task.id)
    },
  }
}
